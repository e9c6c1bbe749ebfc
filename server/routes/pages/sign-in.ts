import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sessionCookie } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import { SignInLinkPage, SignInPage } from '../../pages/sign-in.tsx';
import { verifyPassword } from '../../password.ts';
import type { User } from '../../storage/users.ts';
import {
  type AccessOptions,
  beginSession,
  clearStep,
  ownPath,
  secondFactorDuty,
  setStep,
  signInWays,
  stepMinutes,
} from './begin-session.ts';
import { sendPage } from './send-page.ts';

const Text = z.string().max(2_000);
const attempts = { rateLimit: { max: 10, timeWindow: 60_000 } };

/** Signing in by password or by a one-time link, and out again. */
export const signInRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;
  const { failures } = access;

  app.get(addresses.signIn, {
    config: { caller: 'public' },
    schema: { hide: true, querystring: z.object({ next: Text.optional() }) },
    handler: (request, reply) =>
      sendPage(reply, SignInPage, {
        next: ownPath(request.query.next),
        ...signInWays(access, request),
      }),
  });

  app.post(addresses.signIn, {
    config: { caller: 'public', ...attempts },
    schema: {
      hide: true,
      body: z.object({ email: z.string().max(320), password: z.string().max(1_000), next: Text.optional() }),
    },
    async handler(request, reply) {
      const { email, password } = request.body;
      const next = ownPath(request.body.next);
      const again = (code: number, problem: string) =>
        sendPage(reply.code(code), SignInPage, {
          email,
          next,
          problem,
          ...signInWays(access, request),
        });
      const name = `password for ${email.trim().toLowerCase()}`;
      const attempt = await failures.begin(name, now());
      if (attempt === undefined) {
        return again(429, 'Too many attempts. Wait a quarter of an hour, then try again.');
      }
      const known = await stores.users.byEmail(email);
      // Spent whether or not there is such a person, so that the time it takes tells nothing.
      const right = await verifyPassword(password, known?.passwordHash ?? null);
      if (!right || known === undefined || known.disabled) {
        if (attempt.locks) await stores.sessions.noteLocked(known, now());
        return again(401, 'This address and this password do not belong together.');
      }
      await failures.succeeded(name);
      const factors = await stores.secondFactors.of(known.number);
      if (factors.app || factors.passkeys > 0) {
        const detail = { next, app: factors.app ? '1' : '', passkeys: factors.passkeys > 0 ? '1' : '' };
        const step = { user: known.number, detail };
        const until = new Date(now().getTime() + stepMinutes * 60_000);
        setStep(access, request, reply, await stores.signInSteps.begin('second-factor', step, until));
        return reply.redirect(addresses.signInSecondFactor, 303);
      }
      const duty = await secondFactorDuty(options, known);
      await beginSession(options, request, reply, known, 'password', duty === 'now');
      return reply.redirect(duty === 'none' ? next : addresses.secondFactorThen(next), 303);
    },
  });

  app.get(addresses.signInByLink, {
    config: { caller: 'public' },
    schema: { hide: true, querystring: z.object({ code: Text.optional() }) },
    handler(request, reply) {
      const { code } = request.query;
      return code === undefined
        ? sendPage(reply.code(400), SignInLinkPage, {
            code: '',
            problem: 'The address was cut off while it was copied.',
          })
        : sendPage(reply, SignInLinkPage, { code });
    },
  });

  app.post(addresses.signInByLink, {
    config: { caller: 'public', ...attempts },
    schema: { hide: true, body: z.object({ code: Text }) },
    async handler(request, reply) {
      const link = await stores.sessions.useLink(request.body.code, now());
      const user: User | undefined = link && (await stores.users.byNumber(link.user));
      if (user === undefined || user.disabled) {
        return sendPage(reply.code(410), SignInLinkPage, {
          code: '',
          problem: 'It was used already, or its time is over. A link works once.',
        });
      }
      await beginSession(options, request, reply, user, 'link');
      // Whoever was invited has no other way in yet; whoever runs the collector has one.
      return reply.redirect(link?.purpose === 'invitation' ? addresses.password : addresses.today, 303);
    },
  });

  app.post(addresses.signOut, {
    config: { caller: 'account' },
    schema: { hide: true, body: z.object({ csrf: Text }) },
    async handler(request, reply) {
      if (request.staff !== null) await stores.sessions.end(request.staff.cookie);
      return clearStep(reply).clearCookie(sessionCookie, { path: '/' }).redirect(addresses.signIn, 303);
    },
  });
};
