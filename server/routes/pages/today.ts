import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import { isAdministrator } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import type { HeldPolicyView } from '../../pages/components/held-policies.tsx';
import { soonMs } from '../../pages/components/waivers.tsx';
import type { Breakage, OrganizationSummary, Silence } from '../../pages/model.ts';
import { TodayPage } from '../../pages/today.tsx';
import { allows, type Role } from '../../permissions.ts';
import { dueRecords } from '../../registers/due.ts';
import type { DeviceFilter } from '../../storage/devices.ts';
import type { BrokenPoint } from '../../storage/findings.ts';
import type { Organization } from '../../storage/organizations.ts';
import { numbersSummary } from './numbers.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';
import { waiverRows } from './waiver-rows.ts';

const brokeShown = 20;
const silentShown = 10;
const waiversShown = 10;
const dueShown = 20;

const silent: DeviceFilter = {
  search: '',
  state: 'silent',
  platform: null,
  check: null,
  sort: 'report',
  descending: true,
};

/** All organizations a person looks after, on one page. */
export const todayRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  /** One organization: its numbers, and the newest of what broke and who went silent. */
  async function look(organization: Organization, since: Date, roles: readonly Role[], at: Date) {
    const { number, id, name } = organization;
    const mayWaivers = allows(roles, 'waivers.read');
    const [counts, lastReportAt, broken, devices, { policy }, waivers, waiting, due, held] =
      await Promise.all([
        stores.devices.stateCounts(number),
        stores.devices.lastReportAt(number),
        stores.findings.broken(number, since, at, brokeShown),
        stores.devices.list(number, silent, silentShown, 0),
        stores.organizations.policy(number),
        mayWaivers ? dueWaivers(organization, since, at) : [],
        mayWaivers ? stores.waivers.waitingCount(number) : 0,
        allows(roles, 'registers.read')
          ? dueRecords(stores, organization, at, dueShown)
          : { due: [], total: 0 },
        heldPolicy(organization, roles),
      ]);
    const summary: OrganizationSummary = {
      id,
      name,
      counts,
      lastReportAt: lastReportAt?.toISOString() ?? null,
    };
    return {
      summary,
      waivers,
      waiting,
      due,
      held,
      brokeTotal: broken.total,
      broke: broken.points.flatMap((point) => breakageOf(point, { id, name }, policy)),
      silent: devices.map(
        (device): Silence => ({
          organization: { id, name },
          device: { id: device.id, label: device.label, assetTag: device.assetTag ?? undefined },
          lastReportAt: device.receivedAt?.toISOString() ?? null,
          enrolledAt: device.enrolledAt.toISOString(),
        }),
      ),
    };
  }

  /** Laptops that hold a newer policy than there is here. */
  async function heldPolicy(organization: Organization, roles: readonly Role[]): Promise<HeldPolicyView[]> {
    const held = await stores.heldPolicies.newer(organization.number);
    if (held === undefined) return [];
    const scheduled = await stores.policies.scheduled(organization.number);
    return [
      {
        organization: { id: organization.id, name: organization.name },
        version: organization.policyVersion,
        held: held.version,
        devices: held.devices,
        scheduled: scheduled?.version ?? null,
        mayPublish: allows(roles, 'policy.write'),
      },
    ];
  }

  /** What waits for a decision, what ends within two weeks, and what has ended since news begin. */
  async function dueWaivers(organization: Organization, since: Date, at: Date) {
    const { number, id, name } = organization;
    const [waiting, ending, ended] = await Promise.all([
      stores.waivers.waiting(number, waiversShown),
      stores.waivers.inForce(number, at, waiversShown, new Date(at.getTime() + soonMs)),
      stores.waivers.ended(number, at, waiversShown, 0),
    ]);
    const expired = ended.filter(
      ({ status, endsAt }) => status === 'approved' && endsAt !== null && endsAt >= since,
    );
    return waiverRows(stores, [...waiting, ...expired, ...ending], { id, name }, at);
  }

  app.get(addresses.today, {
    config: { caller: 'staff' },
    schema: { hide: true },
    async handler(request, reply) {
      const at = now();
      const since = newsFrom(at);
      const all = request.staff?.memberships ?? [];
      const memberships = all.filter(({ roles }) => allows(roles, 'fleet.read'));
      const numbers = await Promise.all(
        all
          .filter(({ roles }) => !allows(roles, 'fleet.read') && allows(roles, 'counts.read'))
          .map(async (membership) => {
            const organization = await stores.organizations.byNumber(membership.organization);
            return organization && numbersSummary(stores, organization);
          }),
      );
      const looks = (
        await Promise.all(
          memberships.map(async (membership) => {
            const organization = await stores.organizations.byNumber(membership.organization);
            return organization && look(organization, since, membership.roles, at);
          }),
        )
      ).filter((one) => one !== undefined);
      return sendPage(reply, TodayPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        since: since.toISOString(),
        held: looks.flatMap(({ held }) => held),
        numbers: numbers.filter((one) => one !== undefined),
        organizations: looks.map(({ summary }) => summary).toSorted((a, b) => a.name.localeCompare(b.name)),
        broke: looks
          .flatMap(({ broke }) => broke)
          .toSorted((a, b) => b.since.localeCompare(a.since))
          .slice(0, brokeShown),
        brokeTotal: looks.reduce((sum, { brokeTotal }) => sum + brokeTotal, 0),
        silent: looks
          .flatMap((one) => one.silent)
          .toSorted((a, b) => (b.lastReportAt ?? '').localeCompare(a.lastReportAt ?? ''))
          .slice(0, silentShown),
        waivers: looks
          .flatMap(({ waivers }) => waivers)
          .toSorted((a, b) => (a.endsAt ?? '').localeCompare(b.endsAt ?? '')),
        waiting: looks.reduce((sum, { waiting }) => sum + waiting, 0),
        due: looks
          .flatMap(({ due }) => due.due)
          .toSorted((a, b) => a.dueAt.localeCompare(b.dueAt))
          .slice(0, dueShown),
        mayAdd: isAdministrator(request.staff),
        dueTotal: looks.reduce((sum, { due }) => sum + due.total, 0),
        silentTotal: looks.reduce((sum, { summary }) => sum + summary.counts.silent, 0),
      });
    },
  });
};

/** The beginning of yesterday (UTC); after a weekend, on which nobody looks, that of Friday: Monday tells of all since then. */
function newsFrom(at: Date): Date {
  const days = [2, 3][at.getUTCDay()] ?? 1;
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - days));
}

/** A stored subject such as `firewall/enabled` in words; nothing where this build no longer knows it. */
function breakageOf(
  { subject, device, label, assetTag, observed, at }: BrokenPoint,
  organization: Breakage['organization'],
  policy: Policy,
): Breakage[] {
  const [id = '', name = ''] = subject.split('/');
  const check = checks[id as CheckId] as unknown as Check | undefined;
  const point = check?.points[name];
  if (check === undefined || point === undefined) return [];
  return [
    {
      organization,
      device: { id: device, label, assetTag: assetTag ?? undefined },
      check: id,
      checkTitle: check.title,
      pointTitle: point.title,
      severity: policy.checks[id as CheckId][name]?.severity ?? point.severity,
      observed,
      since: at.toISOString(),
    },
  ];
}
