import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import { browserFamily } from '../../access/browser-family.ts';
import { sessionCookie } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import type { CollectorKey } from '../../signing/collector-key.ts';
import { type SignInWay, sessionHours } from '../../storage/sessions.ts';
import type { User } from '../../storage/users.ts';
import type { PageOptions } from './send-page.ts';

/** What the routes that let people in are given. */
export interface AccessOptions extends PageOptions {
  readonly access: Access;
  readonly collectorKey: CollectorKey;
}

/** Begins a session and gives the browser its cookie. */
export async function beginSession(
  { stores, now, access }: AccessOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
  how: SignInWay,
  confined = false,
): Promise<void> {
  const browser = browserFamily(request.headers['user-agent']);
  const cookie = await stores.sessions.begin(user, how, now(), { browser, confined });
  reply.setCookie(sessionCookie, cookie, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(access, request),
    maxAge: sessionHours * 3_600,
  });
}

/** Which ways in there are beside the password. */
export const signInWays = (access: Access, request: FastifyRequest) => ({
  singleSignOn: access.singleSignOn !== undefined,
  passkeys: access.relyingParty(request) !== undefined,
});

/** How long a person may take from one step of signing in to the next. */
export const stepMinutes = 5;

/** The cookie of a sign-in that is underway. */
const stepCookie = 'muster_sign_in';

/** Gives the browser the cookie of a step; it is sent nowhere but to where people come in. */
export function setStep(access: Access, request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.setCookie(stepCookie, secret, {
    path: '/',
    httpOnly: true,
    // Coming back from an identity provider is a navigation from another site.
    sameSite: 'lax',
    secure: isSecure(access, request),
    maxAge: stepMinutes * 60,
  });
}

export const stepOf = (request: FastifyRequest): string => request.cookies[stepCookie] ?? '';

export const clearStep = (reply: FastifyReply): FastifyReply => reply.clearCookie(stepCookie, { path: '/' });

export function isSecure(access: Access, request: FastifyRequest): boolean {
  return access.origin(request).startsWith('https:');
}

/** A path on this collector, or Today: nobody is sent elsewhere by signing in. */
export function ownPath(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return addresses.today;
  const here = 'http://collector.invalid';
  try {
    const url = new URL(next, here);
    // What was a path may come to begin with two slashes (`/.//`), and names another host then.
    const own = url.origin === here && !url.pathname.startsWith('//');
    return own ? `${url.pathname}${url.search}` : addresses.today;
  } catch {
    return addresses.today;
  }
}

/** Grace before a second factor that is required can no longer be put off. */
const graceDays = 7;

/**
 * What somebody who came in by password alone has to do: nothing, set up a second factor now or a little later, or now. The
 * days of grace begin the first time they are told.
 */
export async function secondFactorDuty(
  { stores, now }: PageOptions,
  user: User,
): Promise<'none' | 'soon' | 'now'> {
  const at = now();
  if (!(await stores.users.needsSecondFactor(user.number, at))) return 'none';
  const known = (await stores.users.credentials(user.number))?.secondFactorDueAt ?? null;
  if (known !== null) return known <= at ? 'now' : 'soon';
  await stores.users.setSecondFactorDue(user, new Date(at.getTime() + graceDays * 86_400_000));
  return 'soon';
}
