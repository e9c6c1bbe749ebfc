import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { type PastDay, pastDay } from '../../history/look-back.ts';
import { trendOf } from '../../history/trend.ts';
import { addresses, formatDeviceQuery, pageSize, parseDeviceQuery } from '../../pages/addresses.ts';
import type { DeviceQuery } from '../../pages/model.ts';
import { NumbersPage } from '../../pages/numbers.tsx';
import { OrganizationPage } from '../../pages/organization.tsx';
import type { Organization } from '../../storage/organizations.ts';
import type { Stores } from '../../storage/stores.ts';
import { listPage } from './list-page.ts';
import { numbersOf } from './numbers.ts';
import type { Look } from './organization-rows.ts';
import { rowOf, talliesOf } from './organization-rows.ts';
import { lookAtPast } from './organization-then.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

/** So many days the trend of the overview shows. */
const trendDays = 90;

/** One organization: where its laptops stand, check by check and one by one; now, or as of a day. */
export const organizationRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization', {
    config: { caller: 'organization:counts.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const { id, name } = organization;
      const viewer = viewerOf(request);
      if (!viewer.may.includes('fleet.read')) {
        return sendPage(reply, NumbersPage, { viewer, ...(await numbersOf(stores, organization)) });
      }
      const at = now();
      const asked = parseDeviceQuery(request.query);
      const past = pastDay(asked.asOf, at);
      const query: DeviceQuery = { ...asked, asOf: past?.date ?? null };
      const [look, trend] = await Promise.all([
        past === null
          ? lookAtPresent(stores, organization, query)
          : lookAtPast(stores, organization, query, past),
        trendOf(stores, organization, trendDays, past?.at ?? at, at),
      ]);
      // The address a partial update leaves behind is the short one.
      reply.header('hx-push-url', addresses.organization(id, query));
      if (look.devices.length === 0 && query.page > 1) {
        return reply.redirect(
          `${addresses.organization(id)}${formatDeviceQuery({ ...query, page: 1 })}`,
          303,
        );
      }
      return sendPage(reply, OrganizationPage, {
        viewer,
        now: momentOf(past, at).toISOString(),
        today: at.toISOString(),
        organization: { id, name },
        past: past && { date: past.date },
        trend,
        query,
        ...look,
      });
    },
  });
};

const momentOf = (past: PastDay | null, at: Date): Date => past?.at ?? at;

async function lookAtPresent(stores: Stores, { number }: Organization, query: DeviceQuery): Promise<Look> {
  const [counts, retired, findingCounts, { policy }, { rows, found }] = await Promise.all([
    stores.devices.stateCounts(number),
    stores.devices.retiredCount(number),
    stores.devices.findingCounts(number),
    stores.organizations.policy(number),
    listPage(
      { page: query.page, size: pageSize },
      (limit, offset) => stores.devices.list(number, query, limit, offset),
      () => stores.devices.count(number, query),
    ),
  ]);
  return {
    policy: { id: policy.id, version: policy.version },
    counts,
    retired,
    checks: talliesOf(policy, findingCounts),
    devices: rows.map(rowOf),
    found,
  };
}
