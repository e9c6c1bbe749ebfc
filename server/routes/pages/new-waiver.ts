import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { platforms } from '../../../shared/answer.ts';
import type { Check } from '../../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import { isMediumPoint, MediumId } from '../../../shared/medium.ts';
import type { Policy } from '../../../shared/policy.ts';
import { maxWaiverDays, type WaiverScope, waiverOwners } from '../../../shared/waiver.ts';
import { actorOf } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import { NewWaiverPage, type WaiverDraft } from '../../pages/new-waiver.tsx';
import { endOfDay, waiverDays } from '../../review/waiver-days.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { NewWaiver } from '../../storage/waivers.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { organizationOf, viewerOf } from './viewer.ts';

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
      const { policy } = await stores.organizations.policy(organization.number);
      const asked = await read(request.body, organization, policy, at);
      if (typeof asked === 'string') {
        return sendPage(reply.code(400), NewWaiverPage, await form(request, request.body, asked));
      }
      const id = await stores.waivers.request(organization.number, asked, actorOf(request), at);
      return reply.redirect(addresses.waiver(organization.id, id), 303);
    },
  });

  /** What was asked for, or what is wrong with it. */
  async function read(
    draft: WaiverDraft,
    organization: Organization,
    policy: Policy,
    at: Date,
  ): Promise<NewWaiver | string> {
    const [check = '', point = null] = draft.about.split('/');
    const points = (checks[check as CheckId] as unknown as Check | undefined)?.points;
    if (points === undefined || (point !== null && points[point] === undefined)) {
      return 'Choose what is to be excused.';
    }
    const scope = await scopeOf(draft, organization.number);
    if (scope === undefined) {
      return draft.scope === 'device'
        ? 'There is no laptop of that name here. Its pseudonym begins with D-.'
        : 'Choose for whom it is.';
    }
    if (draft.reason.length < 10) return 'Say why, in ten characters at least.';
    const expiresAt = endOfDay(draft.until);
    const { first, last } = waiverDays(at, maxWaiverDays(policy));
    if (expiresAt === undefined || draft.until < first || draft.until > last) {
      return `Its last day has to lie between ${first} and ${last}.`;
    }
    const { reason, control } = draft;
    const medium = draft.medium === '' ? undefined : draft.medium.toLowerCase();
    if (medium !== undefined) {
      if (!isMediumPoint(check, point) || scope.kind !== 'device') {
        return 'A single stick is approved under “Removable media: only approved media in use”, for one laptop.';
      }
      if (!MediumId.safeParse(medium).success) return 'The number of a stick looks like m3fa2b1c8d4e5.';
    }
    return { scope, check, point, medium, reason, control, startsAt: at, expiresAt };
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
