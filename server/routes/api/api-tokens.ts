import { z } from 'zod';
import { actorOf, organizationOf, permissionsHeld, signedIn } from '../../caller.ts';
import { makeToken } from '../../desk/api-tokens.ts';
import { tokenScopes } from '../../permissions.ts';
import { HttpProblem } from '../../problem.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['people'];
const cursors = cursorsOf('api-tokens', z.string().max(40));
const Scope = z.enum(tokenScopes as [(typeof tokenScopes)[number]]);

const Shown = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['good', 'expired', 'revoked']),
  createdAt: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().nullable(),
});

/** Tokens for programs. No token makes another: that takes somebody signed in. */
export const apiTokenApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/api-tokens', {
    config: { caller: 'organization:people.read' },
    schema: {
      summary: 'Every token there was, in the order they were made',
      tags,
      querystring: Paging,
      response: { 200: pageOf('tokens', Shown) },
    },
    async handler(request) {
      const at = now();
      const { number } = organizationOf(request);
      const all = behind(await stores.apiTokens.list(number), cursors.placeOf(request.query));
      const { shown, next } = cursors.page(all, request.query.limit, ({ id }) => id);
      return {
        tokens: shown.map(({ id, name, scopes, createdAt, expiresAt, usedAt, revokedAt }) => ({
          id,
          name,
          scopes: [...scopes],
          state:
            revokedAt !== null
              ? ('revoked' as const)
              : expiresAt <= at
                ? ('expired' as const)
                : ('good' as const),
          createdAt: createdAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          usedAt: usedAt?.toISOString() ?? null,
        })),
        next,
      };
    },
  });

  app.post('/api-tokens', {
    config: { caller: 'organization:people.manage', answersOnce: true },
    schema: {
      summary: 'Make a token; it is shown this once',
      tags,
      body: z
        .strictObject({
          name: z.string().trim().min(1).max(60),
          scopes: z.array(Scope).max(tokenScopes.length),
          days: z.int().min(1).max(365),
        })
        .meta({ examples: [{ name: 'Nightly numbers', scopes: ['fleet.read'], days: 90 }] }),
      response: { 201: z.object({ id: z.string(), token: z.string(), expiresAt: z.string() }) },
    },
    async handler(request, reply) {
      const { user } = signedIn(request);
      const { number } = organizationOf(request);
      const maker = { user, may: permissionsHeld(request) };
      const { id, token, expiresAt } = await makeToken(stores, number, request.body, maker, now());
      return reply.code(201).send({ id, token, expiresAt: expiresAt.toISOString() });
    },
  });

  app.delete('/api-tokens/:token', {
    config: { caller: 'organization:people.manage' },
    schema: {
      summary: 'Revoke a token: it is refused from then on',
      tags,
      params: z.object({ token: z.string().max(40) }),
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      if (!(await stores.apiTokens.revoke(number, request.params.token, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });
};
