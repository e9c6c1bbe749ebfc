import { type CheckId, checks } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import { deviceThen } from '../../history/device-then.ts';
import { lookBack } from '../../history/look-back.ts';
import type { CheckDeviceRow, CheckView, StatusCounts } from '../../pages/check-model.ts';
import { type CheckQuery, checkPageSize } from '../../pages/check-query.ts';
import { type DeviceThen, decidingSubjects } from '../../review/fleet-then.ts';
import type { Stores } from '../../storage/stores.ts';

/** What of the page of a check depends on whether one looks at the present or at the past. */
export interface CheckLook extends Pick<CheckView, 'fixed' | 'devices' | 'found'> {
  readonly policy: Policy;
  /** By check and by point (`firewall/enabled`). */
  readonly counts: ReadonlyMap<string, StatusCounts>;
}

/** So far back a repair counts as recent. */
export const repairsMs = 30 * 24 * 3_600_000;

/**
 * The laptops that answered a check in one way as of a moment: found and paged here, because no table holds what was. Each that is
 * shown is judged again from the report it had signed by then.
 */
export async function lookAtCheckThen(
  stores: Stores,
  organization: number,
  id: CheckId,
  query: CheckQuery,
  at: Date,
): Promise<CheckLook> {
  const { fleet, policy } = await lookBack(stores, organization, at);
  // As in the numbers of the present: who is on leave answers nothing.
  const answering = fleet.devices.filter(({ state }) => state !== 'on-leave');
  const points = Object.keys(checks[id].points);
  const counts = new Map<string, StatusCounts>(
    [id, ...points.map((point) => `${id}/${point}`)].map((subject) => [subject, tally(answering, subject)]),
  );
  const asked = query.point === null ? points : [query.point];
  const repairs = {
    subjects: asked.map((point) => `${id}/${point}`),
    since: new Date(at.getTime() - repairsMs),
    until: at,
  };
  const offset = (query.page - 1) * checkPageSize;
  const fixed = await stores.checkFindings.repairCount(organization, { ...repairs, platform: null });
  const filter = { ...repairs, platform: query.platform };
  const { platform, status } = query;
  let found: readonly Found[];
  let total: number;
  if (status === 'fixed') {
    const rows = await stores.checkFindings.repairs(organization, filter, checkPageSize, offset);
    found = rows.map(({ device, since, subject }) => ({ id: device.id, since, subject }));
    total = platform === null ? fixed : await stores.checkFindings.repairCount(organization, filter);
  } else {
    const subject = query.point === null ? id : `${id}/${query.point}`;
    const deciding = query.point === null ? decidingSubjects(id, policy) : [subject];
    const became = await stores.checkFindings.lastBecame(organization, deciding, status, at);
    const turn = query.newestFirst ? -1 : 1;
    const all = answering
      .filter(
        ({ device, statuses }) =>
          (platform === null || device.platform === platform) && statuses?.get(subject) === status,
      )
      .map(({ device, statuses }) => ({
        id: device.id,
        since: sinceOf(
          deciding
            .filter((one) => statuses?.get(one) === status)
            .map((one) => became.get(device.number)?.get(one)),
        ),
      }))
      .toSorted((a, b) => turn * (a.since - b.since || (a.id < b.id ? -1 : 1)));
    total = all.length;
    found = all
      .slice(offset, offset + checkPageSize)
      .map((row) => ({ id: row.id, since: row.since === 0 ? null : new Date(row.since) }));
  }
  return {
    policy,
    counts,
    fixed,
    found: total,
    devices: await describe(stores, organization, id, query, found, at),
  };
}

/** A laptop of the list; `since` is null where it had been so from the first report on. */
interface Found {
  readonly id: string;
  readonly since: Date | null;
  /** The point that was repaired, in the list of repairs. */
  readonly subject?: string;
}

/** The earliest of the moments at which points became what they are; 0 where one had been so from the start. */
const sinceOf = (moments: readonly (Date | undefined)[]): number =>
  moments.length === 0 ? 0 : Math.min(...moments.map((moment) => moment?.getTime() ?? 0));

function tally(devices: readonly DeviceThen[], subject: string): StatusCounts {
  const counts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
  for (const { statuses } of devices) {
    const status = statuses?.get(subject);
    if (status !== undefined) counts[status] += 1;
  }
  return counts;
}

async function describe(
  stores: Stores,
  organization: number,
  id: CheckId,
  query: CheckQuery,
  found: readonly Found[],
  at: Date,
): Promise<readonly CheckDeviceRow[]> {
  const devices = await stores.devices.byIds(organization, [...new Set(found.map((row) => row.id))]);
  const judged = new Map(
    await Promise.all(
      devices.map(async (device) => [device.id, await deviceThen(stores, device, at)] as const),
    ),
  );
  return found.flatMap((row): CheckDeviceRow[] => {
    const then = judged.get(row.id);
    if (then === undefined) return [];
    const { device, assessment, state, since } = then;
    const points = assessment.findings.find(({ check }) => check === id)?.points ?? [];
    const asked = row.subject === undefined ? query.point : (row.subject.split('/')[1] ?? null);
    const shown = points.filter(({ point, status }) =>
      asked === null ? status === query.status : point === asked,
    );
    const first = Math.min(
      ...shown.map(({ point }) => (since.get(`${id}/${point}`)?.since ?? device.enrolledAt).getTime()),
      at.getTime(),
    );
    return [
      {
        id: device.id,
        label: device.label,
        assetTag: device.assetTag ?? undefined,
        state,
        system: device.system,
        since: (row.since ?? new Date(first)).toISOString(),
        found: shown.map(({ point, title, observed, waiver }) => ({ point, title, observed, waiver })),
      },
    ];
  });
}
