import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AuthenticationResponse, requestOptions, verifyUse } from '../../access/passkeys.ts';
import { addresses } from '../../pages/addresses.ts';
import { HttpProblem, problemMediaType } from '../../problem.ts';
import {
  type AccessOptions,
  beginSession,
  clearStep,
  ownPath,
  setStep,
  stepMinutes,
  stepOf,
} from './begin-session.ts';

const attempts = { rateLimit: { max: 20, timeWindow: 60_000 } };

/** Signing in with a passkey: alone, or as the second step after the password. The browser's script calls these. */
export const signInPasskeyRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;

  app.post(addresses.passkeyOptions, {
    config: { caller: 'public', ...attempts },
    schema: {
      hide: true,
      body: z.object({ next: z.string().max(2_000).optional(), second: z.boolean().optional() }),
    },
    async handler(request, reply) {
      const party = access.relyingParty(request);
      if (party === undefined) throw new HttpProblem('not-found');
      const step = request.body.second
        ? await stores.signInSteps.find(stepOf(request), 'second-factor', now())
        : undefined;
      if (step !== undefined && step.user !== null) {
        const asked = await requestOptions(party, await stores.passkeys.list(step.user));
        await stores.signInSteps.amend(stepOf(request), { challenge: asked.challenge });
        return reply.send(asked);
      }
      const asked = await requestOptions(party, []);
      const detail = { challenge: asked.challenge, next: ownPath(request.body.next) };
      const until = new Date(now().getTime() + stepMinutes * 60_000);
      setStep(
        access,
        request,
        reply,
        await stores.signInSteps.begin('passkey', { user: null, detail }, until),
      );
      return reply.send(asked);
    },
  });

  app.post(addresses.signInByPasskey, {
    config: { caller: 'public', ...attempts },
    schema: { hide: true, body: AuthenticationResponse },
    async handler(request, reply) {
      const party = access.relyingParty(request);
      const secret = stepOf(request);
      // Used up whatever comes of it: a challenge is answered once.
      const second = await stores.signInSteps.take(secret, 'second-factor', now());
      const step = second ?? (await stores.signInSteps.take(secret, 'passkey', now()));
      const passkey = await stores.passkeys.byId(request.body.id);
      const challenge = step?.detail['challenge'];
      const counter =
        party === undefined || challenge === undefined || passkey === undefined
          ? undefined
          : await verifyUse(party, challenge, request.body, passkey);
      const user = passkey && (await stores.users.byNumber(passkey.user));
      const fits = step !== undefined && (step.user === null || step.user === user?.number);
      clearStep(reply);
      if (counter === undefined || passkey === undefined || user === undefined || user.disabled || !fits) {
        return reply
          .code(401)
          .type(problemMediaType)
          .serializer(JSON.stringify)
          .send(new HttpProblem('not-signed-in').body());
      }
      await stores.passkeys.used(passkey.id, counter, now());
      await beginSession(
        options,
        request,
        reply,
        user,
        second === undefined ? 'passkey' : 'password-and-passkey',
      );
      return reply.send({ location: ownPath(step.detail['next']) });
    },
  });
};
