import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newAppSecret, shownSecret, stepOfCode } from '../../access/authenticator-app.ts';
import { creationOptions, RegistrationResponse, verifyCreation } from '../../access/passkeys.ts';
import { newRecoveryCodes } from '../../access/recovery-codes.ts';
import { signedIn } from '../../caller.ts';
import { AppSetupPage, RecoveryCodesPage } from '../../pages/account-setup.tsx';
import { addresses } from '../../pages/addresses.ts';
import { RefusedPage } from '../../pages/problem.tsx';
import { HttpProblem } from '../../problem.ts';
import type { User } from '../../storage/users.ts';
import { isProven } from './account-guard.ts';
import { type AccessOptions, clearStep, ownPath, setStep, stepMinutes, stepOf } from './begin-session.ts';
import { sendPage } from './send-page.ts';

const Csrf = z.string().max(200);
const Current = z.string().max(1_000).optional();
const attempts = { rateLimit: { max: 20, timeWindow: 60_000 } };

/** Setting up and removing second factors: an authenticator app with recovery codes, and passkeys. */
export const accountSecondFactorRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;
  const { sealer } = access;

  async function sendSetup(
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    next: string,
    problem?: string,
  ): Promise<FastifyReply> {
    const { user, csrf, session } = signedIn(request);
    const needed = await stores.users.needsSecondFactor(user.number, now());
    return sendPage(reply.code(problem === undefined ? 200 : 422), AppSetupPage, {
      csrf,
      sealed: sealer.seal('app-setup', user.id, secret),
      ...shownSecret(secret, user.email),
      next,
      later: !session.confined,
      asked: needed,
      problem,
    });
  }

  function newCodes(user: User): { shown: readonly string[]; digests: readonly Uint8Array[] } {
    const shown = newRecoveryCodes();
    return { shown, digests: shown.map((code) => sealer.digest('recovery-code', user.id, code)) };
  }

  const wrongPassword = (reply: FastifyReply) =>
    sendPage(reply.code(422), RefusedPage, {
      title: 'That was not your password',
      advice: 'Nothing was changed. Go back and try again.',
    });

  app.get(addresses.secondFactor, {
    config: { caller: 'account' },
    schema: { hide: true, querystring: z.object({ next: z.string().max(2_000).optional() }) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      if ((await stores.secondFactors.of(user.number)).app) return reply.redirect(addresses.account, 303);
      return sendSetup(request, reply, newAppSecret(), ownPath(request.query.next));
    },
  });

  app.post(addresses.secondFactor, {
    config: { caller: 'account', ...attempts },
    schema: {
      hide: true,
      body: z.object({
        csrf: Csrf,
        sealed: z.string().max(500),
        code: z.string().max(20),
        next: z.string().max(2_000).optional(),
      }),
    },
    async handler(request, reply) {
      const { user } = signedIn(request);
      const secret = sealer.open('app-setup', user.id, request.body.sealed);
      const next = ownPath(request.body.next);
      // Set up once: a second app would silently take the place of the first.
      if (secret === undefined || (await stores.secondFactors.of(user.number)).app) {
        return reply.redirect(addresses.account, 303);
      }
      const step = stepOfCode(secret, request.body.code, now());
      if (step === undefined) {
        return sendSetup(
          request,
          reply,
          secret,
          next,
          'This is not the code. Is the clock of your phone right? Type the one shown now.',
        );
      }
      const { shown, digests } = newCodes(user);
      await stores.secondFactors.addApp(
        user,
        { secret: sealer.seal('authenticator-app', user.id, secret), step, recoveryCodes: digests },
        `user:${user.id}`,
        now(),
      );
      return sendPage(reply, RecoveryCodesPage, { codes: shown, next, first: true });
    },
  });

  app.post(addresses.recoveryCodes, {
    config: { caller: 'account', ...attempts },
    schema: { hide: true, body: z.object({ csrf: Csrf, current: Current }) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      if (!(await isProven(options, request, request.body.current))) return wrongPassword(reply);
      if (!(await stores.secondFactors.of(user.number)).app) return reply.redirect(addresses.account, 303);
      const { shown, digests } = newCodes(user);
      await stores.secondFactors.replaceRecoveryCodes(user, digests, `user:${user.id}`, now());
      return sendPage(reply, RecoveryCodesPage, { codes: shown, next: addresses.account, first: false });
    },
  });

  app.post(addresses.removeSecondFactor, {
    config: { caller: 'account', ...attempts },
    schema: { hide: true, body: z.object({ csrf: Csrf, current: Current }) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      if (!(await isProven(options, request, request.body.current))) return wrongPassword(reply);
      await stores.secondFactors.removeApp(user, `user:${user.id}`, now());
      return reply.redirect(`${addresses.account}?done=app`, 303);
    },
  });

  app.post(addresses.newPasskeyOptions, {
    config: { caller: 'account', ...attempts },
    schema: { hide: true, body: z.object({}) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      const party = access.relyingParty(request);
      if (party === undefined) throw new HttpProblem('not-found');
      const asked = await creationOptions(party, user, await stores.passkeys.list(user.number));
      const until = new Date(now().getTime() + stepMinutes * 60_000);
      const step = { user: user.number, detail: { challenge: asked.challenge } };
      setStep(access, request, reply, await stores.signInSteps.begin('passkey-setup', step, until));
      return reply.send(asked);
    },
  });

  app.post(addresses.newPasskey, {
    config: { caller: 'account', ...attempts },
    schema: { hide: true, body: z.object({ response: RegistrationResponse, name: z.string().max(60) }) },
    async handler(request, reply) {
      const { user } = signedIn(request);
      const party = access.relyingParty(request);
      const step = await stores.signInSteps.take(stepOf(request), 'passkey-setup', now());
      const challenge = step?.user === user.number ? step.detail['challenge'] : undefined;
      const made =
        party === undefined || challenge === undefined
          ? undefined
          : await verifyCreation(party, challenge, request.body.response);
      if (made === undefined || (await stores.passkeys.byId(made.id)) !== undefined) {
        throw new HttpProblem('invalid-request');
      }
      const name = request.body.name.trim();
      await stores.passkeys.add(user, { ...made, name: name === '' ? 'Passkey' : name }, now());
      return clearStep(reply).code(204).send();
    },
  });

  app.post('/account/passkeys/:passkey/remove', {
    config: { caller: 'account', ...attempts },
    schema: {
      hide: true,
      params: z.object({ passkey: z.string().max(1_400) }),
      body: z.object({ csrf: Csrf, current: Current }),
    },
    async handler(request, reply) {
      const { user } = signedIn(request);
      if (!(await isProven(options, request, request.body.current))) return wrongPassword(reply);
      const removed = await stores.passkeys.remove(user, request.params.passkey, `user:${user.id}`, now());
      if (!removed) throw new HttpProblem('not-found');
      return reply.redirect(`${addresses.account}?done=passkey`, 303);
    },
  });
};
