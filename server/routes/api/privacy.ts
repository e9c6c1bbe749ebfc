import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import {
  addPerson,
  assignLaptop,
  copyOf,
  correctPerson,
  erase,
  listPeople,
  lookAtPerson,
  restrictPerson,
  reveal,
} from '../../desk/privacy.ts';
import { HttpProblem } from '../../problem.ts';
import { type Person, personKinds } from '../../storage/people/people.ts';
import { file, sendFile } from './files.ts';
import { findDevice } from './find-device.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['privacy'];
const caller = { caller: 'organization:privacy.manage' } as const;
const cursors = cursorsOf('privacy/people', z.string().max(40));

const One = z.object({ person: z.string().max(40) });
const Details = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(200),
  kind: z.enum(personKinds),
});
const Shown = Details.extend({ id: z.string(), createdAt: z.string() });
const example = { name: 'Naledi M.', email: 'naledi@acme.example', kind: 'staff' };
const Nothing = { 204: z.null() };

const show = ({ id, name, email, kind, createdAt }: Person): z.output<typeof Shown> => ({
  id,
  name,
  email,
  kind,
  createdAt: createdAt.toISOString(),
});

/**
 * People whose data are held, and what is done for their rights. Each look and each act is in the audit log, and takes somebody signed
 * in: no token has these permissions.
 */
export const privacyApiRoutes: ApiRoutes = async (app, { stores, now, collectorKey }) => {
  async function find(request: FastifyRequest): Promise<Person> {
    const { person: id } = request.params as z.output<typeof One>;
    const person = await stores.people.byId(organizationOf(request).number, id);
    if (person === undefined) throw new HttpProblem('not-found');
    return person;
  }

  app.get('/privacy/people', {
    config: caller,
    schema: {
      tags,
      summary: 'Everybody whose data are held',
      querystring: Paging,
      response: { 200: pageOf('people', Shown) },
    },
    async handler(request) {
      const place = cursors.placeOf(request.query);
      const people = await listPeople(stores, organizationOf(request), actorOf(request), now());
      const { shown, next } = cursors.page(behind(people, place), request.query.limit, ({ id }) => id);
      return { people: shown.map(show), next };
    },
  });

  app.post('/privacy/people', {
    config: caller,
    schema: {
      tags,
      summary: 'Add a person',
      body: Details.meta({ examples: [example] }),
      response: { 201: z.object({ id: z.string() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { id } = await addPerson(stores, number, request.body, actorOf(request), now());
      return reply.code(201).send({ id });
    },
  });

  app.get('/privacy/people/:person', {
    config: caller,
    schema: {
      tags,
      summary: 'What is held about a person, and where',
      params: One,
      response: {
        200: Shown.extend({
          laptops: z.array(
            z.object({
              id: z.string(),
              label: z.string(),
              since: z.string(),
              until: z.string().nullable(),
              restrictedSince: z.string().nullable(),
            }),
          ),
          records: z
            .array(z.object({ register: z.string(), id: z.string() }))
            .describe('Records that name them'),
          requests: z.array(z.string()).describe('Ids of open requests for erasure'),
        }),
      },
    },
    async handler(request) {
      const person = await find(request);
      const { laptops, mentions, requests } = await lookAtPerson(stores, person, actorOf(request), now());
      return {
        ...show(person),
        laptops: laptops.map(({ since, until, restrictedSince, ...laptop }) => ({
          ...laptop,
          since: since.toISOString(),
          until: until?.toISOString() ?? null,
          restrictedSince: restrictedSince?.toISOString() ?? null,
        })),
        records: mentions.map(({ register, record }) => ({ register: register.id, id: record.id })),
        requests: requests.map(({ id }) => id),
      };
    },
  });

  app.put('/privacy/people/:person', {
    config: caller,
    schema: {
      tags,
      summary: 'Correct what is held about a person',
      params: One,
      body: Details.meta({ examples: [example] }),
      response: Nothing,
    },
    async handler(request, reply) {
      await correctPerson(stores, await find(request), request.body, actorOf(request), now());
      return reply.code(204).send(null);
    },
  });

  app.put('/privacy/people/:person/laptops/:device', {
    config: caller,
    schema: {
      tags,
      summary: 'Say that a person holds a laptop; whoever had it no longer does',
      params: One.extend({ device: z.string().max(40) }),
      response: Nothing,
    },
    async handler(request, reply) {
      const [person, device] = await Promise.all([find(request), findDevice(stores, request)]);
      if (device.revokedAt !== null) throw new HttpProblem('not-found');
      await assignLaptop(stores, person, device.id, actorOf(request), now());
      return reply.code(204).send(null);
    },
  });

  app.post('/privacy/people/:person/copy', {
    config: { ...caller, answersOnce: true },
    schema: {
      tags,
      summary: 'A copy of everything that is held about a person, as a signed ZIP file (Art. 15)',
      params: One,
      response: { 200: file('application/zip') },
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const desk = { stores, collectorKey };
      const zip = await copyOf(desk, organization, await find(request), actorOf(request), now());
      return sendFile(reply, 'application/zip', zip);
    },
  });

  for (const [act, summary] of [
    ['restrict', 'Do not use the data of their laptops for now (Art. 18)'],
    ['lift', 'Use the data of their laptops again'],
  ] as const) {
    app.post(`/privacy/people/:person/${act}`, {
      config: caller,
      schema: { tags, summary, params: One, response: Nothing },
      async handler(request, reply) {
        await restrictPerson(stores, await find(request), act, actorOf(request), now());
        return reply.code(204).send(null);
      },
    });
  }

  app.post('/privacy/people/:person/erase', {
    config: caller,
    schema: {
      tags,
      summary: 'Erase a person (Art. 17); what is left is a certificate that names no one',
      params: One,
      body: z
        .strictObject({
          confirm: z.string().max(40).describe('`ERASE`, so that nobody does it by a slip'),
          request: z.string().max(40).nullable().default(null).describe('Id of the record of the request'),
        })
        .meta({ examples: [{ confirm: 'ERASE' }] }),
      response: {
        200: z.object({
          certificate: z.string(),
          byHand: z.array(z.string()).describe('Numbers of records that name them where no name should be'),
        }),
      },
    },
    async handler(request) {
      const erased = await erase(stores, await find(request), request.body, actorOf(request), now());
      if (erased === undefined) throw new HttpProblem('not-found');
      return { certificate: erased.certificate.id, byHand: [...erased.byHand] };
    },
  });

  app.post('/devices/:device/holder', {
    config: { caller: 'organization:identity.reveal', answersOnce: true },
    schema: {
      tags,
      summary: 'Be told who holds a laptop; that and why is shown to them',
      params: z.object({ device: z.string().max(40) }),
      body: z
        .strictObject({ reason: z.string().max(500) })
        .meta({ examples: [{ reason: 'It was found in the train and has to go back.' }] }),
      response: {
        200: z.object({ holder: z.object({ name: z.string(), email: z.string() }).nullable() }),
      },
    },
    async handler(request) {
      const { organization, id } = await findDevice(stores, request);
      const asked = { organization, device: id, actor: actorOf(request), reason: request.body.reason };
      const holder = await reveal(stores, asked, now());
      return { holder: holder === undefined ? null : { name: holder.name, email: holder.email } };
    },
  });
};
