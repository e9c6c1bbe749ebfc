import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf } from '../caller.ts';
import { roles } from '../permissions.ts';
import type { Stores } from '../storage/stores.ts';
import { organizationOf } from './pages/viewer.ts';

const Person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  roles: z.array(z.object({ role: z.enum(roles), expiresAt: z.iso.datetime().nullable() })),
});

/** Who has access to an organization, for programs. */
export const peopleApiRoutes: FastifyPluginAsyncZod<{
  readonly stores: Stores;
  readonly now: () => Date;
}> = async (app, { stores, now }) => {
  app.get('/api/v1/organizations/:organization/people', {
    config: { caller: 'organization:people.read' },
    schema: {
      summary: 'Who has access to an organization',
      tags: ['people'],
      params: z.object({ organization: z.string().max(40) }),
      response: { 200: z.object({ people: z.array(Person) }) },
    },
    async handler(request) {
      const { number, id } = organizationOf(request);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'people.view', subject: id },
        now(),
      );
      const people = await stores.members.list(number);
      return {
        people: people.map((person) => ({
          id: person.id,
          name: person.name,
          email: person.email,
          disabled: person.disabled,
          secondFactor: person.secondFactor,
          roles: person.roles.map(({ role, expiresAt }) => ({
            role,
            expiresAt: expiresAt?.toISOString() ?? null,
          })),
        })),
      };
    },
  });
};
