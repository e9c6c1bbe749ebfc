import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf, permissionsHeld, signedIn } from '../../../caller.ts';
import { makeToken } from '../../../desk/api-tokens.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { peopleAddresses } from '../../../pages/people/addresses.ts';
import { ApiTokensPage, type ApiTokensView, type ApiTokenView } from '../../../pages/people/api-tokens.tsx';
import { tokenScopes } from '../../../permissions.ts';
import { HttpProblem } from '../../../problem.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { Csrf, Params } from './people.ts';
import { doneWords } from './words.ts';

const Scope = z.enum(tokenScopes as [(typeof tokenScopes)[number]]);

/** Tokens for programs: made, listed, revoked. */
export const apiTokenRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    more: Pick<ApiTokensView, 'made' | 'problem' | 'done'> = {},
  ): Promise<FastifyReply> {
    const at = now();
    const viewer = viewerOf(request);
    const { number, id, name } = organizationOf(request);
    const tokens = await stores.apiTokens.list(number);
    const makers = await Promise.all(tokens.map(({ createdBy }) => stores.users.byNumber(createdBy)));
    const names = await stores.members.names(number);
    return sendPage(reply.code(more.problem === undefined ? 200 : 422), ApiTokensPage, {
      viewer,
      now: at.toISOString(),
      organization: { id, name },
      scopes: tokenScopes.filter((scope) => viewer.may.includes(scope)),
      tokens: tokens.map(
        (token, index): ApiTokenView => ({
          id: token.id,
          name: token.name,
          scopes: token.scopes,
          madeBy: names.get(makers[index]?.id ?? '') ?? null,
          expiresAt: token.expiresAt.toISOString(),
          usedAt: token.usedAt?.toISOString() ?? null,
          state: token.revokedAt !== null ? 'revoked' : token.expiresAt <= at ? 'expired' : 'good',
        }),
      ),
      ...more,
    });
  }

  app.get('/organizations/:organization/api-tokens', {
    config: { caller: 'organization:people.read' },
    schema: { hide: true, params: Params, querystring: z.object({ done: z.string().max(20).optional() }) },
    handler: (request, reply) => send(request, reply, { done: doneWords[request.query.done ?? ''] }),
  });

  app.post('/organizations/:organization/api-tokens', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf: Csrf,
        name: z.string().trim().min(1).max(60),
        // A form sends one as a word and several as a list.
        scopes: z.union([Scope.transform((one) => [one]), z.array(Scope)]).default([]),
        days: z.coerce.number().int().min(1).max(365),
      }),
    },
    async handler(request, reply) {
      const at = now();
      const { user } = signedIn(request);
      const { number } = organizationOf(request);
      const maker = { user, may: permissionsHeld(request) };
      try {
        const { token } = await makeToken(stores, number, request.body, maker, at);
        return await send(request, reply, { made: token });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return send(request, reply, { problem: error.message });
      }
    },
  });

  app.post('/organizations/:organization/api-tokens/:token/revoke', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: Params.extend({ token: z.string().max(40) }),
      body: z.object({ csrf: Csrf }),
    },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      if (!(await stores.apiTokens.revoke(number, request.params.token, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.redirect(`${peopleAddresses.apiTokens(id)}?done=revoked`, 303);
    },
  });
};
