import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AttestationId, attestationIds, attestationTemplates } from '../../../../shared/attestations.ts';
import { after, intervalWords } from '../../../../shared/interval.ts';
import { numberSource } from '../../../../shared/number-sources.ts';
import { actorOf, organizationOf } from '../../../caller.ts';
import { askPeople, termOf, withoutTerm } from '../../../desk/campaigns.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { attestationAddresses } from '../../../pages/attestations/addresses.ts';
import { AskPage } from '../../../pages/attestations/ask.tsx';
import { AttestationsPage, type CampaignRow } from '../../../pages/attestations/attestations.tsx';
import { attestationTerm } from '../../../review/clauses.ts';
import { sentencesOf } from '../../../sentences.ts';
import type { Campaign } from '../../../storage/attestations/campaign-rows.ts';
import type { CampaignCounts } from '../../../storage/attestations/campaigns.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { sendCampaign } from './campaign-view.ts';

const Params = z.object({ organization: z.string().max(40) });
const Template = z.enum(attestationIds as [AttestationId, ...AttestationId[]]);
const Day = z.iso.date();
const day = 86_400_000;
const everyCampaign = 200;

/** What was asked so far, what could be asked, and asking. */
export const askRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now } = options;

  async function termAndWords(organization: number, template: AttestationId) {
    const term = await termOf(stores, organization, template, now());
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
    const { every, term } = await termAndWords(number, template);
    const devices = await stores.devices.count(number);
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
      const { number } = organizationOf(request);
      const { laptops, people, ...given } = request.body;
      const asked = {
        ...given,
        laptops: laptops === 'yes',
        people: people.split(/[\s,;]+/).filter((contact) => contact !== ''),
      };
      let made: Awaited<ReturnType<typeof askPeople>>;
      try {
        made = await askPeople(stores, number, asked, actorOf(request), now());
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return sendForm(request, reply, given.template, request.body, error.message);
      }
      return sendCampaign(options, request, reply.code(201), made.id, {
        mailed: options.access.mailer !== undefined,
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
