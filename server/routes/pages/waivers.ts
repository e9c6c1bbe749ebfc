import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Id } from '../../../shared/report.ts';
import { maxWaiverDays } from '../../../shared/waiver.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { approveWaiver } from '../../desk/waivers.ts';
import { addresses } from '../../pages/addresses.ts';
import { WaiverPage } from '../../pages/waiver.tsx';
import { WaiversPage } from '../../pages/waivers.tsx';
import { HttpProblem } from '../../problem.ts';
import { endOfDay, waiverDays } from '../../review/waiver-days.ts';
import type { Decision, WaiverRecord } from '../../storage/waivers.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';
import { actorNames, waiverRows } from './waiver-rows.ts';

const waitingShown = 100;
const inForceShown = 500;
const endedShown = 25;
const coveredShown = 25;

const Params = z.object({ organization: z.string().max(40), waiver: z.string().max(40) });
const Note = z.string().trim().max(1_000).default('');

const problemWords: Record<Exclude<Decision, 'done' | 'not-found'>, string> = {
  'own-request': 'You asked for this waiver. Somebody else has to approve it.',
  'decided-already': 'Somebody has decided this in the meantime; this is how it stands now.',
  'bad-dates': 'That day cannot be its last: see below between which days it may end.',
};

/** Waivers of an organization: the list, and one with what can be done with it. */
export const waiverRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/waivers', {
    config: { caller: 'organization:waivers.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.object({ page: z.coerce.number().int().min(1).max(100_000).catch(1) }),
    },
    async handler(request, reply) {
      const at = now();
      const { number, id, name } = organizationOf(request);
      const { page } = request.query;
      const [waiting, waitingTotal, inForce, ended, endedTotal, { policy }] = await Promise.all([
        stores.waivers.waiting(number, waitingShown),
        stores.waivers.waitingCount(number),
        stores.waivers.inForce(number, at, inForceShown),
        stores.waivers.ended(number, at, endedShown, (page - 1) * endedShown),
        stores.waivers.endedCount(number, at),
        stores.organizations.policy(number),
      ]);
      const rows = (records: readonly WaiverRecord[]) => waiverRows(stores, records, { id, name }, at);
      return sendPage(reply, WaiversPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        organization: { id, name },
        maxDays: maxWaiverDays(policy),
        waiting: await rows(waiting),
        waitingTotal,
        inForce: await rows(inForce),
        ended: await rows(ended),
        endedTotal,
        page,
        pages: Math.max(1, Math.ceil(endedTotal / endedShown)),
      });
    },
  });

  async function find(request: FastifyRequest): Promise<WaiverRecord> {
    const { waiver: id } = request.params as z.output<typeof Params>;
    const { number } = organizationOf(request);
    const waiver = Id.safeParse(id).success ? await stores.waivers.byId(number, id) : undefined;
    if (waiver === undefined) throw new HttpProblem('not-found');
    return waiver;
  }

  /** The page of one waiver, with what kept the last step from being done. */
  async function show(request: FastifyRequest, problem: string | null = null) {
    const at = now();
    const { number, id, name } = organizationOf(request);
    const record = await find(request);
    const [[row], history, coverage, { policy }] = await Promise.all([
      waiverRows(stores, [record], { id, name }, at),
      stores.waivers.history(number, record.id),
      stores.waivers.coverage(record, coveredShown),
      stores.organizations.policy(number),
    ]);
    if (row === undefined) throw new HttpProblem('not-found');
    const names = await actorNames(
      stores,
      history.map(({ actor }) => actor),
    );
    const days = waiverDays(at, maxWaiverDays(policy));
    const last =
      record.status === 'approved' && record.expiresAt !== null ? dayOf(record.expiresAt) : days.last;
    const wished = record.expiresAt === null ? last : dayOf(record.expiresAt);
    return {
      viewer: viewerOf(request),
      now: at.toISOString(),
      waiver: { ...row, control: record.control, startsAt: record.startsAt?.toISOString() ?? null },
      own: record.requestedBy === actorOf(request),
      history: history.map((step) => ({
        at: step.at.toISOString(),
        by: names.get(step.actor) ?? '',
        action: step.action,
        note: step.note,
        until: step.expiresAt?.toISOString() ?? null,
      })),
      coveredTotal: coverage.total,
      covered: coverage.devices.map(({ assetTag, since, ...device }) => ({
        ...device,
        assetTag: assetTag ?? undefined,
        since: since.toISOString(),
      })),
      until: [wished, last].toSorted()[0] ?? last,
      firstDay: days.first,
      lastDay: last,
      problem,
    };
  }

  app.get('/organizations/:organization/waivers/:waiver', {
    config: { caller: 'organization:waivers.read' },
    schema: { hide: true, params: Params },
    handler: async (request, reply) => sendPage(reply, WaiverPage, await show(request)),
  });

  /** Registers one step: done, it leads back to the waiver; refused, it says why. */
  function step(
    name: 'approve' | 'refuse' | 'shorten' | 'withdraw',
    permission: 'waivers.approve' | 'waivers.write',
    take: (request: FastifyRequest, note: string, until: Date | undefined) => Promise<Decision>,
  ): void {
    app.post(`/organizations/:organization/waivers/:waiver/${name}`, {
      config: { caller: `organization:${permission}` },
      schema: {
        hide: true,
        params: Params,
        body: z.object({ csrf: z.string().max(200), note: Note, until: z.string().max(10).optional() }),
      },
      async handler(request, reply) {
        const { note, until } = request.body;
        const decision = await take(request, note, until === undefined ? undefined : endOfDay(until));
        if (decision === 'not-found') throw new HttpProblem('not-found');
        const { organization, waiver } = request.params;
        if (decision === 'done') return reply.redirect(addresses.waiver(organization, waiver), 303);
        return sendPage(reply.code(409), WaiverPage, await show(request, problemWords[decision]));
      },
    });
  }

  const target = async (request: FastifyRequest) => {
    const { id, organization } = await find(request);
    return { id, organization, actor: actorOf(request), at: now() };
  };

  step('approve', 'waivers.approve', async (request, note, expiresAt) => {
    const { actor, at, ...waiver } = await target(request);
    if (expiresAt === undefined) return 'bad-dates';
    return approveWaiver(stores, waiver, { expiresAt, note }, actor, at);
  });
  step('refuse', 'waivers.approve', async (request, note) => {
    const { organization, id, actor, at } = await target(request);
    return stores.waivers.refuse(organization, id, note, actor, at);
  });
  step('shorten', 'waivers.write', async (request, note, expiresAt) => {
    const { organization, id, actor, at } = await target(request);
    if (expiresAt === undefined) return 'bad-dates';
    return stores.waivers.shorten(organization, id, { expiresAt, note }, actor, at);
  });
  step('withdraw', 'waivers.write', async (request, note) => {
    const { organization, id, actor, at } = await target(request);
    return stores.waivers.withdraw(organization, id, note, actor, at);
  });
};

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
