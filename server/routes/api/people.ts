import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, organizationOf, signedIn } from '../../caller.ts';
import {
  giveRole,
  invite,
  mayDisable,
  memberOf,
  sendInvitation,
  setDisabled,
  takeRole,
} from '../../desk/people.ts';
import { roles } from '../../permissions.ts';
import { HttpProblem } from '../../problem.ts';
import type { Member } from '../../storage/members.ts';
import type { User } from '../../storage/users.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['people'];
const managing = { caller: 'organization:people.manage' } as const;
const cursors = cursorsOf('people', z.string().max(40));

const Person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  invited: z.boolean().describe('Has no way in yet but a link'),
  signedInAt: z.string().nullable(),
  roles: z.array(z.object({ role: z.enum(roles), expiresAt: z.iso.datetime().nullable() })),
});
const Invitation = z.object({
  person: z.string().describe('Id of the person'),
  link: z.string().nullable().describe('Lets them in once; null where they have a way in of their own'),
  mailed: z.boolean(),
});
const Until = z.iso.date().nullable().default(null).describe('The last day (UTC); auditors need one');
const One = z.object({ person: z.string().max(40) });
const OneRole = One.extend({ role: z.enum(roles) });

const show = (person: Member): z.output<typeof Person> => ({
  id: person.id,
  name: person.name,
  email: person.email,
  disabled: person.disabled,
  secondFactor: person.secondFactor,
  invited: !person.hasSignIn,
  signedInAt: person.signedInAt?.toISOString() ?? null,
  roles: person.roles.map(({ role, expiresAt }) => ({ role, expiresAt: expiresAt?.toISOString() ?? null })),
});

/** Who has access to an organization, and letting others in: what changes it, only somebody signed in may. */
export const peopleApiRoutes: ApiRoutes = async (app, { stores, now, access }) => {
  async function find(request: FastifyRequest): Promise<{ readonly member: Member; readonly user: User }> {
    const { person } = request.params as z.output<typeof One>;
    const found = await memberOf(stores, organizationOf(request).number, person);
    if (found === undefined) throw new HttpProblem('not-found');
    return found;
  }
  const managerOf = (request: FastifyRequest) => ({
    actor: actorOf(request),
    self: signedIn(request).user.id,
  });
  const note = (request: FastifyRequest, action: 'people.view' | 'person.view', subject: string) =>
    stores.audit.record(
      { organization: organizationOf(request).number, actor: actorOf(request), action, subject },
      now(),
    );

  app.get('/people', {
    config: { caller: 'organization:people.read' },
    schema: {
      summary: 'Who has access to an organization',
      tags,
      querystring: Paging,
      response: { 200: pageOf('people', Person) },
    },
    async handler(request) {
      const { number, id } = organizationOf(request);
      await note(request, 'people.view', id);
      const people = behind(await stores.members.list(number), cursors.placeOf(request.query));
      const { shown, next } = cursors.page(people, request.query.limit, (person) => person.id);
      return { people: shown.map(show), next };
    },
  });

  app.get('/people/:person', {
    config: { caller: 'organization:people.read' },
    schema: { summary: 'One person with access', tags, params: One, response: { 200: Person } },
    async handler(request) {
      const { member, user } = await find(request);
      await note(request, 'person.view', user.id);
      return show(member);
    },
  });

  async function invited(request: FastifyRequest, user: User) {
    const given = { origin: access.origin(request), actor: actorOf(request), log: request.log };
    const sent = await sendInvitation(stores, access, organizationOf(request), user, given, now());
    return { person: user.id, ...sent };
  }

  app.post('/people', {
    config: { ...managing, answersOnce: true },
    schema: {
      summary: 'Give somebody access, with an account where they have none',
      tags,
      body: z
        .strictObject({
          email: z.email().max(200),
          name: z.string().trim().min(1).max(100),
          role: z.enum(roles),
          until: Until,
        })
        .meta({
          examples: [
            { email: 'naledi@audit.example', name: 'Naledi M.', role: 'auditor', until: '2027-01-31' },
          ],
        }),
      response: { 201: Invitation },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { until, ...given } = request.body;
      const asked = { ...given, until: until ?? '' };
      const user = await invite(stores, number, asked, managerOf(request), now());
      return reply.code(201).send(await invited(request, user));
    },
  });

  app.post('/people/:person/link', {
    config: { ...managing, answersOnce: true },
    schema: {
      summary: 'Invite somebody once more; the link before is worth nothing from then on',
      tags,
      params: One,
      response: { 201: Invitation },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await invited(request, (await find(request)).user)),
  });

  app.patch('/people/:person', {
    config: managing,
    schema: {
      summary: 'Close an account and end its sessions, or open it again',
      tags,
      params: One,
      body: z.strictObject({ disabled: z.boolean() }).meta({ examples: [{ disabled: true }] }),
      response: { 200: Person },
    },
    async handler(request) {
      const { user } = await find(request);
      const { actor, ...manager } = managerOf(request);
      if (!(await mayDisable(stores, organizationOf(request).number, user, manager))) {
        throw new HttpProblem('not-allowed');
      }
      await setDisabled(stores, user, request.body.disabled, actor, now());
      return show((await find(request)).member);
    },
  });

  app.put('/people/:person/roles/:role', {
    config: managing,
    schema: {
      summary: 'Give a role, or give it another last day',
      tags,
      params: OneRole,
      body: z.strictObject({ until: Until }).meta({ examples: [{ until: '2027-01-31' }] }),
      response: { 200: Person },
    },
    async handler(request) {
      const { user } = await find(request);
      const given = { role: request.params.role, until: request.body.until ?? '' };
      await giveRole(stores, organizationOf(request).number, user, given, managerOf(request), now());
      return show((await find(request)).member);
    },
  });

  app.delete('/people/:person/roles/:role', {
    config: managing,
    schema: {
      summary: 'Take a role away; without one, somebody has no access',
      tags,
      params: OneRole,
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const { user } = await find(request);
      const { number } = organizationOf(request);
      if (!(await takeRole(stores, number, user, request.params.role, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });
};
