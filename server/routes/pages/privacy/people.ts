import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import {
  assignLaptop,
  copyOf,
  correctPerson,
  erase,
  lookAtPerson,
  restrictPerson,
  whereKnown,
} from '../../../desk/privacy.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { privacyAddresses } from '../../../pages/privacy/addresses.ts';
import { PersonPage } from '../../../pages/privacy/person.tsx';
import { HttpProblem } from '../../../problem.ts';
import { RegisterRefusal } from '../../../registers/engine.ts';
import type { CollectorKey } from '../../../signing/collector-key.ts';
import type { Person } from '../../../storage/people/people.ts';
import { nameOf } from '../registers/views.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';

export interface PrivacyOptions extends PageOptions {
  readonly collectorKey: CollectorKey;
}

const Params = z.object({ organization: z.string().max(40), person: z.string().max(40) });

export const PersonBody = z.object({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(200),
  kind: z.enum(['staff', 'agent', 'contractor']),
});

/** One person: what is held about them, and what is done for their rights. Each look and each act is in the audit log. */
export const personRoutes: FastifyPluginAsyncZod<PrivacyOptions> = async (
  app,
  { stores, now, collectorKey },
) => {
  const caller = { caller: 'organization:privacy.manage' } as const;

  async function find(request: FastifyRequest): Promise<Person> {
    const { person: id } = request.params as { person: string };
    const person = await stores.people.byId(organizationOf(request).number, id);
    if (person === undefined) throw new HttpProblem('not-found');
    return person;
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    problem?: string,
    known?: Awaited<ReturnType<typeof whereKnown>>,
  ) {
    const { id, name } = organizationOf(request);
    const { laptops, mentions, requests } = known ?? (await whereKnown(stores, person, now()));
    return sendPage(reply.code(problem === undefined ? 200 : 422), PersonPage, {
      viewer: viewerOf(request),
      organization: { id, name },
      person: { id: person.id, name: person.name, email: person.email, kind: person.kind },
      laptops: laptops.map(({ since, until, restrictedSince, ...laptop }) => ({
        ...laptop,
        since: since.toISOString(),
        until: until?.toISOString() ?? null,
        restrictedSince: restrictedSince?.toISOString() ?? null,
      })),
      records: mentions.map(({ register, record }) => ({
        register: register.id,
        id: record.id,
        name: nameOf(record),
      })),
      requests: requests.map((record) => ({ id: record.id, name: nameOf(record) })),
      problem,
    });
  }

  const back = (request: FastifyRequest, reply: FastifyReply, person: Person) =>
    reply.redirect(privacyAddresses.person(organizationOf(request).id, person.id), 303);

  app.get('/organizations/:organization/privacy/people/:person', {
    config: caller,
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const person = await find(request);
      const known = await lookAtPerson(stores, person, actorOf(request), now());
      return show(request, reply, person, undefined, known);
    },
  });

  app.post('/organizations/:organization/privacy/people/:person', {
    config: caller,
    schema: { hide: true, params: Params, body: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const person = await find(request);
      const given = PersonBody.safeParse(request.body);
      if (!given.success) return show(request, reply, person, 'A name and an e-mail address are needed.');
      await correctPerson(stores, person, given.data, actorOf(request), now());
      return back(request, reply, person);
    },
  });

  app.post('/organizations/:organization/privacy/people/:person/laptop', {
    config: caller,
    schema: { hide: true, params: Params, body: z.looseObject({ label: z.string().max(40) }) },
    async handler(request, reply) {
      const person = await find(request);
      const label = request.body.label.trim().toUpperCase();
      const device = await stores.devices.byLabel(person.organization, label);
      if (device === undefined) return show(request, reply, person, 'There is no laptop of that pseudonym.');
      await assignLaptop(stores, person, device.id, actorOf(request), now());
      return back(request, reply, person);
    },
  });

  app.post('/organizations/:organization/privacy/people/:person/copy', {
    config: caller,
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const at = now();
      const person = await find(request);
      const zip = await copyOf(
        { stores, collectorKey },
        organizationOf(request),
        person,
        actorOf(request),
        at,
      );
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="copy-${at.toISOString().slice(0, 10)}.zip"`)
        .type('application/zip')
        .send(Buffer.from(zip));
    },
  });

  for (const act of ['restrict', 'lift'] as const) {
    app.post(`/organizations/:organization/privacy/people/:person/${act}`, {
      config: caller,
      schema: { hide: true, params: Params },
      async handler(request, reply) {
        const person = await find(request);
        await restrictPerson(stores, person, act, actorOf(request), now());
        return back(request, reply, person);
      },
    });
  }

  app.post('/organizations/:organization/privacy/people/:person/erase', {
    config: caller,
    schema: {
      hide: true,
      params: Params,
      body: z.looseObject({ confirm: z.string().max(40), request: z.string().max(40).optional() }),
    },
    async handler(request, reply) {
      const person = await find(request);
      const { confirm, request: asked = '' } = request.body;
      try {
        const given = { confirm, request: asked === '' ? null : asked };
        const erased = await erase(stores, person, given, actorOf(request), now());
        if (erased === undefined) throw new HttpProblem('not-found');
        const { certificate, byHand } = erased;
        const address = privacyAddresses.certificate(organizationOf(request).id, certificate.id);
        return reply.redirect(byHand.length === 0 ? address : `${address}?look=${byHand.join(',')}`, 303);
      } catch (error) {
        if (!(error instanceof RegisterRefusal || error instanceof Refusal)) throw error;
        return show(request, reply, person, error.message);
      }
    },
  });
};
