import { z } from 'zod';
import { actorOf } from '../../caller.ts';
import { parseAuditQuery } from '../../pages/audit/addresses.ts';
import { filterOf } from '../pages/audit/entries.ts';
import { organizationOf } from '../pages/viewer.ts';
import type { ApiRoutes } from './options.ts';

const Entry = z.object({
  number: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string().describe('`user:<id>`, `token:<id>`, `device:<id>`, `console` or `collector`'),
  action: z.string(),
  subject: z.string().describe('Id of what was acted on'),
  detail: z.record(z.string(), z.unknown()),
  digest: z.string().describe('SHA-256 in hex, chained to the entry before'),
});

/** The audit log of an organization, for programs. */
export const auditApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/audit', {
    config: { caller: 'organization:audit.read' },
    schema: {
      summary: 'The audit log of an organization, newest first',
      tags: ['audit'],
      querystring: z.object({
        actor: z.string().max(50).optional(),
        kind: z.string().max(20).optional(),
        device: z.string().max(20).optional().describe('Pseudonym of a laptop'),
        from: z.string().max(10).optional().describe('First day, UTC'),
        to: z.string().max(10).optional().describe('Last day, UTC'),
        before: z.string().max(15).optional().describe('`next` of the page before'),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: { 200: z.object({ entries: z.array(Entry), next: z.number().int().nullable() }) },
    },
    async handler(request) {
      const { number, id } = organizationOf(request);
      const { limit, ...asked } = request.query;
      const query = parseAuditQuery(asked);
      const filter = await filterOf(stores, number, query);
      const found =
        filter === undefined
          ? []
          : await stores.audit.search(number, filter, query.before ?? undefined, limit + 1);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'audit.view', subject: id },
        now(),
      );
      const entries = found.slice(0, limit);
      return {
        entries: entries.map((entry) => ({
          number: entry.number,
          at: entry.at.toISOString(),
          actor: entry.actor,
          action: entry.action,
          subject: entry.subject,
          detail: { ...entry.detail },
          digest: entry.digest,
        })),
        next: found.length > limit ? (entries.at(-1)?.number ?? null) : null,
      };
    },
  });
};
