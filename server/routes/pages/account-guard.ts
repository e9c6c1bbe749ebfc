import type { FastifyRequest } from 'fastify';
import { signedIn } from '../../caller.ts';
import { verifyPassword } from '../../password.ts';
import { HttpProblem } from '../../problem.ts';
import type { AccessOptions } from './begin-session.ts';

/**
 * Must the password be typed again before what protects the account is changed? Not where there is none, and not for whoever
 * came by a one-time link, who may well have lost it.
 */
export async function asksPassword({ stores }: AccessOptions, request: FastifyRequest): Promise<boolean> {
  const { user, session } = signedIn(request);
  if (session.how === 'link') return false;
  const known = await stores.users.credentials(user.number);
  return known !== undefined && known.passwordHash !== null;
}

/** Was the password typed, where it must be? Wrong ones count like those at the door. */
export async function isProven(
  options: AccessOptions,
  request: FastifyRequest,
  typed: string | undefined,
): Promise<boolean> {
  if (!(await asksPassword(options, request))) return true;
  const { stores, now, access } = options;
  const { user } = signedIn(request);
  const name = `password of ${user.id}`;
  if ((await access.failures.begin(name, now())) === undefined) throw new HttpProblem('too-many-requests');
  const known = await stores.users.credentials(user.number);
  const right = await verifyPassword(typed ?? '', known?.passwordHash ?? null);
  if (right) await access.failures.succeeded(name);
  return right;
}
