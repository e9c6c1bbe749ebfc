import type { FastifyRequest } from 'fastify';
import { permissionsHeld, signedIn } from '../../caller.ts';
import type { Viewer } from '../../pages/model.ts';

/** Whoever is signed in, as pages name them. Throws HttpProblem where nobody is. */
export function viewerOf(request: FastifyRequest): Viewer {
  const { user, csrf, memberships } = signedIn(request);
  return {
    name: user.name,
    csrf,
    may: permissionsHeld(request),
    sample: request.organization?.sample ?? memberships.some((membership) => membership.sample),
  };
}
