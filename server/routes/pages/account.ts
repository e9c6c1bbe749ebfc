import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sessionCookie, signedIn } from '../../caller.ts';
import { AccountPage } from '../../pages/account.tsx';
import { PasswordPage } from '../../pages/account-setup.tsx';
import { addresses } from '../../pages/addresses.ts';
import { roleWords } from '../../pages/words.ts';
import { hashPassword, passwordLength } from '../../password.ts';
import { HttpProblem } from '../../problem.ts';
import { asksPassword, isProven } from './account-guard.ts';
import { type AccessOptions, beginSession } from './begin-session.ts';
import { sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const Password = z.string().max(1_000);
const Csrf = z.string().max(200);
const attempts = { rateLimit: { max: 10, timeWindow: 60_000 } };

/** What was just done, by the word the address carries. */
const doneWords: Readonly<Record<string, string>> = {
  name: 'The name is saved.',
  password: 'The password is set. You are signed out everywhere else.',
  app: 'The authenticator app is removed.',
  passkey: 'The passkey is removed.',
  session: 'That session is ended.',
  sessions: 'You are signed out everywhere else.',
};

/** One's own account: name, password, sessions. Second factors are beside it. */
export const accountRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;

  async function send(request: FastifyRequest, reply: FastifyReply, problem?: string): Promise<FastifyReply> {
    const at = now();
    const { user, memberships, session } = signedIn(request);
    const [credentials, factors, passkeys, sessions, organizations, needed] = await Promise.all([
      stores.users.credentials(user.number),
      stores.secondFactors.of(user.number),
      stores.passkeys.list(user.number),
      stores.sessions.list(user.number, at),
      Promise.all(memberships.map(({ organization }) => stores.organizations.byNumber(organization))),
      stores.users.needsSecondFactor(user.number, at),
    ]);
    const hasFactor = factors.app || factors.passkeys > 0;
    const { done } = request.query as { done?: string };
    return sendPage(reply, AccountPage, {
      viewer: viewerOf(request),
      now: at.toISOString(),
      email: user.email,
      hasPassword: credentials !== undefined && credentials.passwordHash !== null,
      asksPassword: await asksPassword(options, request),
      app: factors.app,
      recoveryCodes: factors.recoveryCodes,
      passkeys:
        access.relyingParty(request) === undefined
          ? null
          : passkeys.map(({ id, name, createdAt, usedAt }) => ({
              id,
              name,
              madeAt: createdAt.toISOString(),
              usedAt: usedAt?.toISOString() ?? null,
            })),
      secondFactorDueAt:
        needed && !hasFactor ? (credentials?.secondFactorDueAt?.toISOString() ?? null) : null,
      sessions: sessions.map((one) => ({
        id: one.id,
        current: one.id === session.id,
        browser: one.browser,
        how: one.how,
        beganAt: one.beganAt.toISOString(),
        seenAt: one.seenAt.toISOString(),
      })),
      roles: memberships.flatMap(({ organization, roles }) => {
        const found = organizations.find((one) => one?.number === organization);
        return found === undefined
          ? []
          : [
              {
                organization: { id: found.id, name: found.name },
                roles: roles.map((role) => roleWords[role].name.toLowerCase()),
              },
            ];
      }),
      problem,
      done: done === undefined ? undefined : doneWords[done],
    });
  }

  app.get(addresses.account, {
    config: { caller: 'account' },
    schema: { hide: true, querystring: z.object({ done: z.string().max(20).optional() }) },
    handler: (request, reply) => send(request, reply),
  });

  app.post(addresses.accountName, {
    config: { caller: 'account' },
    schema: { hide: true, body: z.object({ csrf: Csrf, name: z.string().trim().min(1).max(100) }) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      await stores.users.rename(user, request.body.name, `user:${user.id}`, now());
      return reply.redirect(`${addresses.account}?done=name`, 303);
    },
  });

  async function sendPassword(request: FastifyRequest, reply: FastifyReply, problem?: string) {
    const { user, csrf } = signedIn(request);
    const known = await stores.users.credentials(user.number);
    return sendPage(reply.code(problem === undefined ? 200 : 422), PasswordPage, {
      csrf,
      email: user.email,
      first: known?.passwordHash === null,
      asksPassword: await asksPassword(options, request),
      problem,
    });
  }

  app.get(addresses.password, {
    config: { caller: 'account' },
    schema: { hide: true },
    handler: (request, reply) => sendPassword(request, reply),
  });

  app.post(addresses.password, {
    config: { caller: 'account', ...attempts },
    schema: {
      hide: true,
      body: z.object({ csrf: Csrf, current: Password.optional(), password: Password, repeat: Password }),
    },
    async handler(request, reply) {
      const { user, session } = signedIn(request);
      const { current, password, repeat } = request.body;
      if (password.length < passwordLength.min || password.length > passwordLength.max) {
        return sendPassword(
          request,
          reply,
          `A password has between ${passwordLength.min} and ${passwordLength.max} characters.`,
        );
      }
      if (password !== repeat) return sendPassword(request, reply, 'The two are not the same.');
      if (!(await isProven(options, request, current))) {
        return sendPassword(request, reply, 'The password you have is another one.');
      }
      const first = (await stores.users.credentials(user.number))?.passwordHash === null;
      await stores.users.setPassword(user, await hashPassword(password), `user:${user.id}`, now());
      // Every session has ended with the old password; this person goes on in a new one.
      await beginSession(options, request, reply, user, session.how, session.confined);
      if (!first) return reply.redirect(`${addresses.account}?done=password`, 303);
      const factors = await stores.secondFactors.of(user.number);
      const needed = !factors.app && factors.passkeys === 0;
      return reply.redirect(
        needed && (await stores.users.needsSecondFactor(user.number, now()))
          ? addresses.secondFactor
          : addresses.today,
        303,
      );
    },
  });

  app.post('/account/sessions/:session/end', {
    config: { caller: 'account' },
    schema: {
      hide: true,
      params: z.object({ session: z.string().max(40) }),
      body: z.object({ csrf: Csrf }),
    },
    async handler(request, reply) {
      const { user, session } = signedIn(request);
      const ended = await stores.sessions.revoke(user, request.params.session, `user:${user.id}`, now());
      if (!ended) throw new HttpProblem('not-found');
      if (request.params.session !== session.id)
        return reply.redirect(`${addresses.account}?done=session`, 303);
      return reply.clearCookie(sessionCookie, { path: '/' }).redirect(addresses.signIn, 303);
    },
  });

  app.post(addresses.endOtherSessions, {
    config: { caller: 'account' },
    schema: { hide: true, body: z.object({ csrf: Csrf }) },
    async handler(request, reply) {
      const { user, session } = signedIn(request);
      await stores.sessions.revokeAll(user, session.id, `user:${user.id}`, now());
      return reply.redirect(`${addresses.account}?done=sessions`, 303);
    },
  });
};
