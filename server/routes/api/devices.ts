import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { platforms } from '../../../shared/answer.ts';
import { statuses } from '../../../shared/check.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { Agreement, declareOwner, putOnLeave, retire } from '../../desk/devices.ts';
import { judgeNow } from '../../desk/judge-now.ts';
import { type Device, owners, storedStates } from '../../storage/devices.ts';
import { findDevice, findOpenDevice } from './find-device.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const Status = z.enum(statuses as unknown as [string, ...string[]]);
const deviceCursors = cursorsOf('devices', z.string().max(40));
const changeCursors = cursorsOf('changes', z.int());
const findingCursors = cursorsOf('findings', z.tuple([z.int(), z.int()]));

const Shown = z.object({
  id: z.string(),
  label: z.string().describe('Pseudonym; never a host name, never a name'),
  assetTag: z.string().nullable(),
  owner: z.enum(owners),
  agreement: z
    .string()
    .describe(
      'Reference of the agreement with the contractor whose laptop it is; empty where none is on record',
    ),
  state: z.enum([...storedStates, 'retired']),
  system: z.string(),
  platform: z.enum(platforms as unknown as [string, ...string[]]),
  agent: z.string(),
  enrolledAt: z.string(),
  lastReportAt: z.string().nullable(),
  leaveUntil: z.string().nullable(),
  failing: z.array(z.string()),
  unknown: z.array(z.string()),
});

const Finding = z.object({
  check: z.string(),
  title: z.string(),
  status: Status,
  severity: z.string(),
  points: z.array(
    z.object({
      point: z.string(),
      status: Status,
      mode: z.string(),
      observed: z.string(),
      expected: z.string(),
      reason: z.string().nullable(),
      clauses: z.array(z.string()),
    }),
  ),
});

const Params = z.object({ device: z.string().max(40) });

const show = (device: Device) => ({
  id: device.id,
  label: device.label,
  assetTag: device.assetTag,
  owner: device.owner,
  agreement: device.agreement,
  state: device.revokedAt === null ? device.state : ('retired' as const),
  system: device.system,
  platform: device.machine.platform,
  agent: device.agent,
  enrolledAt: device.enrolledAt.toISOString(),
  lastReportAt: device.receivedAt?.toISOString() ?? null,
  leaveUntil: device.leaveUntil?.toISOString() ?? null,
  failing: [...device.failing],
  unknown: [...device.unknown],
});

/** Laptops for programs: the same lists, findings and timelines as on the pages. */
export const deviceApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  /** Whoever reads about one person's laptop leaves a trace. */
  const note = (request: FastifyRequest, device: Device) =>
    stores.audit.record(
      {
        organization: device.organization,
        actor: actorOf(request),
        action: 'device.view',
        subject: device.id,
      },
      now(),
    );

  app.get('/devices', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['devices'],
      summary: 'Laptops, by pseudonym',
      querystring: Paging.extend({
        state: z.enum([...storedStates, 'retired']).optional(),
        platform: z.enum(platforms as unknown as [string, ...string[]]).optional(),
        check: z.string().max(40).optional().describe('Only those on which this check fails or is unknown'),
        search: z.string().max(80).default(''),
      }),
      response: { 200: pageOf('devices', Shown) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit, state = null, platform, check = null, search } = request.query;
      const filter = {
        search,
        state,
        platform: platforms.find((known) => known === platform) ?? null,
        check,
      };
      const label = deviceCursors.placeOf(request.query) ?? '';
      const devices = await stores.devices.after(number, label, limit + 1, filter);
      const { shown, next } = deviceCursors.page(devices, limit, (device) => device.label);
      return { devices: shown.map(show), next };
    },
  });

  app.get('/devices/:device', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['devices'],
      summary: 'One laptop with its findings, judged now',
      params: Params,
      response: { 200: Shown.extend({ findings: z.array(Finding) }) },
    },
    async handler(request) {
      const device = await findOpenDevice(stores, request);
      await note(request, device);
      const { findings, state } = await judgeNow(stores, device, now());
      return {
        ...show(device),
        ...(device.revokedAt === null && { state }),
        findings: findings.map(({ check, title, status, severity, points }) => ({
          check,
          title,
          status,
          severity,
          points: points.map((point) => ({
            point: point.point,
            status: point.status,
            mode: point.mode,
            observed: point.observed,
            expected: point.expected,
            reason: point.reason ?? null,
            clauses: [...point.clauses],
          })),
        })),
      };
    },
  });

  app.get('/devices/:device/history', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['devices'],
      summary: 'What changed on a laptop, newest first',
      params: Params,
      querystring: Paging,
      response: {
        200: pageOf(
          'changes',
          z.object({
            at: z.string(),
            subject: z.string(),
            before: Status,
            after: Status,
            observed: z.string(),
            report: z.number().nullable(),
          }),
        ),
      },
    },
    async handler(request) {
      const device = await findOpenDevice(stores, request);
      await note(request, device);
      const { limit } = request.query;
      const changes = await stores.history.ofDevice(
        device.organization,
        device.number,
        limit + 1,
        changeCursors.placeOf(request.query),
      );
      const { shown, next } = changeCursors.page(changes, limit, ({ number }) => number);
      return {
        changes: shown.map(({ at, subject, before, after, observed, sequence }) => ({
          at: at.toISOString(),
          subject,
          before,
          after,
          observed,
          report: sequence,
        })),
        next,
      };
    },
  });

  app.patch('/devices/:device', {
    config: { caller: 'organization:devices.manage' },
    schema: {
      tags: ['devices'],
      summary: 'Say whose a laptop is, put it on leave, or retire it',
      description: 'Retiring cannot be undone: the laptop needs a new enrollment.',
      params: Params,
      body: z
        .strictObject({
          owner: z.enum(owners).optional(),
          agreement: Agreement.optional().describe('With owner contractor: the reference of the agreement'),
          leaveUntil: z.iso.datetime().nullable().optional(),
          retired: z.literal(true).optional(),
        })
        .refine(
          ({ agreement, ...changes }) =>
            Object.keys(changes).length === 1 && (agreement === undefined || changes.owner !== undefined),
          'one change at a time',
        )
        .meta({
          examples: [
            { owner: 'company' },
            { owner: 'contractor', agreement: 'C-2026-04' },
            { retired: true },
          ],
        }),
      response: { 200: Shown },
    },
    async handler(request) {
      const device = await findDevice(stores, request);
      const { organization, id } = device;
      const { owner, agreement, leaveUntil, retired } = request.body;
      const [actor, at] = [actorOf(request), now()];
      if (owner !== undefined) await declareOwner(stores, device, { owner, agreement }, actor, at);
      if (leaveUntil !== undefined) {
        const until = leaveUntil === null ? null : new Date(leaveUntil);
        await putOnLeave(stores, device, until, actor, at);
      }
      if (retired === true) await retire(stores, device, actor, at);
      return show((await stores.devices.byId(organization, id)) ?? device);
    },
  });

  app.get('/findings', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['findings'],
      summary:
        'Laptops that answer a check or a point in one way, longest standing first; not those on leave, as in all counts',
      querystring: Paging.extend({
        subject: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}(?:\/[a-z][a-z0-9-]{0,39})?$/)
          .describe('A check (`firewall`) or a point (`firewall/enabled`)'),
        status: Status.default('fail'),
      }),
      response: {
        200: pageOf('findings', z.object({ device: z.string(), label: z.string(), since: z.string() })),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit, subject, status } = request.query;
      const filter = {
        subject,
        status: statuses.find((known) => known === status) ?? 'fail',
        platform: null,
      };
      const place = findingCursors.placeOf(request.query);
      const after = place && { since: new Date(place[0]), device: place[1] };
      const found = await stores.checkFindings.after(number, filter, after, limit + 1);
      const { shown, next } = findingCursors.page(found, limit, ({ since, device }) => [
        since.getTime(),
        device.number,
      ]);
      return {
        findings: shown.map(({ device, since }) => ({
          device: device.id,
          label: device.label,
          since: since.toISOString(),
        })),
        next,
      };
    },
  });
};
