import { z } from 'zod';
import { actorOf } from '../../caller.ts';
import { roles } from '../../permissions.ts';
import { organizationOf } from '../pages/viewer.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const Person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  roles: z.array(z.object({ role: z.enum(roles), expiresAt: z.iso.datetime().nullable() })),
});

const cursors = cursorsOf('people', z.string().max(40));

/** Who has access to an organization, for programs. */
export const peopleApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/people', {
    config: { caller: 'organization:people.read' },
    schema: {
      summary: 'Who has access to an organization',
      tags: ['people'],
      querystring: Paging,
      response: { 200: pageOf('people', Person) },
    },
    async handler(request) {
      const { number, id } = organizationOf(request);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'people.view', subject: id },
        now(),
      );
      const { limit } = request.query;
      const people = behind(await stores.members.list(number), cursors.placeOf(request.query));
      const { shown, next } = cursors.page(people, limit, (person) => person.id);
      return {
        people: shown.map((person) => ({
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
        next,
      };
    },
  });
};
