import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { stepOfCode } from '../../access/authenticator-app.ts';
import { readRecoveryCode } from '../../access/recovery-codes.ts';
import { addresses } from '../../pages/addresses.ts';
import { SecondFactorPage } from '../../pages/second-factor.tsx';
import type { Credentials } from '../../storage/users.ts';
import { type AccessOptions, beginSession, clearStep, ownPath, stepOf } from './begin-session.ts';
import { sendPage } from './send-page.ts';

/** The second step of signing in: a code from the app, or one of the recovery codes. Passkeys are beside it. */
export const secondFactorRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;
  const { failures, sealer } = access;

  /** How the code proves the person, used up by asking; undefined when it is wrong. */
  async function prove(user: Credentials, typed: string) {
    const at = now();
    const secret =
      user.totpSecret === null ? undefined : sealer.open('authenticator-app', user.id, user.totpSecret);
    const step = secret === undefined ? undefined : stepOfCode(secret, typed, at);
    if (step !== undefined) {
      return (await stores.secondFactors.useStep(user.number, step)) ? 'password-and-code' : undefined;
    }
    const code = readRecoveryCode(typed);
    if (code === undefined) return undefined;
    const digest = sealer.digest('recovery-code', user.id, code);
    return (await stores.secondFactors.useRecoveryCode(user, digest, at))
      ? 'password-and-recovery-code'
      : undefined;
  }

  app.get(addresses.signInSecondFactor, {
    config: { caller: 'public' },
    schema: { hide: true },
    async handler(request, reply) {
      const step = await stores.signInSteps.find(stepOf(request), 'second-factor', now());
      if (step === undefined) return reply.redirect(addresses.signIn, 303);
      return sendPage(reply, SecondFactorPage, {
        app: step.detail['app'] === '1',
        passkeys: step.detail['passkeys'] === '1' && access.relyingParty(request) !== undefined,
      });
    },
  });

  app.post(addresses.signInSecondFactor, {
    config: { caller: 'public', rateLimit: { max: 10, timeWindow: 60_000 } },
    schema: { hide: true, body: z.object({ code: z.string().max(100) }) },
    async handler(request, reply) {
      const secret = stepOf(request);
      const step = await stores.signInSteps.attempt(secret, 'second-factor', now());
      const user =
        step === undefined || step.user === null ? undefined : await stores.users.credentials(step.user);
      if (step === undefined || user === undefined || user.disabled) {
        return clearStep(reply).redirect(addresses.signIn, 303);
      }
      const name = `second factor of ${user.id}`;
      const again = (code: number, problem: string) =>
        sendPage(reply.code(code), SecondFactorPage, {
          app: step.detail['app'] === '1',
          passkeys: step.detail['passkeys'] === '1' && access.relyingParty(request) !== undefined,
          problem,
        });
      const attempt = await failures.begin(name, now());
      if (attempt === undefined) {
        return again(429, 'Too many attempts. Wait a quarter of an hour, then try again.');
      }
      const how = await prove(user, request.body.code);
      if (how === undefined) {
        if (attempt.locks) await stores.sessions.noteLocked(user, now());
        return again(401, 'This code is not right, or it was used already. Wait for the next one.');
      }
      // Of two who come with the same step at the same time, one is too late.
      if ((await stores.signInSteps.take(secret, 'second-factor', now())) === undefined) {
        return clearStep(reply).redirect(addresses.signIn, 303);
      }
      await failures.succeeded(name);
      clearStep(reply);
      await beginSession(options, request, reply, user, how);
      return reply.redirect(ownPath(step.detail['next']), 303);
    },
  });
};
