import { z } from 'zod';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import { HttpProblem } from '../../problem.ts';
import { tallies } from '../../review/tallies.ts';
import { storedStates } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import { organizationOf } from '../pages/viewer.ts';
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
export const organizationApiRoutes: ApiRoutes = async (app, { stores }) => {
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

const cursors = cursorsOf('organizations', z.string().max(40));

/** Which organizations there are for whoever asks. */
export const allOrganizationsApiRoutes: ApiRoutes = async (app, { stores }) => {
  app.get('', {
    config: { caller: 'staff' },
    schema: {
      tags: ['organizations'],
      summary: 'The organizations of whoever is signed in',
      querystring: Paging,
      response: { 200: pageOf('organizations', z.object({ id: z.string(), name: z.string() })) },
    },
    async handler({ staff, query }) {
      if (staff === null) throw new HttpProblem('not-signed-in');
      const all = await Promise.all(
        staff.memberships.map(({ organization }) => stores.organizations.byNumber(organization)),
      );
      const known = all.filter((one) => one !== undefined);
      const found = behind(known, cursors.placeOf(query));
      const { shown, next } = cursors.page(found, query.limit, ({ id }) => id);
      return { organizations: shown.map(({ id, name }) => ({ id, name })), next };
    },
  });
};
