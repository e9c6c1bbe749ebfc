import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { statuses } from '../../../shared/check.ts';
import { MediumId } from '../../../shared/medium.ts';
import { Id } from '../../../shared/report.ts';
import { WaiverScope } from '../../../shared/waiver.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { approveWaiver, askForWaiver } from '../../desk/waivers.ts';
import { HttpProblem } from '../../problem.ts';
import { endOfDay } from '../../review/waiver-days.ts';
import { stageOf, waiverStages } from '../../review/waiver-stage.ts';
import { type Decision, type WaiverRecord, WaiverTaken } from '../../storage/waivers.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const cursors = cursorsOf('waivers', Id);
const coveredLimit = 100;
const One = z.object({ waiver: z.string().max(40) });
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const Note = z.string().trim().max(1_000).default('');
/** A moment, or a day: then its end in UTC, as on the pages. */
const Moment = z.union([z.iso.datetime(), z.iso.date()]).describe('A moment, or a day for its end (UTC)');
const momentOf = (text: string): Date => endOfDay(text) ?? new Date(text);

const Shown = z.object({
  id: z.string(),
  scope: WaiverScope,
  check: z.string(),
  point: z.string().nullable(),
  medium: z.string().nullable().describe('The one removable medium it approves on its device'),
  reason: z.string(),
  compensatingControl: z.string(),
  stage: z.enum(waiverStages),
  requestedBy: z.string().describe('`user:`, `device:` or `token:` and an id'),
  requestedAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  startsAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  endsAt: z.string().nullable(),
});

const refusals: Record<Exclude<Decision, 'done' | 'not-found'>, string> = {
  'own-request': 'Whoever asked cannot approve, and neither can a program.',
  'decided-already': 'It was decided before, or it is over.',
  'bad-dates': 'It would end before it begins, later than the policy allows, or later than it did.',
};

/** Waivers for programs: what the pages do, by the same store. Approving is for people only. */
export const waiverApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  const base = '/waivers';

  app.get(base, {
    config: { caller: 'organization:waivers.read' },
    schema: {
      tags: ['waivers'],
      summary: 'Every waiver, in the order they were asked for',
      querystring: Paging,
      response: { 200: pageOf('waivers', Shown) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const after = cursors.placeOf(request.query) ?? '';
      const records = await stores.waivers.after(number, after, limit + 1);
      const { shown, next } = cursors.page(records, limit, ({ id }) => id);
      return { waivers: shown.map((record) => show(record, now())), next };
    },
  });

  app.get(`${base}/:waiver`, {
    config: { caller: 'organization:waivers.read' },
    schema: {
      tags: ['waivers'],
      summary: 'One waiver, what became of it and what it covers now',
      params: One,
      response: {
        200: Shown.extend({
          history: z.array(
            z.object({
              at: z.string(),
              actor: z.string(),
              action: z.enum(['request', 'approve', 'refuse', 'shorten', 'withdraw']),
              note: z.string(),
              expiresAt: z.string().nullable(),
            }),
          ),
          covers: z.object({
            total: z.number(),
            devices: z.array(z.object({ id: z.string(), label: z.string(), status: z.enum(statuses) })),
          }),
        }),
      },
    },
    async handler(request) {
      const record = await find(request);
      const [history, covers] = await Promise.all([
        stores.waivers.history(record.organization, record.id),
        stores.waivers.coverage(record, coveredLimit),
      ]);
      return {
        ...show(record, now()),
        history: history.map(({ at, expiresAt, ...step }) => ({
          ...step,
          at: at.toISOString(),
          expiresAt: expiresAt?.toISOString() ?? null,
        })),
        covers: {
          total: covers.total,
          devices: covers.devices.map(({ id, label, status }) => ({ id, label, status })),
        },
      };
    },
  });

  app.post(base, {
    config: { caller: 'organization:waivers.write' },
    schema: {
      tags: ['waivers'],
      summary: 'Ask for a waiver; the same id again is the same request',
      body: z
        .strictObject({
          id: Id.optional(),
          scope: WaiverScope,
          check: Name,
          point: Name.nullable().default(null),
          medium: MediumId.optional().describe('Approves this removable medium on one device'),
          reason: z.string().trim().min(10).max(1_000),
          compensatingControl: z.string().trim().max(1_000).default(''),
          expiresAt: Moment,
        })
        .meta({
          examples: [
            {
              scope: { kind: 'platform', platform: 'linux' },
              check: 'firewall',
              point: 'enabled',
              reason: 'The lab network filters in front of these laptops.',
              expiresAt: '2027-01-31',
            },
          ],
        }),
      response: { 201: z.object({ id: z.string() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { compensatingControl: control, expiresAt, ...wanted } = request.body;
      const asked = { ...wanted, control, expiresAt: momentOf(expiresAt) };
      const made = await askForWaiver(stores, number, asked, actorOf(request), now()).catch(
        (error: unknown) => {
          throw error instanceof WaiverTaken ? refused('decided-already') : error;
        },
      );
      return reply.code(201).send({ id: made });
    },
  });

  const until = z
    .object({ expiresAt: Moment, note: Note })
    .meta({ examples: [{ expiresAt: '2027-01-31', note: 'The new firewall comes in January.' }] });
  const noted = z.object({ note: Note }).meta({ examples: [{ note: 'It is in order again.' }] });

  app.post(`${base}/:waiver/approve`, {
    config: { caller: 'organization:waivers.approve' },
    schema: decided('Approve it until a moment; somebody else than who asked', until),
    async handler(request) {
      const waiver = await find(request);
      const { expiresAt, note } = request.body;
      const terms = { expiresAt: momentOf(expiresAt), note };
      return done(request, await approveWaiver(stores, waiver, terms, actorOf(request), now()));
    },
  });

  app.post(`${base}/:waiver/refuse`, {
    config: { caller: 'organization:waivers.approve' },
    schema: decided('Refuse it', noted),
    async handler(request) {
      const { id, organization } = await find(request);
      const { note } = request.body;
      return done(request, await stores.waivers.refuse(organization, id, note, actorOf(request), now()));
    },
  });

  app.post(`${base}/:waiver/shorten`, {
    config: { caller: 'organization:waivers.write' },
    schema: decided('Let it end earlier', until),
    async handler(request) {
      const { id, organization } = await find(request);
      const { expiresAt, note } = request.body;
      const terms = { expiresAt: momentOf(expiresAt), note };
      return done(request, await stores.waivers.shorten(organization, id, terms, actorOf(request), now()));
    },
  });

  app.post(`${base}/:waiver/withdraw`, {
    config: { caller: 'organization:waivers.write' },
    schema: decided('End it now, or take the request back', noted),
    async handler(request) {
      const { id, organization } = await find(request);
      const { note } = request.body;
      return done(request, await stores.waivers.withdraw(organization, id, note, actorOf(request), now()));
    },
  });

  async function find(request: FastifyRequest): Promise<WaiverRecord> {
    const { waiver: id } = request.params as z.output<typeof One>;
    const { number } = organizationOf(request);
    const record = Id.safeParse(id).success ? await stores.waivers.byId(number, id) : undefined;
    if (record === undefined) throw new HttpProblem('not-found');
    return record;
  }

  async function done(request: FastifyRequest, decision: Decision) {
    if (decision === 'not-found') throw new HttpProblem('not-found');
    if (decision !== 'done') throw refused(decision);
    return show(await find(request), now());
  }
};

const decided = <B extends z.ZodType>(summary: string, body: B) => ({
  tags: ['waivers'],
  summary,
  params: One,
  body,
  response: { 200: Shown },
});

const refused = (decision: Exclude<Decision, 'done' | 'not-found'>) =>
  new HttpProblem('decision-refused', { detail: refusals[decision] });

function show(record: WaiverRecord, now: Date): z.output<typeof Shown> {
  const { id, scope, check, point, medium, reason, control, requestedBy, decidedBy } = record;
  const moment = (at: Date | null) => at?.toISOString() ?? null;
  return {
    id,
    scope,
    check,
    point,
    medium,
    reason,
    compensatingControl: control,
    stage: stageOf(record, now),
    requestedBy,
    requestedAt: record.requestedAt.toISOString(),
    decidedBy,
    decidedAt: moment(record.decidedAt),
    startsAt: moment(record.startsAt),
    expiresAt: moment(record.expiresAt),
    endsAt: moment(record.endsAt),
  };
}
