import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import { filterOf } from '../../../desk/audit.ts';
import { csv } from '../../../exports/csv.ts';
import { parseAuditQuery } from '../../../pages/audit/addresses.ts';
import { AuditPage } from '../../../pages/audit/audit.tsx';
import type { AuditFilter } from '../../../storage/audit-search.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { teller } from './entries.ts';

const Params = z.object({ organization: z.string().max(40) });
const Query = z.record(z.string(), z.unknown());

/** Entries on one page, and read at once for a download. */
const pageSize = 50;
const slice = 500;

/** The audit log of an organization: to read, to search, to take along. */
export const auditRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/audit', {
    config: { caller: 'organization:audit.read' },
    schema: { hide: true, params: Params, querystring: Query },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      const { number, id, name } = organization;
      const query = parseAuditQuery(request.query);
      const filter = await filterOf(stores, number, query);
      const [found, members, chain] = await Promise.all([
        filter === undefined
          ? []
          : stores.audit.search(number, filter, query.before ?? undefined, pageSize + 1),
        stores.members.list(number),
        stores.audit.chainState(at),
      ]);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'audit.view', subject: id },
        at,
      );
      const entries = await teller(stores, organization)(found.slice(0, pageSize));
      return sendPage(reply, AuditPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        query,
        entries: entries.map((entry) => ({
          number: entry.number,
          at: entry.at.toISOString(),
          actor: entry.actorName,
          ...entry.sentence,
        })),
        older: found.length > pageSize ? (entries.at(-1)?.number ?? null) : null,
        actors: [
          ...members.map((member) => ({ id: `user:${member.id}`, name: member.name })),
          { id: 'console', name: 'The collector’s terminal' },
          { id: 'collector', name: 'The collector itself' },
        ],
        chain:
          chain === undefined
            ? null
            : {
                ...chain,
                altered: chain.altered
                  .filter(({ organization: of }) => of === number)
                  .map(({ kind, id: altered }) => ({
                    kind,
                    id: altered,
                  })),
                at: chain.at.toISOString(),
              },
      });
    },
  });

  app.get('/organizations/:organization/audit.csv', {
    config: { caller: 'organization:audit.read' },
    schema: { hide: true, params: Params, querystring: Query },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      const { number, id } = organization;
      const filter = await filterOf(stores, number, parseAuditQuery(request.query));
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'audit.download', subject: id },
        at,
      );
      const tell = teller(stores, organization);
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="audit-${at.toISOString().slice(0, 10)}.csv"`)
        .type('text/csv; charset=utf-8')
        .send(Readable.from(rowsOf(filter)));

      /** A slice at a time, so that a log of years needs no more memory than a page. */
      async function* rowsOf(asked: AuditFilter | undefined): AsyncGenerator<string> {
        yield csv([
          ['Entry', 'Time (UTC)', 'Who', 'Did what', 'Actor', 'Action', 'Subject', 'Detail', 'SHA-256'],
        ]);
        let before: number | undefined;
        while (asked !== undefined) {
          const found = await stores.audit.search(number, asked, before, slice);
          const rows = (await tell(found)).map((entry) => [
            entry.number,
            entry.at.toISOString(),
            entry.actorName,
            entry.sentence.parts.map(({ text }) => text).join(''),
            entry.actor,
            entry.action,
            entry.subject,
            JSON.stringify(entry.detail),
            entry.digest,
          ]);
          // The mark of the encoding stands at the beginning of the file only.
          if (rows.length > 0) yield csv(rows).replace(/^\uFEFF/, '');
          if (found.length < slice) return;
          before = found.at(-1)?.number;
        }
      }
    },
  });
};
