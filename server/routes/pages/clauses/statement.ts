import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../../caller.ts';
import { statementAsked } from '../../../desk/statement.ts';
import { parseClauseQuery } from '../../../pages/clauses/addresses.ts';
import { ClausesPage } from '../../../pages/clauses/clauses.tsx';
import { type ClauseStatement, clauseCounts } from '../../../review/clauses.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';

/** Every sentence of the organization's policy, filtered by the address. */
export const statementRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/clauses', {
    config: { caller: 'organization:reports.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const moment = now();
      const { id, name } = organizationOf(request);
      const { policy, set, clauses, asOf } = await statementAsked(stores, request, moment);
      const query = { ...parseClauseQuery(request.query), asOf };
      const words = query.search.toLowerCase();
      const matches = (clause: ClauseStatement) =>
        (query.status === null || clause.status === query.status) &&
        (query.kind === null || clause.kinds.includes(query.kind)) &&
        (query.chapter === null || clause.chapter === query.chapter) &&
        (words === '' || `${clause.id} ${clause.text}`.toLowerCase().includes(words));
      return sendPage(reply, ClausesPage, {
        viewer: viewerOf(request),
        now: moment.toISOString(),
        organization: { id, name },
        policy: { id: policy.id, version: policy.version },
        company: set?.company ?? null,
        chapters: Object.entries(set?.chapters ?? {})
          .map(([chapter, title]) => ({ id: chapter, title }))
          .toSorted((a, b) => Number(a.id) - Number(b.id)),
        query,
        counts: clauseCounts(clauses),
        total: clauses.length,
        clauses: clauses.filter(matches).map((clause) => ({
          id: clause.id,
          chapter: clause.chapter,
          text: clause.text,
          status: clause.status,
          reason: clause.reason,
          kinds: clause.kinds,
          conflicts: clause.conflicts.length > 0,
        })),
        gaps: set?.gaps ?? [],
      });
    },
  });
};
