import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { openDraft, publishDraft } from '../../desk/policy-draft.ts';
import { ChangedMeanwhile, Refusal } from '../../desk/refusal.ts';
import { shiftedAs, trialState, type WhatIfResult, type WhatIfTrials } from '../../ingest/what-if.ts';
import { addresses, pageSize } from '../../pages/addresses.ts';
import { PolicyPublishPage, type PublishFields } from '../../pages/policy-publish.tsx';
import { PolicyWhatIfPage } from '../../pages/policy-what-if.tsx';
import { parseWhatIfQuery, type WhatIfQuery } from '../../pages/what-if-query.ts';
import type { Organization } from '../../storage/organizations.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

export interface PublishOptions extends PageOptions {
  readonly trials: WhatIfTrials;
}

/** So long a page waits for a trial before it says how far it is. */
const patienceMs = 1_200;
/** The page of publishing does not wait: the number is a convenience there. */
const glanceMs = 150;

const Params = z.object({ organization: z.string().max(40) });
const Text = z.string().max(2_000);
const caller = 'organization:policy.write' as const;
const nothingSent: PublishFields = {
  when: 'now',
  date: '',
  reason: '',
  errors: { date: undefined, reason: undefined, loosened: undefined },
};

/** From a draft to the policy in force: what it would mean, and publishing it. */
export const policyPublishRoutes: FastifyPluginAsyncZod<PublishOptions> = async (
  app,
  { stores, now, trials },
) => {
  async function open({ number: organization }: Organization) {
    const { edit, changes, inForce: current, policy } = await openDraft(stores, organization);
    return { edit, changes, trial: { organization, current, draft: policy, edit } };
  }

  const frameOf = (request: FastifyRequest) => {
    const { id, name } = organizationOf(request);
    return { viewer: viewerOf(request), organization: { id, name } };
  };

  app.get('/organizations/:organization/policy/draft/what-if', {
    config: { caller },
    schema: { hide: true, params: Params, querystring: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const { changes, trial } = await open(organizationOf(request));
      const query = parseWhatIfQuery(request.query);
      // A draft that changes nothing is not tried on anybody.
      const result = changes.length === 0 ? nothingTried(now()) : await trials.look(trial, patienceMs);
      return sendPage(reply, PolicyWhatIfPage, {
        ...frameOf(request),
        changes: changes.length,
        query,
        ...whatIfView(result, query),
      });
    },
  });

  async function publishView(request: FastifyRequest, fields: PublishFields, conflict: boolean) {
    const organization = organizationOf(request);
    const { edit, changes, trial } = await open(organization);
    const [scheduled, [newest], held, result] = await Promise.all([
      stores.policies.scheduled(organization.number),
      stores.policies.versions(organization.number, undefined, 1),
      stores.heldPolicies.newer(organization.number),
      changes.length === 0 ? nothingTried(now()) : trials.look(trial, glanceMs),
    ]);
    return {
      ...frameOf(request),
      edit,
      version: Math.max(newest?.version ?? 0, held?.version ?? 0) + 1,
      changes,
      shifted: result.finished
        ? {
            changed: result.states.reduce((sum, { devices }) => sum + devices, 0),
            devices: result.devices,
          }
        : null,
      scheduled: scheduled && {
        version: scheduled.version,
        effectiveFrom: scheduled.effectiveFrom.toISOString(),
      },
      fields,
      conflict,
    };
  }

  app.get('/organizations/:organization/policy/draft/publish', {
    config: { caller },
    schema: { hide: true, params: Params },
    handler: async (request, reply) =>
      sendPage(reply, PolicyPublishPage, await publishView(request, nothingSent, false)),
  });

  app.post('/organizations/:organization/policy/draft/publish', {
    config: { caller },
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf: z.string().max(200),
        edit: z.coerce.number().int().min(0),
        when: z.enum(['now', 'later']),
        date: Text.default(''),
        reason: Text.default(''),
        loosened: Text.optional(),
      }),
    },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { edit, when, date, reason, loosened } = request.body;
      const asked = {
        edit,
        effectiveFrom: when === 'now' ? null : momentOf(date),
        reason,
        loosened: loosened === 'yes',
      };
      try {
        await publishDraft(stores, number, asked, actorOf(request), now());
        return reply.redirect(addresses.policy(id), 303);
      } catch (error) {
        if (error instanceof ChangedMeanwhile) {
          const fields = { when, date, reason, errors: nothingSent.errors };
          return sendPage(reply.code(409), PolicyPublishPage, await publishView(request, fields, true));
        }
        if (!(error instanceof Refusal)) throw error;
        const { effectiveFrom, ...others } = error.fields;
        const errors = {
          date: effectiveFrom,
          reason: others['reason'],
          loosened: others['loosened'],
        };
        const fields = { when, date, reason, errors };
        return sendPage(reply.code(422), PolicyPublishPage, await publishView(request, fields, false));
      }
    },
  });
};

const nothingTried = (at: Date): WhatIfResult => ({
  at,
  devices: 0,
  judged: 0,
  finished: true,
  failed: false,
  shifted: [],
  points: new Map(),
  states: [],
});

/** What the control of a browser writes, read as UTC; a date that is none where it is none. */
const momentOf = (date: string): Date =>
  new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(date) ? `${date}:00.000Z` : Number.NaN);

function titlesOf(subject: string): { checkTitle: string; pointTitle: string } {
  const [id = '', name = ''] = subject.split('/');
  const check = checks[id as CheckId] as unknown as Check | undefined;
  return { checkTitle: check?.title ?? id, pointTitle: check?.points[name]?.title ?? name };
}

/** The part of a result that a query asks for. */
function whatIfView(result: WhatIfResult, { point, kind, page }: WhatIfQuery) {
  const found = shiftedAs(result, { point, kind });
  return {
    at: result.at.toISOString(),
    devices: result.devices,
    judged: result.judged,
    state: trialState(result),
    shifted: result.shifted.length,
    states: result.states,
    points: [...result.points]
      .map(([subject, counts]) => ({ subject, counts, ...titlesOf(subject) }))
      .toSorted((a, b) => b.counts.fails - a.counts.fails || b.counts.fixed - a.counts.fixed),
    rows: found.slice((page - 1) * pageSize, page * pageSize).map((device) => ({
      id: device.id,
      label: device.label,
      assetTag: device.assetTag,
      system: device.system,
      from: device.from,
      to: device.to,
      points: device.points.map(({ subject, shift }) => {
        const { checkTitle, pointTitle } = titlesOf(subject);
        return { subject, title: `${checkTitle}: ${pointTitle}`, kind: shift };
      }),
    })),
    found: found.length,
  };
}
