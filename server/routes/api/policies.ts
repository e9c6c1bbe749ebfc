import { z } from 'zod';
import { presetDocument } from '../../../shared/policies/index.ts';
import { type Policy, policyFrom } from '../../../shared/policy.ts';
import { policyDocument } from '../../../shared/policy-document.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { writtenPolicy } from '../../policy-yaml.ts';
import { HttpProblem } from '../../problem.ts';
import { policyDifference } from '../../review/policy-difference.ts';
import type { PolicyVersion } from '../../storage/policies.ts';
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
/** A policy is larger than other bodies. */
export const policyLimit = 256 * 1024;

/** A policy as people write it; what is wrong with one is answered by its place in it. */
export const WrittenPolicy = z.record(z.string(), z.unknown());

/** One thing that another version says otherwise, in words. */
export const PolicyChange = z.object({
  check: z.string().nullable(),
  checkTitle: z.string(),
  point: z.string().nullable(),
  pointTitle: z.string(),
  what: z.string(),
  from: z.string(),
  to: z.string(),
  looser: z.boolean().describe('It asks for less than before, or may'),
  companyText: z.boolean().describe('The text of the company asks for it'),
});

const OneVersion = z.object({ version: z.coerce.number().int().positive().max(1_000_000_000) });

const show = ({ publishedAt, effectiveFrom, ...version }: PolicyVersion) => ({
  ...version,
  publishedAt: publishedAt.toISOString(),
  effectiveFrom: effectiveFrom.toISOString(),
});

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
        policies: shown.map(show),
        next,
      };
    },
  });

  app.get('/policies/:version', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary: 'One version, with everything decided, as agents get it',
      params: OneVersion,
      response: { 200: z.record(z.string(), z.unknown()) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { version } = await find(number, request.params.version);
      const { policy, publishedAt } = await stores.organizations.policyVersion(number, version);
      return { ...policyDocument(policy, publishedAt) };
    },
  });

  app.get('/policies/:version/written', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary:
        'One version as people write it, saying everything: good for a draft or to be published elsewhere',
      params: OneVersion,
      response: { 200: WrittenPolicy },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { version } = await find(number, request.params.version);
      return { ...writtenPolicy((await stores.organizations.policyVersion(number, version)).policy) };
    },
  });

  app.get('/policies/:version/changes', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary: 'What a version says otherwise than an earlier one',
      params: OneVersion,
      querystring: z.strictObject({ since: OneVersion.shape.version }),
      response: { 200: z.object({ changes: z.array(PolicyChange) }) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const [before, after] = await Promise.all(
        [request.query.since, request.params.version].map(async (asked) => {
          const { version } = await find(number, asked);
          return (await stores.organizations.policyVersion(number, version)).policy;
        }) as [Promise<Policy>, Promise<Policy>],
      );
      return { changes: [...policyDifference(before, after)] };
    },
  });

  app.post('/policies/:version/withdraw', {
    config: { caller: 'organization:policy.write' },
    schema: {
      tags: ['policies'],
      summary: 'Take a version back that waits for its day',
      params: OneVersion,
      response: { 200: Version },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { version } = await find(number, request.params.version);
      if (!(await stores.policies.withdraw(number, version, actorOf(request), now()))) {
        throw new HttpProblem('decision-refused', {
          detail: 'It does not wait for its day: it is in force, past or withdrawn.',
        });
      }
      return show(await find(number, version));
    },
  });

  app.get('/policies/held', {
    config: { caller: 'organization:policy.read' },
    schema: {
      tags: ['policies'],
      summary:
        'Whether laptops hold a newer policy than there is here, as after a restore from an old backup',
      response: { 200: z.object({ version: z.number().nullable(), devices: z.number() }) },
    },
    async handler(request) {
      const held = await stores.heldPolicies.newer(organizationOf(request).number);
      return { version: held?.version ?? null, devices: held?.devices ?? 0 };
    },
  });

  app.post('/policies/again', {
    config: { caller: 'organization:policy.write' },
    schema: {
      tags: ['policies'],
      summary: 'Publish the policy in force once more, above every version that laptops hold',
      response: { 201: z.object({ version: z.number() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const version = await stores.heldPolicies.publishAgain(number, actorOf(request), now());
      if (version === undefined) {
        throw new HttpProblem('decision-refused', { detail: 'No laptop holds a newer policy.' });
      }
      return reply.code(201).send({ version });
    },
  });

  /** Versions are given out without gaps; what is not in the list does not exist. */
  async function find(organization: number, version: number): Promise<PolicyVersion> {
    const [known] = await stores.policies.versions(organization, version + 1, 1);
    if (known?.version !== version) throw new HttpProblem('not-found');
    return known;
  }

  app.post('/policies', {
    config: { caller: 'organization:policy.write' },
    bodyLimit: policyLimit,
    schema: {
      tags: ['policies'],
      summary: 'Publish a policy, now or for a day to come',
      description:
        'The policy as people write it, as JSON; its version has to be higher than every one before.',
      body: z
        .strictObject({
          policy: WrittenPolicy,
          reason: z.string().trim().min(1).max(1_000),
          effectiveFrom: z.iso.datetime().optional(),
        })
        .meta({
          examples: [
            {
              policy: {
                policy: 'acme',
                version: 7,
                checks: { 'screen-lock': { idle: { maxSeconds: 300 } } },
              },
              reason: 'Ten minutes without a lock were too long.',
            },
          ],
        }),
      response: { 201: z.object({ id: z.string(), version: z.number() }) },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { policy: authored, reason, effectiveFrom } = request.body;
      const at = now();
      const day = effectiveFrom === undefined ? at : new Date(effectiveFrom);
      const policy = policyFrom(authored, presetDocument);
      const terms = { effectiveFrom: new Date(Math.max(day.getTime(), at.getTime())), reason };
      await stores.organizations.publish(number, policy, actorOf(request), at, terms);
      return reply.code(201).send({ id: policy.id, version: policy.version });
    },
  });
};
