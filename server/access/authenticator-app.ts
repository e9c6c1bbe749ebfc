import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';

/** RFC 6238 with what every authenticator app understands: SHA-1, six digits, thirty seconds. */
const periodSeconds = 30;

const generator = (secret: Secret, label = '') =>
  new TOTP({ issuer: 'Muster', label, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret });

/** A new secret for an authenticator app: 160 random bits in base32. */
export const newAppSecret = (): string => new Secret({ size: 20 }).base32;

/** The secret as an app takes it in: a picture to scan (SVG), and groups of four letters to type. */
export function shownSecret(
  secret: string,
  email: string,
): { readonly picture: string; readonly text: string } {
  const address = generator(Secret.fromBase32(secret), email).toString();
  return { picture: renderSVG(address, { border: 2 }), text: (secret.match(/.{1,4}/g) ?? []).join(' ') };
}

/**
 * The time step a code belongs to, or undefined when it is wrong. The step before and the one after are accepted, for clocks
 * that are a little off; whoever calls sees to it that none is accepted twice.
 */
export function stepOfCode(secret: string, code: string, at: Date): number | undefined {
  const timestamp = at.getTime();
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = generator(Secret.fromBase32(secret)).validate({ token, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 1_000 / periodSeconds) + delta;
}
