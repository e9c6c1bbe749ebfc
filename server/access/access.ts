import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Mailer } from '../alerts/mail.ts';
import { type Attempts, countAttempts } from '../attempts.ts';
import { isLoopback } from '../configuration.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import { type Sealer, sealerOf } from '../signing/sealing.ts';
import type { Stores } from '../storage/stores.ts';
import type { SingleSignOn } from './single-sign-on.ts';

/** What the pages need to let people in. */
export interface Access {
  readonly sealer: Sealer;
  readonly failures: Attempts;
  /** Signing in by the company's identity provider; undefined where none is configured. */
  readonly singleSignOn: SingleSignOn | undefined;
  /** By which invitations go out; undefined where no e-mail is sent. */
  readonly mailer: Mailer | undefined;
  /** Where people reach this collector: `https://muster.example`. */
  origin(request: FastifyRequest): string;
  /** The host passkeys are made for; undefined where there is none, because it is reached by an IP address. */
  relyingParty(request: FastifyRequest): RelyingParty | undefined;
}

export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** `publicUrl` is how people reach the collector; without it, how the request did. */
export function accessOf(given: {
  readonly stores: Pick<Stores, 'failedAttempts'>;
  readonly collectorKey: CollectorKey;
  readonly publicUrl: string | undefined;
  readonly singleSignOn: SingleSignOn | undefined;
  readonly mailer: Mailer | undefined;
}): Access {
  const { stores, collectorKey, publicUrl, singleSignOn, mailer } = given;
  const origin = (request: FastifyRequest) =>
    new URL(publicUrl ?? `${request.protocol}://${request.host}`).origin;
  const sealer = sealerOf(collectorKey);
  return {
    sealer,
    failures: countAttempts(stores.failedAttempts, sealer),
    singleSignOn,
    mailer,
    origin,
    relyingParty(request) {
      const here = new URL(origin(request));
      const host = here.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) === 0) return { id: host, origin: here.origin };
      // A browser makes no passkey for an IP address, but it does for the name every machine has for itself.
      if (!isLoopback(host) || request.hostname !== 'localhost') return undefined;
      return { id: 'localhost', origin: `${here.protocol}//${request.host}` };
    },
  };
}
