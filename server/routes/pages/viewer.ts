import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../../pages/model.ts';
import { allows, permissions } from '../../permissions.ts';
import { HttpProblem } from '../../problem.ts';

/** Whoever is signed in, as pages name them. Throws HttpProblem where nobody is. */
export function viewerOf({ staff, organization }: FastifyRequest): Viewer {
  if (staff === null) throw new HttpProblem('not-signed-in');
  const held = staff.memberships.find((membership) => membership.organization === organization?.number);
  return {
    name: staff.user.name,
    csrf: staff.csrf,
    may: permissions.filter((permission) => allows(held?.roles ?? [], permission)),
    sample: organization?.sample ?? staff.memberships.some((membership) => membership.sample),
  };
}
