import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AttestationId, attestationIds, attestationTemplates } from '../../../../shared/attestations.ts';
import { after, intervalWords } from '../../../../shared/interval.ts';
import { numberSource } from '../../../../shared/number-sources.ts';
import { actorOf } from '../../../caller.ts';
import { attestationAddresses } from '../../../pages/attestations/addresses.ts';
import { AskPage } from '../../../pages/attestations/ask.tsx';
import { AttestationsPage, type CampaignRow } from '../../../pages/attestations/attestations.tsx';
import { attestationTerm } from '../../../review/clauses.ts';
import { sentencesOf } from '../../../sentences.ts';
import type { Campaign, CampaignCounts } from '../../../storage/attestations/campaigns.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendPage } from '../send-page.ts';
import { organizationOf, viewerOf } from '../viewer.ts';
import { sendCampaign } from './campaign-view.ts';

const Params = z.object({ organization: z.string().max(40) });
const Template = z.enum(attestationIds as [AttestationId, ...AttestationId[]]);
const Day = z.iso.date();
const day = 86_400_000;
const everyCampaign = 200;
const mostPeople = 1_000;
/** Longer than any period there is, for statements that come with a case. */
const withoutTerm = '12mo';

/** What was asked so far, what could be asked, and asking. */
export const askRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now } = options;

  async function termOf(organization: number, template: AttestationId) {
    const { policy } = await stores.organizations.policy(organization);
    const term = attestationTerm(await sentencesOf(stores, organization, policy.id, now()), template);
    const every =
      term === undefined
        ? 'with each case'
        : `every ${intervalWords(term.every)}, from ${numberSource(term.numberFrom)}`;
    return { term, every };
  }

  app.get('/organizations/:organization/attestations', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const moment = now();
      const { number, id, name } = organizationOf(request);
      const [{ policy }, campaigns] = await Promise.all([
        stores.organizations.policy(number),
        stores.attestations.list(number, everyCampaign),
      ]);
      const set = await sentencesOf(stores, number, policy.id, moment);
      const resting = (template: AttestationId) =>
        set?.clauses.filter(({ answers }) =>
          answers.some((answer) => answer.kind === 'attestation' && answer.attestation === template),
        ).length ?? 0;
      const templates = attestationIds.map((template) => {
        const { title, audience } = attestationTemplates[template];
        const term = attestationTerm(set, template);
        return {
          id: template,
          title,
          audience,
          every:
            term === undefined
              ? 'with each case'
              : `every ${intervalWords(term.every)}, from ${numberSource(term.numberFrom)}`,
          clauses: resting(template),
          asked: campaigns.some((campaign) => campaign.template === template),
        };
      });
      return sendPage(reply, AttestationsPage, {
        viewer: viewerOf(request),
        now: moment.toISOString(),
        organization: { id, name },
        campaigns: campaigns.map((campaign) => rowOf(campaign, moment)),
        templates: templates.toSorted((a, b) => b.clauses - a.clauses || a.title.localeCompare(b.title)),
      });
    },
  });

  async function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    template: AttestationId,
    given: Partial<z.output<typeof Ask>> = {},
    problem?: string,
  ) {
    const moment = now();
    const { number, id, name } = organizationOf(request);
    const { title, statement, audience } = attestationTemplates[template];
    const { every, term } = await termOf(number, template);
    const devices = await stores.devices.count(number, everyDevice);
    const asDay = (at: Date) => at.toISOString().slice(0, 10);
    return sendPage(reply.code(problem === undefined ? 200 : 422), AskPage, {
      viewer: viewerOf(request),
      now: moment.toISOString(),
      organization: { id, name },
      template,
      title,
      statement: given.statement ?? statement,
      role: given.role ?? audience,
      every,
      periodFrom: given.periodFrom ?? asDay(before(moment, term?.every ?? withoutTerm)),
      due: given.due ?? asDay(new Date(moment.getTime() + 14 * day)),
      people: given.people ?? '',
      laptops: given.laptops === 'yes',
      devices,
      problem,
    });
  }

  app.get('/organizations/:organization/attestations/new', {
    config: { caller: 'organization:registers.write' },
    schema: {
      hide: true,
      params: Params,
      querystring: z.object({ statement: Template.default('A-policy-read') }),
    },
    handler: (request, reply) => sendForm(request, reply, request.query.statement),
  });

  const Ask = z.object({
    csrf: z.string().max(2_000),
    template: Template,
    statement: z.string().max(2_000),
    role: z.string().max(400),
    periodFrom: Day,
    due: Day,
    laptops: z.literal('yes').optional(),
    people: z.string().max(200_000).default(''),
  });

  app.post('/organizations/:organization/attestations', {
    config: { caller: 'organization:registers.write' },
    bodyLimit: 256 * 1_024,
    schema: { hide: true, params: Params, body: Ask },
    async handler(request, reply) {
      const at = now();
      const { number } = organizationOf(request);
      const { template, statement, role, periodFrom, due, laptops, people } = request.body;
      const refuse = (problem: string) => sendForm(request, reply, template, request.body, problem);
      const dueAt = new Date(`${due}T23:59:59.999Z`);
      const words = statement.trim().replaceAll(/\s+/g, ' ');
      if (words.length < 20 || words.length > 1_000)
        return refuse('Say the statement in 20 to 1000 characters.');
      if (role.trim().length === 0) return refuse('Say whom it is meant for.');
      if (dueAt <= at) return refuse('Choose a day to come for the answers.');
      const contacts = [...new Set(people.split(/[\s,;]+/).filter((contact) => contact !== ''))];
      const odd = contacts.findIndex((contact) => !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(contact));
      if (odd >= 0) return refuse(`The address number ${odd + 1} is none; write one a line.`);
      const devices = laptops === 'yes' ? await stores.devices.list(number, everyDevice, mostPeople, 0) : [];
      const asked = [
        ...contacts.map((contact) => ({ contact })),
        ...devices.map((device) => ({ device: device.number })),
      ];
      if (asked.length === 0) return refuse('Say who is asked: laptops, addresses, or both.');
      if (asked.length > mostPeople) return refuse(`Ask at most ${mostPeople} people at once.`);
      const { term } = await termOf(number, template);
      const made = await stores.attestations.create(
        number,
        {
          template,
          title: attestationTemplates[template].title,
          statement: words,
          role: role.trim(),
          periodFrom: new Date(`${periodFrom}T00:00:00Z`),
          dueAt,
          validUntil: after(dueAt, term?.every ?? withoutTerm),
          people: asked,
        },
        actorOf(request),
        at,
      );
      return sendCampaign(options, request, reply.code(201), made.id, {
        links: made.people.flatMap(({ pseudonym, code, contact }) =>
          contact === undefined
            ? []
            : [
                {
                  pseudonym,
                  contact,
                  address: `${options.access.origin(request)}${attestationAddresses.link(code)}`,
                },
              ],
        ),
      });
    },
  });
};

const everyDevice = {
  search: '',
  state: null,
  platform: null,
  check: null,
  sort: 'device',
  descending: false,
} as const;

/** One interval before a moment, near enough for a first day. */
function before(moment: Date, interval: string): Date {
  const length = after(moment, interval).getTime() - moment.getTime();
  return new Date(moment.getTime() - length);
}

function rowOf(campaign: Campaign & { readonly counts: CampaignCounts }, now: Date): CampaignRow {
  const { id, title, role, counts, dueAt, validUntil, endedAt } = campaign;
  const answered = counts.yes + counts.no + counts.notApplicable;
  const state =
    validUntil <= now
      ? 'expired'
      : answered === counts.people
        ? 'complete'
        : endedAt !== null
          ? 'ended'
          : dueAt <= now
            ? 'over'
            : 'running';
  return {
    id,
    title,
    role,
    ...counts,
    dueAt: dueAt.toISOString(),
    validUntil: validUntil.toISOString(),
    state,
  };
}
