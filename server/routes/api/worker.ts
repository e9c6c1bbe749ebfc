import type { FastifyRequest } from 'fastify';
import { actorOf } from '../../caller.ts';
import { allows, type Permission, permissions } from '../../permissions.ts';
import { HttpProblem } from '../../problem.ts';
import type { Worker } from '../../registers/desk.ts';
import type { Stores } from '../../storage/stores.ts';

/** Who calls, and what they may do here. A program may do what both its scopes and its maker's roles allow, but never decides as a second person. */
export async function workerOf(request: FastifyRequest, stores: Stores, at: Date): Promise<Worker> {
  const { organization, staff, token } = request;
  if (organization === null) throw new HttpProblem('not-found');
  const actor = actorOf(request);
  const maker = token === null ? undefined : await stores.users.byNumber(token.createdBy);
  const memberships =
    maker === undefined ? staff?.memberships : await stores.users.memberships(maker.number, at);
  const held =
    memberships?.find((membership) => membership.organization === organization.number)?.roles ?? [];
  const scoped = (permission: Permission) =>
    token === null || (permission !== 'registers.approve' && token.scopes.includes(permission));
  return {
    organization: organization.number,
    author: { actor, person: maker === undefined ? actor : `user:${maker.id}` },
    may: permissions.filter((permission) => allows(held, permission) && scoped(permission)),
  };
}
