import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import { owners } from '../../storage/devices.ts';
import type { ApiRoutes } from './options.ts';

const maxDays = 90;

/** How laptops come into the fleet: as `collector token` does in the terminal. */
export const enrollmentTokenApiRoutes: ApiRoutes = async (app, { now, enrollmentToken }) => {
  app.post('/enrollment-tokens', {
    config: { caller: 'organization:devices.manage', answersOnce: true },
    schema: {
      tags: ['devices'],
      summary: 'A token that enrolls one laptop; it is shown this once',
      body: z
        .strictObject({
          owner: z.enum(owners).default('not-declared'),
          hours: z
            .int()
            .min(1)
            .max(maxDays * 24)
            .default(24),
        })
        .meta({ examples: [{ owner: 'company', hours: 24 }] }),
      response: { 201: z.object({ token: z.string(), expiresAt: z.string() }) },
    },
    async handler(request, reply) {
      const at = now();
      const { owner, hours } = request.body;
      const expiresAt = new Date(at.getTime() + hours * 3_600_000);
      const given = { organization: organizationOf(request), owner, expiresAt };
      const token = await enrollmentToken(request, given, actorOf(request), at);
      return reply.code(201).send({ token, expiresAt: expiresAt.toISOString() });
    },
  });
};
