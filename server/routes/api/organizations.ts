import { z } from 'zod';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import { presets } from '../../../shared/policies/index.ts';
import { actorOf, organizationOf, signedIn } from '../../caller.ts';
import { makeOrganization } from '../../desk/organizations.ts';
import { tallies } from '../../review/tallies.ts';
import { storedStates } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const Counts = z.object(Object.fromEntries(storedStates.map((state) => [state, z.number()])));
const Summary = z.object({
  id: z.string(),
  name: z.string(),
  sample: z.boolean(),
  policy: z.object({ id: z.string(), version: z.number() }),
  counts: Counts.describe('Laptops by where they stand; the states exclude each other'),
  lastReportAt: z.string().nullable(),
});
const Settings = z.strictObject({
  secondFactorRequired: z.boolean().describe('Everybody with a role here needs a second factor'),
});
const Tally = z.object({
  check: z.enum(checkIds as unknown as [CheckId, ...CheckId[]]),
  title: z.string(),
  counts: z.object({
    pass: z.number(),
    fail: z.number(),
    unknown: z.number(),
    'not-applicable': z.number(),
  }),
});

/** Organizations as wholes: what the pages Today and Overview say in numbers. */
export const organizationApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  async function summary({ number, id, name, sample }: Organization) {
    const [{ policy }, counts, lastReportAt] = await Promise.all([
      stores.organizations.policy(number),
      stores.devices.stateCounts(number),
      stores.devices.lastReportAt(number),
    ]);
    return {
      id,
      name,
      sample,
      policy: { id: policy.id, version: policy.version },
      counts,
      lastReportAt: lastReportAt?.toISOString() ?? null,
    };
  }

  app.get('', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['organizations'],
      summary: 'Where an organization stands',
      response: { 200: Summary },
    },
    handler: async (request) => summary(organizationOf(request)),
  });

  app.get('/settings', {
    config: { caller: 'organization:people.read' },
    schema: {
      tags: ['organizations'],
      summary: 'What is asked of everybody here',
      response: { 200: Settings },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      return { secondFactorRequired: await stores.members.secondFactorRequired(number) };
    },
  });

  app.patch('/settings', {
    config: { caller: 'organization:people.manage' },
    schema: {
      tags: ['organizations'],
      summary: 'Say what is asked of everybody here',
      body: Settings.meta({ examples: [{ secondFactorRequired: true }] }),
      response: { 200: Settings },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { secondFactorRequired } = request.body;
      await stores.members.requireSecondFactor(number, secondFactorRequired, actorOf(request), now());
      return { secondFactorRequired };
    },
  });

  app.get('/checks', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['findings'],
      summary: 'How the laptops answer each check that counts',
      response: { 200: z.object({ checks: z.array(Tally) }) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { policy } = await stores.organizations.policy(number);
      const counted = tallies(await stores.devices.findingCounts(number), policy);
      return {
        checks: counted.map(({ check, counts }) => ({
          check: check as CheckId,
          title: checks[check as CheckId].title,
          counts,
        })),
      };
    },
  });
};

const Preset = z.enum(presets.map(({ id }) => id) as [string, ...string[]]);
const cursors = cursorsOf('organizations', z.string().max(40));

/** Which organizations there are for whoever asks. */
export const allOrganizationsApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('', {
    config: { caller: 'staff' },
    schema: {
      tags: ['organizations'],
      summary: 'The organizations of whoever is signed in',
      querystring: Paging,
      response: { 200: pageOf('organizations', z.object({ id: z.string(), name: z.string() })) },
    },
    async handler(request) {
      const { query } = request;
      const all = await Promise.all(
        signedIn(request).memberships.map(({ organization }) => stores.organizations.byNumber(organization)),
      );
      const known = all.filter((one) => one !== undefined);
      const found = behind(known, cursors.placeOf(query));
      const { shown, next } = cursors.page(found, query.limit, ({ id }) => id);
      return { organizations: shown.map(({ id, name }) => ({ id, name })), next };
    },
  });

  app.post('', {
    config: { caller: 'administrator' },
    schema: {
      tags: ['organizations'],
      summary: 'Make one more organization; whoever makes it looks after its people',
      body: z
        .strictObject({ name: z.string().max(1_000), contact: z.string().max(1_000), preset: Preset })
        .meta({ examples: [{ name: 'Acme', contact: 'it@acme.example', preset: 'base' }] }),
      response: { 201: z.object({ id: z.string(), name: z.string() }) },
    },
    async handler(request, reply) {
      const { id, name } = await makeOrganization(stores, request.body, signedIn(request).user, now());
      return reply.code(201).send({ id, name });
    },
  });
};
