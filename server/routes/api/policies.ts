import { z } from 'zod';
import { presetDocument } from '../../../shared/policies/index.ts';
import { PolicyError, policyFrom } from '../../../shared/policy.ts';
import { policyDocument } from '../../../shared/policy-document.ts';
import { actorOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import { PolicyNotNewer, PolicyScheduled } from '../../storage/policies.ts';
import { organizationOf } from '../pages/viewer.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const Version = z.object({
  id: z.string(),
  version: z.number(),
  state: z.enum(['in-force', 'scheduled', 'withdrawn', 'past']),
  publishedAt: z.string(),
  publishedBy: z.string(),
  effectiveFrom: z.string(),
  reason: z.string(),
});
const cursors = cursorsOf('policies', z.int());
const bodyLimit = 256 * 1024;

/** Policies for programs: every version there was, and publishing the next. */
export const policyApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/policies', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary: 'Versions of the policy, newest first',
      querystring: Paging,
      response: { 200: pageOf('policies', Version) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const versions = await stores.policies.versions(number, cursors.placeOf(request.query), limit + 1);
      const { shown, next } = cursors.page(versions, limit, ({ version }) => version);
      return {
        policies: shown.map(({ publishedAt, effectiveFrom, ...version }) => ({
          ...version,
          publishedAt: publishedAt.toISOString(),
          effectiveFrom: effectiveFrom.toISOString(),
        })),
        next,
      };
    },
  });

  app.get('/policies/:version', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary: 'One version, with everything decided, as agents get it',
      params: z.object({ version: z.coerce.number().int().positive() }),
      response: { 200: z.record(z.string(), z.unknown()) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { version } = request.params;
      // Versions are given out without gaps; what is not in the list does not exist.
      const [known] = await stores.policies.versions(number, version + 1, 1);
      if (known?.version !== version) throw new HttpProblem('not-found');
      const { policy, publishedAt } = await stores.organizations.policyVersion(number, version);
      return { ...policyDocument(policy, publishedAt) };
    },
  });

  app.post('/policies', {
    config: { caller: 'organization:policy.write' },
    bodyLimit,
    schema: {
      tags: ['policies'],
      summary: 'Publish a policy, now or for a day to come',
      description:
        'The policy as people write it, as JSON; its version has to be higher than every one before.',
      body: z.strictObject({
        policy: z.record(z.string(), z.unknown()),
        reason: z.string().trim().min(1).max(1_000),
        effectiveFrom: z.iso.datetime().optional(),
      }),
      response: { 201: z.object({ id: z.string(), version: z.number() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { policy: authored, reason, effectiveFrom } = request.body;
      const at = now();
      const day = effectiveFrom === undefined ? at : new Date(effectiveFrom);
      try {
        const policy = policyFrom(authored, presetDocument);
        const terms = { effectiveFrom: new Date(Math.max(day.getTime(), at.getTime())), reason };
        await stores.organizations.publish(number, policy, actorOf(request), at, terms);
        return reply.code(201).send({ id: policy.id, version: policy.version });
      } catch (error) {
        if (
          error instanceof PolicyError ||
          error instanceof PolicyNotNewer ||
          error instanceof PolicyScheduled
        ) {
          throw new HttpProblem('policy-refused', { detail: error.message });
        }
        throw error;
      }
    },
  });
};
