import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import { addresses, formatDeviceQuery, pageSize, parseDeviceQuery } from '../../pages/addresses.ts';
import type { CheckTally, DeviceRow } from '../../pages/model.ts';
import { OrganizationPage } from '../../pages/organization.tsx';
import type { Device, DeviceStore } from '../../storage/devices.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { organizationOf, viewerOf } from './viewer.ts';

/** One organization: where its laptops stand, check by check and one by one. */
export const organizationRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const { number, id, name } = organization;
      const query = parseDeviceQuery(request.query);
      const filtered = query.search !== '' || query.platform !== null || query.check !== null;
      const [counts, findingCounts, { policy }, devices, count] = await Promise.all([
        stores.devices.stateCounts(number),
        stores.devices.findingCounts(number),
        stores.organizations.policy(number),
        stores.devices.list(number, query, pageSize, (query.page - 1) * pageSize),
        // Where only states are asked for, the maintained counters know.
        filtered ? stores.devices.count(number, query) : undefined,
      ]);
      const found =
        count ??
        (query.state === null
          ? counts.failing + counts.unknown + counts.silent + counts.compliant
          : counts[query.state]);
      // The address a partial update leaves behind is the short one.
      reply.header('hx-push-url', addresses.organization(id, query));
      if (devices.length === 0 && query.page > 1) {
        return reply.redirect(
          `${addresses.organization(id)}${formatDeviceQuery({ ...query, page: 1 })}`,
          303,
        );
      }
      return sendPage(reply, OrganizationPage, {
        viewer: viewerOf(request),
        now: now().toISOString(),
        organization: { id, name },
        policy: { id: policy.id, version: policy.version },
        counts,
        checks: talliesOf(policy, findingCounts),
        query,
        devices: devices.map(rowOf),
        found,
      });
    },
  });
};

/** The checks that count under this policy, with how the devices answer them. */
function talliesOf(policy: Policy, counts: Awaited<ReturnType<DeviceStore['findingCounts']>>): CheckTally[] {
  return checkIds
    .filter((id) => Object.values(policy.checks[id]).some(({ mode }) => mode === 'enforce'))
    .map((id) => ({
      check: id,
      title: checks[id].title,
      counts: counts.get(id) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 },
    }));
}

function rowOf(device: Device): DeviceRow {
  const named = (ids: readonly string[]) =>
    ids.flatMap((check) => {
      const known = checks[check as CheckId] as { readonly title: string } | undefined;
      return known === undefined ? [] : [{ check, title: known.title }];
    });
  return {
    id: device.id,
    label: device.label,
    assetTag: device.assetTag ?? undefined,
    state: device.state,
    platform: device.machine.platform,
    system: device.system,
    lastReportAt: device.receivedAt?.toISOString() ?? null,
    failing: named(device.failing),
    unknown: named(device.unknown),
  };
}
