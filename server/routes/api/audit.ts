import { z } from 'zod';
import { auditKinds } from '../../audit-actions.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { filterOf } from '../../desk/audit.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const Entry = z.object({
  number: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string().describe('`user:<id>`, `token:<id>`, `device:<id>`, `console` or `collector`'),
  action: z.string(),
  subject: z.string().describe('Id of what was acted on'),
  detail: z.record(z.string(), z.unknown()),
  digest: z.string().describe('SHA-256 in hex, chained to the entry before'),
});

const cursors = cursorsOf('audit', z.int());

/** The audit log of an organization, for programs. */
export const auditApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/audit', {
    config: { caller: 'organization:audit.read' },
    schema: {
      summary: 'The audit log of an organization, newest first',
      tags: ['audit'],
      querystring: Paging.extend({
        actor: z
          .string()
          .regex(/^(console|collector|(user|token|device):[0-9a-f-]{36})$/)
          .optional(),
        kind: z.enum(auditKinds).optional(),
        device: z
          .string()
          .regex(/^D-[0-9A-Z]{8}$/)
          .optional()
          .describe('Pseudonym of a laptop'),
        from: z.iso.date().optional().describe('First day, UTC'),
        to: z.iso.date().optional().describe('Last day, UTC'),
      }),
      response: { 200: pageOf('entries', Entry) },
    },
    async handler(request) {
      const { number, id } = organizationOf(request);
      const { limit, actor = '', kind = null, device = '', from = '', to = '' } = request.query;
      const filter = await filterOf(stores, number, { actor, kind, device, from, to });
      const found =
        filter === undefined
          ? []
          : await stores.audit.search(number, filter, cursors.placeOf(request.query), limit + 1);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'audit.view', subject: id },
        now(),
      );
      const { shown, next } = cursors.page(found, limit, (entry) => entry.number);
      return {
        entries: shown.map((entry) => ({
          number: entry.number,
          at: entry.at.toISOString(),
          actor: entry.actor,
          action: entry.action,
          subject: entry.subject,
          detail: { ...entry.detail },
          digest: entry.digest,
        })),
        next,
      };
    },
  });

  app.get('/audit/chain', {
    config: { caller: 'organization:audit.read' },
    schema: {
      summary: 'Whether every entry of the log still follows the one before it, as far as was looked',
      tags: ['audit'],
      response: {
        200: z.object({
          at: z.string().nullable().describe('When the whole chain was gone through; null while it is'),
          entries: z.number(),
          head: z
            .string()
            .nullable()
            .describe(
              'SHA-256 of the newest entry, in hex: write it down to know later that nothing before it was taken away',
            ),
          brokenAt: z.number().nullable().describe('The first entry that does not follow'),
          altered: z
            .array(z.object({ kind: z.enum(['policy', 'waiver', 'record']), id: z.string() }))
            .describe(
              'Policies (by version), waivers and register records of the organization that are not as the log noted them: changed from outside',
            ),
        }),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const chain = await stores.audit.chainState(now());
      return {
        at: chain?.at.toISOString() ?? null,
        entries: chain?.entries ?? 0,
        head: chain?.head ?? null,
        brokenAt: chain?.brokenAt ?? null,
        altered: (chain?.altered ?? []).flatMap(({ organization, kind, id }) =>
          organization === number ? [{ kind, id }] : [],
        ),
      };
    },
  });
};
