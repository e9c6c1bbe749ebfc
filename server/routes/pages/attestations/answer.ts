import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answerProblem, attestationAnswers } from '../../../../shared/attestation-answer.ts';
import { limitGuesses } from '../../../limit-guesses.ts';
import { attestationAddresses } from '../../../pages/attestations/addresses.ts';
import { AnsweredPage, AnswerPage } from '../../../pages/attestations/answer.tsx';
import { HttpProblem } from '../../../problem.ts';
import type { OpenQuestion } from '../../../storage/attestations/answers.ts';
import { type PageOptions, sendPage } from '../send-page.ts';

const Code = z.string().max(100);

/** Where people answer by their personal link: no account, one answer. */
export const answerRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  const attempts = limitGuesses({
    max: 20,
    codeOf: ({ query, body }) => ((body ?? query) as { code?: string } | null)?.code,
    isGood: async (code) => (await stores.attestations.byCode(code)) !== undefined,
  });
  const dead = 'It was answered already, replaced by a newer one, or cut off while it was copied.';

  async function view(code: string, question: OpenQuestion) {
    const organization = await stores.organizations.byNumber(question.organization);
    if (organization === undefined) throw new HttpProblem('not-found');
    const { title, statement, periodFrom, dueAt } = question.campaign;
    return {
      code,
      organization: organization.name,
      contact: organization.contact,
      title,
      statement,
      periodFrom: periodFrom.toISOString().slice(0, 10),
      due: dueAt.toISOString().slice(0, 10),
    };
  }

  app.get(attestationAddresses.answer, {
    config: { caller: 'public', ...attempts },
    schema: { hide: true, querystring: z.object({ code: Code.default('') }) },
    async handler(request, reply) {
      const { code } = request.query;
      const question = await stores.attestations.byCode(code);
      if (question === undefined) return sendPage(reply.code(410), AnsweredPage, { problem: dead });
      return sendPage(reply, AnswerPage, await view(code, question));
    },
  });

  app.post(attestationAddresses.answer, {
    config: { caller: 'public', ...attempts },
    schema: {
      hide: true,
      body: z.object({
        code: Code,
        answer: z.enum(attestationAnswers).optional(),
        reason: z.string().max(2_000).default(''),
      }),
    },
    async handler(request, reply) {
      const { code, answer, reason } = request.body;
      const question = await stores.attestations.byCode(code);
      if (question === undefined) return sendPage(reply.code(410), AnsweredPage, { problem: dead });
      const shown = await view(code, question);
      const problem = answerProblem(answer, reason);
      if (problem !== undefined || answer === undefined) {
        return sendPage(reply.code(422), AnswerPage, { ...shown, chosen: answer, reason, problem });
      }
      const kept = await stores.attestations.answer(
        question,
        { answer, reason: reason.trim() },
        'link',
        now(),
      );
      return kept
        ? sendPage(reply, AnsweredPage, { organization: shown.organization })
        : sendPage(reply.code(410), AnsweredPage, { problem: dead });
    },
  });
};
