import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import { statementAsked } from '../../../desk/statement.ts';
import { statementCsv } from '../../../exports/statement-csv.ts';
import { HttpProblem } from '../../../problem.ts';
import type { PageOptions } from '../send-page.ts';

const schema = {
  hide: true,
  params: z.object({ organization: z.string().max(40) }),
  querystring: z.record(z.string(), z.unknown()),
};

/** The statement to take away, as PDF or as a table; that it was taken is in the audit log. */
export const statementExportRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function make(request: FastifyRequest, format: 'pdf' | 'csv') {
    const madeAt = now();
    const organization = organizationOf(request);
    const statement = await statementAsked(stores, request, madeAt);
    const { set } = statement;
    if (set === undefined) throw new HttpProblem('not-found');
    await stores.audit.record(
      {
        organization: organization.number,
        actor: actorOf(request),
        action: 'clauses.export',
        subject: organization.id,
        detail: { format, asOf: statement.asOf },
      },
      madeAt,
    );
    return { ...statement, set, organization, madeAt };
  }

  const attach = (reply: FastifyReply, at: Date, format: 'pdf' | 'csv') =>
    reply
      .header('cache-control', 'no-store')
      .header(
        'content-disposition',
        `attachment; filename="clause-statement-${at.toISOString().slice(0, 10)}.${format}"`,
      );

  app.get('/organizations/:organization/clauses.csv', {
    config: { caller: 'organization:reports.read' },
    schema,
    async handler(request, reply) {
      const { clauses, at } = await make(request, 'csv');
      return attach(reply, at, 'csv')
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(statementCsv(clauses));
    },
  });

  app.get('/organizations/:organization/clauses.pdf', {
    config: { caller: 'organization:reports.read' },
    schema,
    async handler(request, reply) {
      const { organization, policy, set, clauses, at, madeAt } = await make(request, 'pdf');
      const { statementPdf } = await import('../../../exports/statement-pdf.ts');
      const pdf = await statementPdf({
        organization: organization.name,
        company: set.company,
        policy: { id: policy.id, version: policy.version },
        chapters: set.chapters,
        clauses,
        gaps: set.gaps,
        asOf: at,
        madeAt,
      });
      return attach(reply, at, 'pdf').type('application/pdf').send(pdf);
    },
  });
};
