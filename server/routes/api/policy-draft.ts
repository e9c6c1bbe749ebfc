import { z } from 'zod';
import { presetDocument, presets } from '../../../shared/policies/index.ts';
import { policyFrom } from '../../../shared/policy.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { openDraft, presetPolicy, publishDraft, replaceDraft } from '../../desk/policy-draft.ts';
import { shiftedAs, trialState } from '../../ingest/what-if.ts';
import { writtenPolicy } from '../../policy-yaml.ts';
import { HttpProblem } from '../../problem.ts';
import { pointShifts } from '../../review/what-if.ts';
import { storedStates } from '../../storage/devices.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging } from './paging.ts';
import { PolicyChange, policyLimit, WrittenPolicy } from './policies.ts';

/** So long a program waits for a trial before it is told how far it is. */
const patienceMs = 5_000;

const caller = 'organization:policy.write' as const;
const tags = ['policies'];
const cursors = cursorsOf('what-if', z.string().max(40));
const Edit = z.int().min(0).describe('Names the state of the draft that was seen; 0 where there was none');
const State = z.enum(storedStates);

/** Working on the next version of the policy: the same draft as on the pages, so that a program and a person see each other's changes. */
export const policyDraftApiRoutes: ApiRoutes = async (app, { stores, now, trials }) => {
  app.get('/policy-draft', {
    config: { caller },
    schema: {
      tags,
      summary: 'The draft, or the policy in force that one would begin from',
      response: {
        200: z.object({
          edit: Edit,
          basedOn: z.number().describe('The version in force when it was begun'),
          editedAt: z.string().nullable(),
          editedBy: z.string().nullable(),
          policy: WrittenPolicy,
          changes: z.array(PolicyChange).describe('What it says otherwise than the policy in force'),
        }),
      },
    },
    async handler(request) {
      const { draft, inForce, policy, edit, changes } = await openDraft(
        stores,
        organizationOf(request).number,
      );
      return {
        edit,
        basedOn: draft?.basedOn ?? inForce.version,
        editedAt: draft?.editedAt.toISOString() ?? null,
        editedBy: draft?.editedBy ?? null,
        policy: writtenPolicy(policy),
        changes: [...changes],
      };
    },
  });

  app.put('/policy-draft', {
    config: { caller },
    bodyLimit: policyLimit,
    schema: {
      tags,
      summary: 'Put a whole policy in the place of the draft',
      description:
        'Either the policy as people write it, or the name of one that comes with Muster. Its version is given when it is published.',
      body: z
        .strictObject({
          edit: Edit,
          policy: WrittenPolicy.optional(),
          preset: z.enum(presets.map(({ id }) => id) as [string, ...string[]]).optional(),
        })
        .refine(({ policy, preset }) => (policy === undefined) !== (preset === undefined), 'one of the two')
        .meta({ examples: [{ edit: 0, preset: 'base' }] }),
      response: { 200: z.object({ edit: Edit }) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { edit, policy: written, preset } = request.body;
      const policy =
        preset === undefined
          ? // Whatever version it says: the next one is given to it here.
            policyFrom({ ...written, version: 1 }, presetDocument)
          : presetPolicy(preset);
      const next = await replaceDraft(stores, number, policy, edit, actorOf(request), now());
      const { inForce: current, policy: draft, changes } = await openDraft(stores, number);
      // What it would mean is asked next: by then it is told.
      if (changes.length > 0) trials.begin({ organization: number, current, draft, edit: next });
      return { edit: next };
    },
  });

  app.delete('/policy-draft', {
    config: { caller },
    schema: { tags, summary: 'Discard the draft', response: { 204: z.null() } },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      if (!(await stores.policyDrafts.discard(number, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });

  app.get('/policy-draft/what-if', {
    config: { caller },
    schema: {
      tags,
      summary: 'What the draft would make of every laptop, by its stored facts',
      description:
        'Goes on in the background: while `state` is `running`, ask again. Laptops are listed when it has finished.',
      querystring: Paging.extend({
        point: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}\/[a-z][a-z0-9-]{0,39}$/)
          .optional(),
        kind: z.enum(pointShifts).optional(),
      }),
      response: {
        200: z.object({
          at: z.string().describe('When the fleet was looked at'),
          state: z.enum(['running', 'finished', 'failed']),
          judged: z.number(),
          devices: z.number(),
          shifted: z.number().describe('How many laptops would come out otherwise'),
          states: z.array(z.object({ from: State, to: State, devices: z.number() })),
          points: z.array(
            z.object({ subject: z.string(), fails: z.number(), fixed: z.number(), unknown: z.number() }),
          ),
          laptops: z.array(
            z.object({
              id: z.string(),
              label: z.string(),
              from: State,
              to: State,
              points: z.array(z.object({ subject: z.string(), kind: z.enum(pointShifts) })),
            }),
          ),
          next: z.string().nullable(),
        }),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit, point = null, kind = null } = request.query;
      const place = cursors.placeOf(request.query) ?? '';
      const { edit, inForce: current, policy } = await openDraft(stores, number);
      const result = await trials.look({ organization: number, current, draft: policy, edit }, patienceMs);
      const found = shiftedAs(result, { point, kind })
        .filter(({ label }) => label > place)
        .toSorted((one, other) => (one.label < other.label ? -1 : 1));
      const { shown, next } = cursors.page(found, limit, ({ label }) => label);
      return {
        at: result.at.toISOString(),
        state: trialState(result),
        judged: result.judged,
        devices: result.devices,
        shifted: result.shifted.length,
        states: result.states.map((state) => ({ ...state })),
        points: [...result.points].map(([subject, counts]) => ({ subject, ...counts })),
        laptops: shown.map(({ id, label, from, to, points }) => ({
          id,
          label,
          from,
          to,
          points: points.map(({ subject, shift }) => ({ subject, kind: shift })),
        })),
        next,
      };
    },
  });

  app.post('/policy-draft/publication', {
    config: { caller },
    schema: {
      tags,
      summary: 'Publish the draft in the state that was seen, now or for a moment to come',
      body: z
        .strictObject({
          edit: Edit,
          effectiveFrom: z.iso.datetime().nullable().default(null).describe('Null for at once'),
          reason: z.string().max(2_000),
          loosened: z
            .boolean()
            .default(false)
            .describe('Has to be true where it asks for less than the text of the company'),
        })
        .meta({ examples: [{ edit: 1, reason: 'Ten minutes without a lock were too long.' }] }),
      response: { 201: z.object({ version: z.number() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { effectiveFrom, ...asked } = request.body;
      const day = effectiveFrom === null ? null : new Date(effectiveFrom);
      const version = await publishDraft(
        stores,
        number,
        { ...asked, effectiveFrom: day },
        actorOf(request),
        now(),
      );
      return reply.code(201).send({ version });
    },
  });
};
