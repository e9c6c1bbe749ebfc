import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import { PolicyPage } from '../../pages/policy.tsx';
import { PolicyDifferencePage } from '../../pages/policy-difference.tsx';
import { formatPolicyYaml } from '../../policy-yaml.ts';
import { HttpProblem } from '../../problem.ts';
import { policyDifference, scheduleWords } from '../../review/policy-difference.ts';
import { policyPoints } from '../../review/policy-points.ts';
import type { Organization } from '../../storage/organizations.ts';
import { PolicyScheduled } from '../../storage/policies.ts';
import { policyPeople } from './policy-people.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const versionsShown = 30;

const Version = z.coerce.number().int().min(1).max(1_000_000_000);
const Params = z.object({ organization: z.string().max(40) });
const VersionParams = Params.extend({ version: Version });

/** The policy of an organization in words, its versions, and what differs between two of them. */
export const policyPageRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  const people = policyPeople(stores);

  /** One version as its history has it; answered like nothing where there is none. */
  async function versionOf(organization: Organization, version: number) {
    const [found] = await stores.policies.versions(organization.number, version + 1, 1);
    if (found?.version !== version) throw new HttpProblem('not-found');
    return people.view(found);
  }

  async function viewOf(organization: Organization, version: number, below: number | undefined) {
    const { number, id, name } = organization;
    const [shown, listed, scheduled, progress, draft, { policy }, current] = await Promise.all([
      versionOf(organization, version),
      stores.policies.versions(number, below, versionsShown + 1),
      stores.policies.scheduled(number),
      stores.policies.progress(number),
      stores.policyDrafts.find(number),
      stores.organizations.policyVersion(number, version),
      stores.organizations.policy(number),
    ]);
    const versions = listed.slice(0, versionsShown);
    return {
      organization: { id, name },
      shown,
      schedule: scheduleWords(policy.run),
      checks: policyPoints(policy),
      versions: await Promise.all(versions.map(people.view)),
      olderThan: listed.length > versionsShown ? (versions.at(-1)?.version ?? null) : null,
      scheduled: scheduled && (await people.view(scheduled)),
      progress,
      draft: draft && {
        editedAt: draft.editedAt.toISOString(),
        editedBy: await people.name(draft.editedBy),
        changes: policyDifference(current.policy, draft.policy).length,
      },
    };
  }

  app.get('/organizations/:organization/policy', {
    config: { caller: 'organization:policy.read' },
    schema: {
      hide: true,
      params: Params,
      querystring: z.object({ below: Version.optional().catch(undefined) }),
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const view = await viewOf(organization, organization.policyVersion, request.query.below);
      return sendPage(reply, PolicyPage, { viewer: viewerOf(request), ...view });
    },
  });

  app.get('/organizations/:organization/policy/versions/:version(^\\d+$)', {
    config: { caller: 'organization:policy.read' },
    schema: { hide: true, params: VersionParams },
    async handler(request, reply) {
      const view = await viewOf(organizationOf(request), request.params.version, undefined);
      return sendPage(reply, PolicyPage, { viewer: viewerOf(request), ...view });
    },
  });

  app.get('/organizations/:organization/policy/versions/:version(^\\d+).yaml', {
    config: { caller: 'organization:policy.read' },
    schema: { hide: true, params: VersionParams },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const { version, id } = await versionOf(organization, request.params.version);
      const { policy } = await stores.organizations.policyVersion(organization.number, version);
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="policy-${id}-${version}.yaml"`)
        .type('application/yaml; charset=utf-8')
        .serializer(String)
        .send(formatPolicyYaml(policy));
    },
  });

  app.post('/organizations/:organization/policy/versions/:version(^\\d+$)/withdraw', {
    config: { caller: 'organization:policy.write' },
    schema: { hide: true, params: VersionParams, body: z.object({ csrf: z.string().max(200) }) },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const actor = `user:${request.staff?.user.id ?? ''}` as const;
      // Taken back by somebody else, or come into force in the meantime: the page says how it stands.
      await stores.policies.withdraw(number, request.params.version, actor, now());
      return reply.redirect(addresses.policy(id), 303);
    },
  });

  app.post('/organizations/:organization/policy/again', {
    config: { caller: 'organization:policy.write' },
    schema: { hide: true, params: Params, body: z.object({ csrf: z.string().max(200) }) },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const actor = `user:${request.staff?.user.id ?? ''}` as const;
      try {
        // Where somebody was quicker, or nothing is to be mended, the page says how it stands.
        await stores.heldPolicies.publishAgain(number, actor, now());
      } catch (error) {
        if (!(error instanceof PolicyScheduled)) throw error;
      }
      return reply.redirect(addresses.policy(id), 303);
    },
  });

  app.get('/organizations/:organization/policy/compare', {
    config: { caller: 'organization:policy.read' },
    schema: {
      hide: true,
      params: Params,
      querystring: z.object({
        from: Version.optional().catch(undefined),
        to: Version.optional().catch(undefined),
      }),
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const asked = [request.query.from, request.query.to].filter((version) => version !== undefined);
      if (asked.length < 2) return reply.redirect(addresses.policy(organization.id), 303);
      const [from, to] = await Promise.all(asked.map((version) => versionOf(organization, version)));
      if (from === undefined || to === undefined) throw new HttpProblem('not-found');
      const [before, after] = await Promise.all([
        stores.organizations.policyVersion(organization.number, from.version),
        stores.organizations.policyVersion(organization.number, to.version),
      ]);
      return sendPage(reply, PolicyDifferencePage, {
        viewer: viewerOf(request),
        organization: { id: organization.id, name: organization.name },
        from,
        to,
        changes: policyDifference(before.policy, after.policy),
      });
    },
  });
};
