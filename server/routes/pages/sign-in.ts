import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { countAttempts } from '../../attempts.ts';
import { sessionCookie } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import { SignInLinkPage, SignInPage } from '../../pages/sign-in.tsx';
import { verifyPassword } from '../../password.ts';
import { HttpProblem } from '../../problem.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import { sessionHours } from '../../storage/sessions.ts';
import type { User } from '../../storage/users.ts';
import { type PageOptions, sendPage } from './send-page.ts';

const Text = z.string().max(2_000);
const attempts = { rateLimit: { max: 10, timeWindow: 60_000 } };

/** Signing in by password or by a one-time link, and out again. */
export const signInRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  const failures = countAttempts();

  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    user: User,
    how: 'password' | 'link',
    next: string | undefined,
  ): Promise<FastifyReply> {
    const cookie = await stores.sessions.begin(user, how, now());
    reply.setCookie(sessionCookie, cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: request.protocol === 'https',
      maxAge: sessionHours * 3_600,
    });
    return reply.redirect(ownPath(next) ?? addresses.today, 303);
  }

  app.get(addresses.signIn, {
    config: { caller: 'public' },
    schema: { hide: true, querystring: z.object({ next: Text.optional() }) },
    handler: (request, reply) => sendPage(reply, SignInPage, { next: ownPath(request.query.next) }),
  });

  app.post(addresses.signIn, {
    config: { caller: 'public', ...attempts },
    schema: {
      hide: true,
      body: z.object({ email: z.string().max(320), password: z.string().max(1_000), next: Text.optional() }),
    },
    async handler(request, reply) {
      refuseForeign(request);
      const { email, password, next } = request.body;
      // Remembered by digest: no address is kept, in memory either.
      const name = sha256(email.trim().toLowerCase()).toString('base64url');
      if (failures.exhausted(name, now())) {
        return sendPage(reply.code(429), SignInPage, {
          email,
          next: ownPath(next),
          problem: 'Too many attempts. Wait a quarter of an hour, then try again.',
        });
      }
      const credentials = await stores.users.byEmail(email);
      const right = await verifyPassword(password, credentials?.passwordHash ?? null);
      // A second factor that is set up cannot be left out; it is asked for elsewhere.
      if (!right || credentials === undefined || credentials.disabled || credentials.totpSecret !== null) {
        failures.failed(name, now());
        return sendPage(reply.code(401), SignInPage, {
          email,
          next: ownPath(next),
          problem: 'This address and this password do not belong together.',
        });
      }
      failures.succeeded(name);
      return begin(request, reply, credentials, 'password', next);
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
      refuseForeign(request);
      const link = await stores.sessions.useLink(request.body.code, now());
      const user = link && (await stores.users.byNumber(link.user));
      if (user === undefined || user.disabled) {
        return sendPage(reply.code(410), SignInLinkPage, {
          code: '',
          problem: 'It was used already, or its time is over. A link works once.',
        });
      }
      return begin(request, reply, user, 'link', undefined);
    },
  });

  app.post(addresses.signOut, {
    config: { caller: 'staff' },
    schema: { hide: true, body: z.object({ csrf: Text }) },
    async handler(request, reply) {
      if (request.staff !== null) await stores.sessions.end(request.staff.cookie);
      return reply.clearCookie(sessionCookie, { path: '/' }).redirect(addresses.signIn, 303);
    },
  });
};

/** A path on this collector, or undefined: nobody is sent elsewhere by signing in. */
function ownPath(next: string | undefined): string | undefined {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return undefined;
  const here = 'http://collector.invalid';
  try {
    const url = new URL(next, here);
    return url.origin === here ? `${url.pathname}${url.search}` : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody is signed in to somebody else's account by a form on another site. */
function refuseForeign(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new HttpProblem('not-allowed');
}
