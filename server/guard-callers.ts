import { createHash, timingSafeEqual } from 'node:crypto';
import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  DeviceRequestClaims,
  deviceRequestMaxSkewSeconds,
  deviceRequestType,
} from '../shared/device-request.ts';
import { Id } from '../shared/report.ts';
import { type CallerRule, isAdministrator, myDeviceCookie, type Staff, sessionCookie } from './caller.ts';
import { allows, type Permission } from './permissions.ts';
import { HttpProblem } from './problem.ts';
import { readHeader, readJson, sha256, splitJws, verifyJws } from './signing/compact-jws.ts';
import { publicKeyOf } from './signing/keys.ts';
import { apiTokenPrefix } from './storage/api-tokens.ts';
import type { Sender } from './storage/devices.ts';
import type { Organization } from './storage/organizations.ts';
import type { Visit } from './storage/staff/visits.ts';
import type { Stores } from './storage/stores.ts';

const emptyDigest = sha256('').toString('hex');

/** Makes every route declare its caller, and lets nobody else through. */
export function guardCallers(app: FastifyInstance, stores: Stores, now: () => Date): void {
  app.decorate('callers', []);
  app.decorateRequest('staff', null);
  app.decorateRequest('token', null);
  app.decorateRequest('organization', null);
  app.decorateRequest('device', null);
  app.decorateRequest('visit', null);
  app.decorateRequest('bodyDigest', emptyDigest);

  app.addHook('onRoute', (route) => {
    const caller = route.config?.caller;
    if (caller === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} does not declare its caller`);
    }
    const people = route.config?.people === true;
    for (const method of [route.method].flat()) app.callers.push({ method, url: route.url, caller, people });
  });

  app.addHook('onRequest', async (request) => {
    const rule = request.routeOptions.config.caller;
    const permission = permissionOf(rule);
    if (permission !== undefined && request.url.startsWith('/api/') && bearerOf(request) !== undefined) {
      await findByToken(request, stores, permission, now());
      if (request.routeOptions.config.people === true) throw new HttpProblem('not-allowed');
      return;
    }
    if (rule === 'my-device') request.visit = await findVisit(request, stores, now());
    if (rule === 'account' || rule === 'staff' || rule === 'administrator' || permission !== undefined) {
      request.staff = await findStaff(request, stores, now());
      if (rule !== 'account' && request.staff.session.confined) throw new HttpProblem('second-factor-needed');
    }
    if (rule === 'administrator' && !isAdministrator(request.staff)) throw new HttpProblem('not-allowed');
    if (permission !== undefined) {
      request.organization = await findOrganization(request, stores, permission);
    }
  });

  // A device signs what it sends: the digest is taken of the bytes as they come in.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.routeOptions.config.caller !== 'device') {
      done(null, payload);
      return;
    }
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        next(null, chunk);
      },
      flush(next) {
        request.bodyDigest = hash.digest('hex');
        next();
      },
    });
    done(null, payload.pipe(hashing));
  });

  app.addHook('preHandler', async (request) => {
    const rule = request.routeOptions.config.caller;
    if (rule === 'device') request.device = await findDevice(request, stores, now());
    if (['GET', 'HEAD'].includes(request.method)) return;
    const session = request.staff ?? request.visit;
    if (session !== null) refuseForgery(request, session);
    else if (rule === 'public') refuseOtherSites(request);
  });
}

async function findVisit(request: FastifyRequest, stores: Stores, at: Date): Promise<Visit> {
  const cookie = request.cookies[myDeviceCookie];
  const visit = cookie === undefined ? undefined : await stores.deviceVisits.find(cookie, at);
  if (visit === undefined) throw new HttpProblem('not-signed-in');
  return visit;
}

async function findStaff(request: FastifyRequest, stores: Stores, at: Date): Promise<Staff> {
  const cookie = request.cookies[sessionCookie];
  const session = cookie === undefined ? undefined : await stores.sessions.find(cookie, at);
  const user = session && (await stores.users.byNumber(session.user));
  if (cookie === undefined || session === undefined || user === undefined || user.disabled) {
    throw new HttpProblem('not-signed-in');
  }
  const memberships = await stores.users.memberships(user.number, at);
  return { user, memberships, csrf: session.csrf, cookie, session };
}

/** What stands behind `Bearer` in the request, whatever it is. */
function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([\w.-]{1,2000})$/.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * A program with an API token. It can do no more than its scopes, and no more than whoever made it can do now. Throws HttpProblem
 * also where a session's cookie came along: a request is made by a person or by a program, never by both.
 */
async function findByToken(
  request: FastifyRequest,
  stores: Stores,
  permission: Permission,
  at: Date,
): Promise<void> {
  if (request.cookies[sessionCookie] !== undefined) throw new HttpProblem('invalid-request');
  const given = bearerOf(request) ?? '';
  const token = given.startsWith(apiTokenPrefix) ? await stores.apiTokens.find(given, at) : undefined;
  const maker = token && (await stores.users.byNumber(token.createdBy));
  if (token === undefined || maker === undefined || maker.disabled) throw new HttpProblem('not-signed-in');
  const organization = await organizationNamed(request, stores);
  if (organization === undefined || organization.number !== token.organization) {
    throw new HttpProblem('not-found');
  }
  const memberships = await stores.users.memberships(maker.number, at);
  const held = memberships.find((membership) => membership.organization === organization.number)?.roles ?? [];
  if (!token.scopes.includes(permission) || !allows(held, permission)) throw new HttpProblem('not-allowed');
  request.token = token;
  request.organization = organization;
}

async function organizationNamed(request: FastifyRequest, stores: Stores): Promise<Organization | undefined> {
  const { organization: id } = request.params as { organization?: string };
  return id !== undefined && Id.safeParse(id).success ? await stores.organizations.byId(id) : undefined;
}

/** The permission a rule asks for in an organization; undefined where it asks for none. */
function permissionOf(rule: CallerRule | undefined): Permission | undefined {
  return rule?.startsWith('organization:') === true
    ? (rule.slice('organization:'.length) as Permission)
    : undefined;
}

/** An organization the caller has no role in is answered like one that does not exist. */
async function findOrganization(
  request: FastifyRequest,
  stores: Stores,
  permission: Permission,
): Promise<Organization> {
  const organization = await organizationNamed(request, stores);
  const held = request.staff?.memberships.find(
    (membership) => membership.organization === organization?.number,
  )?.roles;
  if (organization === undefined || held === undefined) throw new HttpProblem('not-found');
  if (!allows(held, permission)) throw new HttpProblem('not-allowed');
  return organization;
}

/** Browsers say from where a request comes; programs say nothing. */
function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new HttpProblem('not-allowed');
}

/** A form on somebody else's page cannot know this session's token. */
function refuseForgery(request: FastifyRequest, session: { readonly csrf: string }): void {
  refuseOtherSites(request);
  const { csrf: field } = (request.body ?? {}) as { csrf?: unknown };
  const given = request.headers['x-csrf-token'] ?? field;
  if (typeof given !== 'string' || !timingSafeEqual(sha256(given), sha256(session.csrf))) {
    throw new HttpProblem('not-allowed');
  }
}

/** The device that signed this very request; its nonce is used up. */
async function findDevice(
  request: FastifyRequest,
  stores: Stores,
  at: Date,
): Promise<Sender & { readonly id: string; readonly nonce: string }> {
  const token = bearerOf(request);
  const parts = token === undefined ? undefined : splitJws(token);
  const header = parts && readHeader(parts.header, deviceRequestType);
  const sender =
    header !== undefined && Id.safeParse(header.kid).success
      ? await stores.devices.sender(header.kid)
      : undefined;
  if (
    parts === undefined ||
    header === undefined ||
    sender === undefined ||
    !verifyJws(parts, publicKeyOf(sender.publicKey))
  ) {
    throw new HttpProblem('bad-signature');
  }
  // Whose data are not used for now may still read the policy, look at their own page, and leave.
  if (sender.revoked && !sender.restricted) throw new HttpProblem('device-revoked');
  const claims = DeviceRequestClaims.safeParse(readJson(parts.payload));
  if (
    !claims.success ||
    claims.data.sub !== header.kid ||
    claims.data.method !== request.method ||
    claims.data.path !== request.url ||
    claims.data.body !== request.bodyDigest
  ) {
    throw new HttpProblem('bad-signature');
  }
  const { iat, jti } = claims.data;
  if (Math.abs(at.getTime() / 1_000 - iat) > deviceRequestMaxSkewSeconds) throw new HttpProblem('clock-skew');
  const expiresAt = new Date((iat + 2 * deviceRequestMaxSkewSeconds) * 1_000);
  if (!(await stores.devices.useNonce(sender.number, jti, expiresAt))) throw new HttpProblem('bad-signature');
  return { ...sender, id: header.kid, nonce: jti };
}
