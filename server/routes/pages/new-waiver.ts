import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { platforms } from '../../../shared/answer.ts';
import type { Check } from '../../../shared/check.ts';
import { checkIds, checks } from '../../../shared/checks/index.ts';
import { MediumId } from '../../../shared/medium.ts';
import { maxWaiverDays, type WaiverScope, waiverOwners } from '../../../shared/waiver.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { Refusal } from '../../desk/refusal.ts';
import { askForWaiver, type WaiverAsked } from '../../desk/waivers.ts';
import { addresses } from '../../pages/addresses.ts';
import { NewWaiverPage, type WaiverDraft } from '../../pages/new-waiver.tsx';
import { endOfDay, waiverDays } from '../../review/waiver-days.ts';
import type { Organization } from '../../storage/organizations.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const Params = z.object({ organization: z.string().max(40) });
const text = (length: number) => z.string().trim().max(length).catch('').default('');
const Draft = z.object({
  about: text(81),
  scope: text(40),
  laptop: text(20),
  medium: text(20),
  reason: text(1_000),
  control: text(1_000),
  until: text(10),
});

/** Asking for a waiver. */
export const newWaiverRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function form(request: FastifyRequest, draft: WaiverDraft, problem: string | null) {
    const { number, id, name } = organizationOf(request);
    const { policy } = await stores.organizations.policy(number);
    const maxDays = maxWaiverDays(policy);
    const { first, last } = waiverDays(now(), maxDays);
    return {
      viewer: viewerOf(request),
      organization: { id, name },
      draft: { ...draft, until: draft.until === '' ? last : draft.until },
      checks: checkIds.map((check) => ({
        id: check,
        title: checks[check].title,
        points: Object.entries(checks[check].points as Check['points']).map(([point, { title }]) => ({
          id: point,
          title,
        })),
      })),
      firstDay: first,
      lastDay: last,
      maxDays,
      problem,
    };
  }

  app.get('/organizations/:organization/waivers/new', {
    config: { caller: 'organization:waivers.write' },
    schema: { hide: true, params: Params, querystring: Draft },
    handler: async (request, reply) =>
      sendPage(reply, NewWaiverPage, await form(request, request.query, null)),
  });

  app.post('/organizations/:organization/waivers', {
    config: { caller: 'organization:waivers.write' },
    schema: { hide: true, params: Params, body: Draft.extend({ csrf: z.string().max(200) }) },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      try {
        const asked = await read(request.body, organization);
        const id = await askForWaiver(stores, organization.number, asked, actorOf(request), at);
        return reply.redirect(addresses.waiver(organization.id, id), 303);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const problem = error.message;
        return sendPage(reply.code(400), NewWaiverPage, await form(request, request.body, problem));
      }
    },
  });

  /** What the form asks for. Throws Refusal. */
  async function read(draft: WaiverDraft, { number }: Organization): Promise<WaiverAsked> {
    const [check = '', point = null] = draft.about.split('/');
    const scope = await scopeOf(draft, number);
    if (scope === undefined && draft.scope === 'device') {
      throw new Refusal('There is no laptop of that name here. Its pseudonym begins with D-.');
    }
    const medium = draft.medium === '' ? undefined : draft.medium.toLowerCase();
    if (medium !== undefined && !MediumId.safeParse(medium).success) {
      throw new Refusal('The number of a stick looks like m3fa2b1c8d4e5.');
    }
    const { reason, control } = draft;
    return { scope, check, point, medium, reason, control, expiresAt: endOfDay(draft.until) };
  }

  async function scopeOf(
    { scope, laptop }: WaiverDraft,
    organization: number,
  ): Promise<WaiverScope | undefined> {
    const [kind, value] = scope.split(':');
    const platform = platforms.find((known) => known === value);
    const owner = waiverOwners.find((known) => known === value);
    if (kind === 'organization') return { kind };
    if (kind === 'platform' && platform !== undefined) return { kind, platform };
    if (kind === 'owner' && owner !== undefined) return { kind, owner };
    if (kind !== 'device') return undefined;
    const device = await stores.devices.byLabel(organization, laptop.toUpperCase());
    return device && { kind, device: device.id };
  }
};
