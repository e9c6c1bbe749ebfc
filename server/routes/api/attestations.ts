import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { attestationAnswers } from '../../../shared/attestation-answer.ts';
import { type AttestationId, attestationIds, attestationTemplates } from '../../../shared/attestations.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { askPeople, putRight } from '../../desk/campaigns.ts';
import { attestationAddresses } from '../../pages/attestations/addresses.ts';
import { HttpProblem } from '../../problem.ts';
import type { AskedPerson } from '../../storage/attestations/asked-people.ts';
import type { Campaign } from '../../storage/attestations/campaign-rows.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['attestations'];
const reading = { caller: 'organization:registers.read' } as const;
const writing = { caller: 'organization:registers.write' } as const;
/** More than an organization ever asks. */
const everyCampaign = 10_000;
const campaignCursors = cursorsOf('attestations', z.string().max(40));
const personCursors = cursorsOf('attestations/people', z.string().max(40));

const One = z.object({ campaign: z.string().max(40) });
const Person = One.extend({ person: z.string().max(40) });
const Template = z.enum(attestationIds as [AttestationId, ...AttestationId[]]);

const Shown = z.object({
  id: z.string(),
  template: z.string(),
  title: z.string(),
  statement: z.string(),
  digest: z.string().describe('SHA-256 of the exact words of the statement, in hex'),
  role: z.string(),
  periodFrom: z.string(),
  createdAt: z.string(),
  dueAt: z.string(),
  validUntil: z.string(),
  endedAt: z.string().nullable(),
});
const Counts = z.object({
  people: z.number(),
  yes: z.number(),
  no: z.number(),
  notApplicable: z.number(),
  actions: z.number().describe('What a no opened and nobody has put right'),
});
const Asked = z.object({
  id: z.string(),
  pseudonym: z.string(),
  device: z.string().nullable().describe('Pseudonym of the laptop that may answer'),
  answer: z.enum(attestationAnswers).nullable(),
  reason: z.string(),
  answeredAt: z.string().nullable(),
  answeredBy: z.enum(['link', 'laptop']).nullable(),
  evidence: z.string().nullable().describe('SHA-256 of a file kept elsewhere, in hex'),
  signed: z.string().nullable().describe('The answer as the laptop signed it: a compact JWS'),
  countersignedAt: z.string().nullable(),
  actionDueAt: z.string().nullable(),
  actionDoneAt: z.string().nullable(),
  actionNote: z.string(),
});
const Link = z.object({
  person: z.string(),
  pseudonym: z.string(),
  contact: z.string().nullable().describe('Whose link it is, where it was made for an address'),
  address: z.string().describe('Answers once; shown this once'),
});

const text = (at: Date | null) => at?.toISOString() ?? null;
const show = (campaign: Campaign): z.output<typeof Shown> => ({
  ...campaign,
  periodFrom: campaign.periodFrom.toISOString(),
  createdAt: campaign.createdAt.toISOString(),
  dueAt: campaign.dueAt.toISOString(),
  validUntil: campaign.validUntil.toISOString(),
  endedAt: text(campaign.endedAt),
});
const showPerson = (person: AskedPerson): z.output<typeof Asked> => ({
  ...person,
  answeredAt: text(person.answeredAt),
  countersignedAt: text(person.countersignedAt),
  actionDueAt: text(person.actionDueAt),
  actionDoneAt: text(person.actionDoneAt),
});

/** Statements people are asked for, and what they said. */
export const attestationApiRoutes: ApiRoutes = async (app, { stores, now, access }) => {
  async function find(request: FastifyRequest): Promise<Campaign> {
    const { campaign: id } = request.params as z.output<typeof One>;
    const campaign = await stores.attestations.byId(organizationOf(request).number, id);
    if (campaign === undefined) throw new HttpProblem('not-found');
    return campaign;
  }
  async function findPerson(request: FastifyRequest): Promise<AskedPerson> {
    const { campaign, person: id } = request.params as z.output<typeof Person>;
    const people = await stores.attestations.people(organizationOf(request).number, campaign);
    const person = people.find((asked) => asked.id === id);
    if (person === undefined) throw new HttpProblem('not-found');
    return person;
  }
  const linkOf = (request: FastifyRequest, code: string) =>
    `${access.origin(request)}${attestationAddresses.link(code)}`;

  app.get('/attestations', {
    config: reading,
    schema: {
      tags,
      summary: 'Campaigns, in the order people were asked',
      querystring: Paging,
      response: { 200: pageOf('campaigns', Shown.extend({ counts: Counts })) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const place = campaignCursors.placeOf(request.query);
      const found = behind(await stores.attestations.list(number, everyCampaign), place);
      const { shown, next } = campaignCursors.page(found, request.query.limit, ({ id }) => id);
      return { campaigns: shown.map((one) => ({ ...show(one), counts: { ...one.counts } })), next };
    },
  });

  app.get('/attestations/:campaign', {
    config: reading,
    schema: { tags, summary: 'One campaign', params: One, response: { 200: Shown } },
    handler: async (request) => show(await find(request)),
  });

  app.get('/attestations/:campaign/people', {
    config: reading,
    schema: {
      tags,
      summary: 'Who is asked, by pseudonym, and what they said',
      params: One,
      querystring: Paging,
      response: { 200: pageOf('people', Asked) },
    },
    async handler(request) {
      const { id } = await find(request);
      const place = personCursors.placeOf(request.query);
      const asked = await stores.attestations.people(organizationOf(request).number, id);
      const { shown, next } = personCursors.page(
        behind(asked, place),
        request.query.limit,
        (person) => person.id,
      );
      return { people: shown.map(showPerson), next };
    },
  });

  app.post('/attestations', {
    config: { ...writing, answersOnce: true },
    bodyLimit: 256 * 1_024,
    schema: {
      tags,
      summary: 'Ask people for a statement',
      description:
        'Whoever uses a laptop is asked there; whoever has an address gets a link, told in the answer this once.',
      body: z
        .strictObject({
          template: Template,
          statement: z
            .string()
            .max(2_000)
            .optional()
            .describe('The exact words; those of the template without it'),
          role: z.string().max(400).optional(),
          periodFrom: z.iso.date(),
          due: z.iso.date(),
          laptops: z.boolean().default(false),
          people: z.array(z.string().max(300)).max(1_000).default([]),
        })
        .meta({
          examples: [
            { template: 'A-clear-desk', periodFrom: '2026-10-01', due: '2027-01-31', laptops: true },
          ],
        }),
      response: { 201: Shown.extend({ links: z.array(Link) }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { template, statement, role, ...asked } = request.body;
      const words = attestationTemplates[template];
      const given = {
        ...asked,
        template,
        statement: statement ?? words.statement,
        role: role ?? words.audience,
      };
      const made = await askPeople(stores, number, given, actorOf(request), now());
      const campaign = await stores.attestations.byId(number, made.id);
      if (campaign === undefined) throw new HttpProblem('not-found');
      return reply.code(201).send({
        ...show(campaign),
        links: made.people.flatMap(({ id: person, pseudonym, code, contact }) =>
          contact === undefined ? [] : [{ person, pseudonym, contact, address: linkOf(request, code) }],
        ),
      });
    },
  });

  app.post('/attestations/:campaign/end', {
    config: writing,
    schema: {
      tags,
      summary: 'End a campaign: who has not answered is asked no more',
      params: One,
      response: { 200: Shown },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      if (!(await stores.attestations.end(number, request.params.campaign, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return show(await find(request));
    },
  });

  app.post('/attestations/:campaign/people/:person/link', {
    config: { ...writing, answersOnce: true },
    schema: {
      tags,
      summary: 'A new link for somebody who has not answered; the one before is worth nothing from then on',
      params: Person,
      response: { 201: Link },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { campaign, person } = request.params;
      const code = await stores.attestations.renewLink(number, campaign, person, actorOf(request), now());
      if (code === undefined) throw new HttpProblem('not-found');
      const { pseudonym } = await findPerson(request);
      return reply.code(201).send({ person, pseudonym, contact: null, address: linkOf(request, code) });
    },
  });

  app.post('/attestations/:campaign/people/:person/countersign', {
    config: { caller: 'organization:registers.approve' },
    schema: {
      tags,
      summary: 'Countersign what somebody said; for people, not for programs',
      params: Person,
      response: { 200: Asked },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { campaign, person } = request.params;
      if (!(await stores.attestations.countersign(number, campaign, person, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return showPerson(await findPerson(request));
    },
  });

  app.post('/attestations/:campaign/people/:person/put-right', {
    config: writing,
    schema: {
      tags,
      summary: 'Say that what a no opened was put right',
      params: Person,
      body: z
        .strictObject({ note: z.string().max(2_000) })
        .meta({ examples: [{ note: 'The desk was cleared.' }] }),
      response: { 200: Asked },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const given = { ...request.params, note: request.body.note };
      if (!(await putRight(stores, number, given, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return showPerson(await findPerson(request));
    },
  });
};
