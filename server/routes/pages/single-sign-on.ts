import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addresses } from '../../pages/addresses.ts';
import { SignInPage } from '../../pages/sign-in.tsx';
import {
  type AccessOptions,
  beginSession,
  clearStep,
  ownPath,
  setStep,
  signInWays,
  stepMinutes,
  stepOf,
} from './begin-session.ts';
import { sendPage } from './send-page.ts';

/** Signing in by the company's own identity provider, where one is configured: nobody gets an account by it. */
export const singleSignOnRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;
  const { singleSignOn } = access;
  if (singleSignOn === undefined) return;

  app.get(addresses.singleSignOn, {
    config: { caller: 'public', rateLimit: { max: 20, timeWindow: 60_000 } },
    schema: { hide: true, querystring: z.object({ next: z.string().max(2_000).optional() }) },
    async handler(request, reply) {
      const next = ownPath(request.query.next);
      try {
        const { address, detail } = await singleSignOn.begin(
          new URL(addresses.singleSignOnReturn, access.origin(request)).href,
        );
        const until = new Date(now().getTime() + stepMinutes * 60_000);
        const step = { user: null, detail: { ...detail, next } };
        setStep(access, request, reply, await stores.signInSteps.begin('single-sign-on', step, until));
        return reply.redirect(address, 303);
      } catch (error) {
        request.log.error({ err: error }, 'the identity provider does not answer');
        return sendPage(reply.code(502), SignInPage, {
          next,
          ...signInWays(access, request),
          problem: 'The identity provider does not answer. Try again in a moment, or sign in another way.',
        });
      }
    },
  });

  app.get(addresses.singleSignOnReturn, {
    config: { caller: 'public', rateLimit: { max: 20, timeWindow: 60_000 } },
    schema: { hide: true, querystring: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const origin = access.origin(request);
      const step = await stores.signInSteps.take(stepOf(request), 'single-sign-on', now());
      clearStep(reply);
      const { state, nonce, verifier, next } = step?.detail ?? {};
      if (state === undefined || nonce === undefined || verifier === undefined) {
        return reply.redirect(addresses.signIn, 303);
      }
      let email: string | undefined;
      try {
        email = await singleSignOn.finish(new URL(request.url, origin), { state, nonce, verifier });
      } catch (error) {
        request.log.info({ err: error }, 'a sign-in by the identity provider was refused');
      }
      const user = email === undefined ? undefined : await stores.users.byEmail(email);
      if (user === undefined || user.disabled) {
        return sendPage(reply.code(401), SignInPage, {
          next: ownPath(next),
          ...signInWays(access, request),
          problem:
            'Nobody here has the address the identity provider vouches for. Ask an administrator to invite you.',
        });
      }
      await beginSession(options, request, reply, user, 'single-sign-on');
      return reply.redirect(ownPath(next), 303);
    },
  });
};
