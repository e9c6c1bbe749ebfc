import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import { excludeClause, includeClause } from '../../../desk/clauses.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { statementAsked } from '../../../desk/statement.ts';
import { addresses } from '../../../pages/addresses.ts';
import { attestationAddresses } from '../../../pages/attestations/addresses.ts';
import { clauseAddresses } from '../../../pages/clauses/addresses.ts';
import { type AnswerView, ClausePage } from '../../../pages/clauses/clause.tsx';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import { HttpProblem } from '../../../problem.ts';
import { registerById } from '../../../registers/index.ts';
import type { AnswerStatement } from '../../../review/clauses.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';

const Params = z.object({ organization: z.string().max(40), clause: z.string().max(40) });

/** One sentence of the policy, and saying that it does not apply. */
export const clauseRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function send(request: FastifyRequest, reply: FastifyReply, wanted: string, problem?: string) {
    const moment = now();
    const { id, name } = organizationOf(request);
    const { set, clauses, asOf } = await statementAsked(stores, request, moment);
    const clause = clauses.find((candidate) => candidate.id === wanted);
    if (clause === undefined) throw new HttpProblem('not-found');
    const answer = (statement: AnswerStatement): AnswerView => ({
      title: statement.title,
      status: statement.status,
      sentence: statement.sentence,
      asked: statement.asked ?? null,
      address: listBehind(id, statement, asOf),
    });
    return sendPage(reply.code(problem === undefined ? 200 : 422), ClausePage, {
      viewer: viewerOf(request),
      now: moment.toISOString(),
      organization: { id, name },
      asOf,
      id: clause.id,
      chapter: `${clause.chapter} ${set?.chapters[clause.chapter] ?? ''}`,
      text: clause.text,
      status: clause.status,
      reason: clause.reason,
      answers: clause.answers.map(answer),
      supports: clause.supports.map(answer),
      notes: clause.notes,
      conflicts: clause.conflicts.map(({ text, measured, cannotBeMet, proposal }) => ({
        text,
        measured,
        cannotBeMet,
        proposal: proposal ?? null,
      })),
      exclusion: clause.exclusion && {
        reason: clause.exclusion.reason,
        by: clause.exclusion.by,
        until: clause.exclusion.until.toISOString(),
      },
      problem,
    });
  }

  app.get('/organizations/:organization/clauses/:clause', {
    config: { caller: 'organization:reports.read' },
    schema: { hide: true, params: Params, querystring: z.record(z.string(), z.unknown()) },
    handler: (request, reply) => send(request, reply, request.params.clause),
  });

  app.post('/organizations/:organization/clauses/:clause/exclude', {
    config: { caller: 'organization:registers.write' },
    schema: {
      hide: true,
      params: Params,
      body: z.looseObject({ reason: z.string().max(2_000), until: z.string().max(20) }),
    },
    async handler(request, reply) {
      const { clause } = request.params;
      const { number, id } = organizationOf(request);
      const given = { clause, reason: request.body.reason, until: request.body.until };
      try {
        if (!(await excludeClause(stores, number, given, actorOf(request), now()))) {
          throw new HttpProblem('not-found');
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return send(request, reply, clause, error.message);
      }
      return reply.redirect(clauseAddresses.clause(id, clause), 303);
    },
  });

  app.post('/organizations/:organization/clauses/:clause/include', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const { clause } = request.params;
      const { number, id } = organizationOf(request);
      if (!(await includeClause(stores, number, clause, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.redirect(clauseAddresses.clause(id, clause), 303);
    },
  });
};

/** Where the numbers of an answer can be counted. */
function listBehind(
  organization: string,
  { answer, laptops }: AnswerStatement,
  asOf: string | null,
): string | null {
  if (answer.kind === 'check') {
    const { check, point } = answer;
    return `${addresses.check(organization, check, { point, status: laptops ?? 'unknown', asOf })}#laptops`;
  }
  // Registers and campaigns are listed as they are now.
  if (asOf !== null) return null;
  if (answer.kind === 'register') {
    return registerById(answer.register) === undefined
      ? null
      : registerAddresses.register(organization, answer.register);
  }
  return answer.kind === 'attestation' ? attestationAddresses.attestations(organization) : null;
}
