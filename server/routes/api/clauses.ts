import { z } from 'zod';
import { answerKinds } from '../../../shared/clauses.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { excludeClause, includeClause } from '../../desk/clauses.ts';
import { statementAsked } from '../../desk/statement.ts';
import { HttpProblem } from '../../problem.ts';
import { clauseStatuses } from '../../review/clause-evidence.ts';
import type { AnswerStatement, ClauseStatement } from '../../review/clauses.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['clauses'];
const reading = { caller: 'organization:reports.read' } as const;
const writing = { caller: 'organization:registers.write' } as const;
const cursors = cursorsOf('clauses', z.int());

const Status = z.enum(clauseStatuses);
const AsOf = z.iso.date().optional().describe('How it stood when this day (UTC) ended; now without it');
const One = z.object({ clause: z.string().max(40) });
const Exclusion = z.object({ reason: z.string(), by: z.string(), until: z.string() });
const Shown = z.object({
  id: z.string(),
  chapter: z.string(),
  text: z.string(),
  status: Status,
  reason: z.string().describe('What decides the status'),
  kinds: z.array(z.enum(answerKinds)).describe('What answers it'),
  exclusion: Exclusion.nullable(),
});
const Answer = z.object({
  reference: z.string(),
  title: z.string(),
  status: Status,
  sentence: z.string().describe('The numbers behind it'),
});

const show = ({ id, chapter, text, status, reason, kinds, exclusion }: ClauseStatement) => ({
  id,
  chapter,
  text,
  status,
  reason,
  kinds: [...kinds],
  exclusion: exclusion && {
    reason: exclusion.reason,
    by: exclusion.by,
    until: exclusion.until.toISOString(),
  },
});
const showAnswer = ({ reference, title, status, sentence }: AnswerStatement) => ({
  reference,
  title,
  status,
  sentence,
});

/** The company's policy, sentence by sentence, with where each stands. */
export const clauseApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/clauses', {
    config: reading,
    schema: {
      tags,
      summary: 'Every sentence of the policy with where it stands, in its order',
      querystring: Paging.extend({ status: Status.optional(), asOf: AsOf }),
      response: { 200: pageOf('clauses', Shown) },
    },
    async handler(request) {
      const { limit, status } = request.query;
      const place = cursors.placeOf(request.query) ?? -1;
      const { clauses } = await statementAsked(stores, request, now());
      // A policy's sentences have their order; what comes to it is another version of it.
      const found = clauses
        .map((clause, index) => ({ clause, index }))
        .filter(({ clause, index }) => index > place && (status === undefined || clause.status === status));
      const { shown, next } = cursors.page(found, limit, ({ index }) => index);
      return { clauses: shown.map(({ clause }) => show(clause)), next };
    },
  });

  app.get('/clauses/:clause', {
    config: reading,
    schema: {
      tags,
      summary: 'One sentence, with what answers it and the numbers behind that',
      params: One,
      querystring: z.strictObject({ asOf: AsOf }),
      response: {
        200: Shown.extend({
          answers: z.array(Answer),
          supports: z.array(Answer),
          notes: z.array(z.string()),
          conflicts: z.array(
            z.object({
              text: z.string(),
              measured: z.string(),
              cannotBeMet: z.boolean(),
              proposal: z.string().nullable(),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const { clauses } = await statementAsked(stores, request, now());
      const clause = clauses.find(({ id }) => id === request.params.clause);
      if (clause === undefined) throw new HttpProblem('not-found');
      return {
        ...show(clause),
        answers: clause.answers.map(showAnswer),
        supports: clause.supports.map(showAnswer),
        notes: [...clause.notes],
        conflicts: clause.conflicts.map(({ text, measured, cannotBeMet, proposal }) => ({
          text,
          measured,
          cannotBeMet,
          proposal: proposal ?? null,
        })),
      };
    },
  });

  app.put('/clauses/:clause/exclusion', {
    config: writing,
    schema: {
      tags,
      summary: 'Say that a sentence does not apply, until a day',
      params: One,
      body: z
        .strictObject({ reason: z.string().max(2_000), until: z.iso.date() })
        .meta({ examples: [{ reason: 'Nobody works from abroad this year.', until: '2027-06-30' }] }),
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const given = { ...request.body, clause: request.params.clause };
      if (!(await excludeClause(stores, number, given, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });

  app.delete('/clauses/:clause/exclusion', {
    config: writing,
    schema: { tags, summary: 'Say that it applies again', params: One, response: { 204: z.null() } },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      if (!(await includeClause(stores, number, request.params.clause, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });
};
