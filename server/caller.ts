import '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { allows, type Permission, permissions } from './permissions.ts';
import { HttpProblem } from './problem.ts';
import type { ApiToken } from './storage/api-tokens.ts';
import type { Actor } from './storage/audit.ts';
import type { Sender } from './storage/devices.ts';
import type { Organization } from './storage/organizations.ts';
import type { Membership } from './storage/roles.ts';
import type { Session } from './storage/sessions.ts';
import type { Visit } from './storage/staff/visits.ts';
import type { User } from './storage/users.ts';

/**
 * Who may call a route. Every route says it; one that does not, stops the collector from starting.
 * - public: anybody
 * - report: whoever signed the body; the handler verifies it
 * - enrollment-code: whoever has a code; the handler looks it up
 * - metrics-token: whoever has the token of the configuration; the handler compares it
 * - device: a device, by a request signed with its key
 * - my-device: somebody at a laptop, by the cookie that a one-time link of its agent was exchanged for
 * - account: anybody signed in, also before a second factor they need is set up: the pages about one's own account
 * - staff: anybody signed in
 * - administrator: signed in, and allowed to manage the people of some organization
 * - organization:<permission>: signed in, and allowed that in the organization the address names (permissions.ts); under
 *   /api/ also whoever has an API token of that organization with that scope
 */
export type CallerRule =
  | 'public'
  | 'report'
  | 'enrollment-code'
  | 'metrics-token'
  | 'device'
  | 'my-device'
  | 'account'
  | 'staff'
  | 'administrator'
  | `organization:${Permission}`;

/** A person who is signed in. */
export interface Staff {
  readonly user: User;
  readonly memberships: readonly Membership[];
  readonly csrf: string;
  readonly cookie: string;
  /** Which of their sessions this is, and how it began. */
  readonly session: Session;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    caller?: CallerRule;
    /** It is about whoever is signed in: no token is let in, whatever its scopes. */
    people?: boolean;
  }
  interface FastifyInstance {
    /** Every route with who may call it, as they were declared. */
    callers: {
      readonly method: string;
      readonly url: string;
      readonly caller: CallerRule;
      readonly people: boolean;
    }[];
  }
  interface FastifyRequest {
    staff: Staff | null;
    /** The API token the request came with; then nobody is signed in. */
    token: ApiToken | null;
    /** The organization the address names; the caller has a role in it, or a token of it. */
    organization: Organization | null;
    /** The device that signed the request, and the request's nonce. */
    device: (Sender & { readonly id: string; readonly nonce: string }) | null;
    /** Somebody who looks at what is kept about their own laptop. */
    visit: Visit | null;
    bodyDigest: string;
  }
}

/** The `__Host-` prefix would need TLS, which loopback goes without. */
export const sessionCookie = 'muster_session';

/** Sent to the page about one's own laptop and to nothing else. */
export const myDeviceCookie = 'muster_my_device';

/** Whoever is signed in. Throws HttpProblem where nobody is. */
export function signedIn({ staff }: FastifyRequest): Staff {
  if (staff === null) throw new HttpProblem('not-signed-in');
  return staff;
}

/** What whoever is signed in may do in the organization the address names; nothing where it names none. Throws HttpProblem where nobody is. */
export function permissionsHeld(request: FastifyRequest): readonly Permission[] {
  const { organization } = request;
  const held = signedIn(request).memberships.find(
    (membership) => membership.organization === organization?.number,
  );
  return permissions.filter((permission) => allows(held?.roles ?? [], permission));
}

/** Who a request's changes and looks are noted as. Throws HttpProblem where the caller is nobody in particular. */
export function actorOf({ staff, token }: FastifyRequest): Actor {
  if (staff !== null) return `user:${staff.user.id}`;
  if (token !== null) return `token:${token.id}`;
  throw new HttpProblem('not-signed-in');
}

/** The organization the address names and the caller has a role in. Throws HttpProblem where there is none. */
export function organizationOf({ organization }: FastifyRequest): Organization {
  if (organization === null) throw new HttpProblem('not-found');
  return organization;
}

/** Who manages the people of one organization may look after one more; who only works in one may not. */
export const isAdministrator = (staff: Staff | null): boolean =>
  staff?.memberships.some(({ roles }) => allows(roles, 'people.manage')) === true;
