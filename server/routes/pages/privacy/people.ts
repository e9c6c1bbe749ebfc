import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf } from '../../../caller.ts';
import { privacyAddresses } from '../../../pages/privacy/addresses.ts';
import { PersonPage } from '../../../pages/privacy/person.tsx';
import { erasePerson } from '../../../privacy/erase.ts';
import { mentionsOf } from '../../../privacy/mentions.ts';
import { subjectPackage } from '../../../privacy/subject-export.ts';
import { HttpProblem } from '../../../problem.ts';
import { RegisterRefusal } from '../../../registers/engine.ts';
import type { CollectorKey } from '../../../signing/collector-key.ts';
import type { Person } from '../../../storage/people/people.ts';
import { nameOf } from '../registers/views.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { organizationOf, viewerOf } from '../viewer.ts';

export interface PrivacyOptions extends PageOptions {
  readonly collectorKey: CollectorKey;
}

const Params = z.object({ organization: z.string().max(40), person: z.string().max(40) });
const openRequests = { search: '', state: 'open', sort: 'reference', descending: false } as const;

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

  const note = (
    request: FastifyRequest,
    action: 'identity.view' | 'identity.export' | 'identity.change' | 'identity.assign',
    subject: string,
  ) =>
    stores.audit.record(
      { organization: organizationOf(request).number, actor: actorOf(request), action, subject },
      now(),
    );

  async function show(request: FastifyRequest, reply: FastifyReply, person: Person, problem?: string) {
    const { id, name, number } = organizationOf(request);
    const [holdings, restrictions, mentions, open] = await Promise.all([
      stores.people.holdings(number, person.id),
      stores.restrictions.of(number),
      mentionsOf(stores, person),
      stores.records.list(number, 'requests', openRequests, now(), 200, 0),
    ]);
    const devices = await Promise.all(holdings.map(({ device }) => stores.devices.byId(number, device)));
    return sendPage(reply.code(problem === undefined ? 200 : 422), PersonPage, {
      viewer: viewerOf(request),
      organization: { id, name },
      person: { id: person.id, name: person.name, email: person.email, kind: person.kind },
      laptops: holdings.map(({ device, since, until }, index) => ({
        id: device,
        label: devices[index]?.label ?? 'deleted',
        since: since.toISOString(),
        until: until?.toISOString() ?? null,
        restrictedSince: restrictions.get(device)?.toISOString() ?? null,
      })),
      records: mentions.map(({ register, record }) => ({
        register: register.id,
        id: record.id,
        name: nameOf(record),
      })),
      requests: open
        .filter(({ values }) => values['kind'] === 'erasure')
        .map((record) => ({ id: record.id, name: nameOf(record) })),
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
      await note(request, 'identity.view', person.id);
      return show(request, reply, person);
    },
  });

  app.post('/organizations/:organization/privacy/people/:person', {
    config: caller,
    schema: { hide: true, params: Params, body: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const person = await find(request);
      const given = PersonBody.safeParse(request.body);
      if (!given.success) return show(request, reply, person, 'A name and an e-mail address are needed.');
      await stores.people.change(person.organization, person.id, given.data);
      await note(request, 'identity.change', person.id);
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
      await note(request, 'identity.assign', device.id);
      await stores.people.assign(person.organization, device.id, person.id, now());
      return back(request, reply, person);
    },
  });

  app.post('/organizations/:organization/privacy/people/:person/copy', {
    config: caller,
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const at = now();
      const person = await find(request);
      await note(request, 'identity.export', person.id);
      const zip = await subjectPackage(stores, collectorKey, organizationOf(request), person, at);
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
        const holdings = await stores.people.holdings(person.organization, person.id);
        for (const { device } of holdings.filter(({ until }) => until === null)) {
          await stores.restrictions[act](person.organization, device, actorOf(request), now());
        }
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
      if (request.body.confirm.trim() !== 'ERASE') {
        return show(request, reply, person, 'Nothing was erased: write ERASE to confirm.');
      }
      const { request: asked = '' } = request.body;
      const known =
        asked === '' ? undefined : await stores.records.byId(person.organization, 'requests', asked);
      if (asked !== '' && known === undefined) throw new HttpProblem('not-found');
      const actor = actorOf(request);
      try {
        const { certificate, byHand } = await erasePerson(
          stores,
          person,
          { actor, person: actor },
          known?.id ?? null,
          now(),
        );
        const address = privacyAddresses.certificate(organizationOf(request).id, certificate.id);
        return reply.redirect(byHand.length === 0 ? address : `${address}?look=${byHand.join(',')}`, 303);
      } catch (error) {
        if (!(error instanceof RegisterRefusal)) throw error;
        return show(request, reply, person, error.message);
      }
    },
  });
};
