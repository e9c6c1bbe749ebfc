import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Check, modes, type Status } from '../../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import { standards } from '../../../shared/standards.ts';
import { organizationOf } from '../../caller.ts';
import { lookBack, pastDay } from '../../history/look-back.ts';
import { standingFacts } from '../../ingest/standing-facts.ts';
import { addresses } from '../../pages/addresses.ts';
import { CheckPage } from '../../pages/check.tsx';
import type { CheckDeviceRow, StatusCounts } from '../../pages/check-model.ts';
import { type CheckQuery, checkPageSize, parseCheckQuery } from '../../pages/check-query.ts';
import { ChecksPage } from '../../pages/checks.tsx';
import { checkSorts } from '../../pages/checks-query.ts';
import { HttpProblem } from '../../problem.ts';
import { assessCheck } from '../../review/assess.ts';
import { knowledgeOf } from '../../review/knowledge.ts';
import { remediesOf } from '../../review/remedies.ts';
import type { CheckFinding } from '../../storage/check-findings.ts';
import { type CheckLook, lookAtCheckThen, repairsMs } from './check-then.ts';
import { listPage } from './list-page.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const Params = z.object({ organization: z.string().max(40) });
const none: StatusCounts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };

/** All checks of an organization, and each of them with the laptops that answer it. */
export const checkRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  const facts = standingFacts(stores);

  app.get('/organizations/:organization/checks', {
    config: { caller: 'organization:fleet.read' },
    schema: { hide: true, params: Params, querystring: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const { number, id, name } = organizationOf(request);
      const at = now();
      const past = pastDay(request.query['asOf'], at);
      const { counts, devices, policy } =
        past === null ? await everyCheck(number) : await everyCheckThen(number, past.at);
      return sendPage(reply, ChecksPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        policy: { id: policy.id, version: policy.version },
        checks: checkIds.map((check) => ({
          check,
          title: checks[check].title,
          counts: counts.get(check) ?? none,
          mode:
            modes.find((mode) => Object.values(policy.checks[check]).some((point) => point.mode === mode)) ??
            'off',
        })),
        sort: checkSorts.find((sort) => sort === request.query['sort']) ?? 'fail',
        devices,
        past: past && { date: past.date },
        today: at.toISOString(),
      });
    },
  });

  async function everyCheck(organization: number) {
    const [counts, states, { policy }] = await Promise.all([
      stores.devices.findingCounts(organization),
      stores.devices.stateCounts(organization),
      stores.organizations.policy(organization),
    ]);
    return { counts, devices: Object.values(states).reduce((sum, amount) => sum + amount, 0), policy };
  }

  async function everyCheckThen(organization: number, at: Date) {
    const { fleet, policy } = await lookBack(stores, organization, at);
    return { counts: fleet.tallies, devices: fleet.devices.length, policy };
  }

  /** The page of laptops a query asks for, and how many there are in all. */
  async function look(organization: number, id: CheckId, query: CheckQuery, counts: StatusCounts, at: Date) {
    const { point, status, platform, newestFirst, page } = query;
    const subjects = point === null ? Object.keys(checks[id].points) : [point];
    const repairs = {
      subjects: subjects.map((name) => `${id}/${name}`),
      since: new Date(at.getTime() - repairsMs),
      until: at,
      platform,
    };
    const offset = (page - 1) * checkPageSize;
    const fixed = await stores.checkFindings.repairCount(organization, { ...repairs, platform: null });
    if (status === 'fixed') {
      const [rows, found] = await Promise.all([
        stores.checkFindings.repairs(organization, repairs, checkPageSize, offset),
        platform === null ? fixed : stores.checkFindings.repairCount(organization, repairs),
      ]);
      return { rows, found, fixed };
    }
    const filter = { subject: point === null ? id : `${id}/${point}`, status, platform };
    const listed = await listPage(
      { page, size: checkPageSize },
      (limit, from) => stores.checkFindings.list(organization, filter, newestFirst, limit, from),
      // Where no system is asked for, the maintained counters know.
      () => (platform === null ? counts[status] : stores.checkFindings.count(organization, filter)),
    );
    return { ...listed, fixed };
  }

  /** What each laptop says of the check now, out of the report it signed. */
  async function describe(
    organization: number,
    rows: readonly (CheckFinding & { readonly subject?: string })[],
    id: CheckId,
    query: CheckQuery,
    policy: Policy,
    at: Date,
  ): Promise<readonly CheckDeviceRow[]> {
    const [said, granted] = await Promise.all([
      facts.read(rows.map(({ device }) => device)),
      stores.waivers.granted(organization),
    ]);
    return rows.map(({ device, since, subject }, index) => {
      const known = knowledgeOf(device, granted);
      const points = assessCheck(id, said[index], known, policy, at, facts.judging)?.points ?? [];
      const asked = subject === undefined ? query.point : (subject.split('/')[1] ?? null);
      return {
        id: device.id,
        label: device.label,
        assetTag: device.assetTag ?? undefined,
        state: device.state,
        system: device.system,
        since: since.toISOString(),
        found: points
          .filter(({ point, status }) => (asked === null ? status === query.status : point === asked))
          .map(({ point, title, observed, waiver }) => ({ point, title, observed, waiver })),
      };
    });
  }

  async function lookAtPresent(
    organization: number,
    id: CheckId,
    query: CheckQuery,
    at: Date,
  ): Promise<CheckLook> {
    const [counts, { policy }] = await Promise.all([
      stores.devices.findingCounts(organization),
      stores.organizations.policy(organization),
    ]);
    const asked = counts.get(query.point === null ? id : `${id}/${query.point}`) ?? none;
    const { rows, found, fixed } = await look(organization, id, query, asked, at);
    const devices = await describe(organization, rows, id, query, policy, at);
    return { policy, counts, fixed, devices, found };
  }

  app.get('/organizations/:organization/checks/:check', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: Params.extend({ check: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const { number, id: organization, name } = organizationOf(request);
      const id = checkIds.find((known) => known === request.params.check);
      if (id === undefined) throw new HttpProblem('not-found');
      const check = checks[id] as unknown as Check;
      const given = parseCheckQuery(request.query);
      const point = given.point !== null && Object.hasOwn(check.points, given.point) ? given.point : null;
      const at = now();
      const past = pastDay(given.asOf, at);
      const query = { ...given, point, asOf: past?.date ?? null };
      const { policy, counts, fixed, devices, found } =
        past === null
          ? await lookAtPresent(number, id, query, at)
          : await lookAtCheckThen(stores, number, id, query, past.at);
      if (devices.length === 0 && query.page > 1) {
        return reply.redirect(addresses.check(organization, id, { ...query, page: 1 }), 303);
      }
      return sendPage(reply, CheckPage, {
        viewer: viewerOf(request),
        now: (past?.at ?? at).toISOString(),
        today: at.toISOString(),
        past: past && { date: past.date },
        organization: { id: organization, name },
        policy: { id: policy.id, version: policy.version },
        check: {
          id,
          title: check.title,
          rationale: check.rationale,
          blindSpots: check.blindSpots,
          references: check.references.map(
            ({ standard, id: part }) =>
              `${standards[standard].title}, ${standards[standard].edition}: ${part}`,
          ),
        },
        counts: counts.get(id) ?? none,
        points: pointViews(id, check, policy, counts),
        fixed,
        query,
        devices,
        found,
      });
    },
  });
};

function pointViews(
  id: CheckId,
  check: Check,
  policy: Policy,
  counts: ReadonlyMap<string, Readonly<Record<Status, number>>>,
) {
  return Object.entries(check.points).flatMap(([name, point]) => {
    const settings = policy.checks[id][name];
    if (settings === undefined) return [];
    const { mode, severity, numberFrom, clauses, params } = settings;
    return [
      {
        point: name,
        title: point.title,
        expected: point.expected(params as never),
        mode,
        severity,
        numberFrom,
        clauses,
        counts: counts.get(`${id}/${name}`) ?? none,
        remedies: remediesOf(point, params),
      },
    ];
  });
}
