import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDays } from '../../../server/history/close-days.ts';
import { lookBack, pastDay } from '../../../server/history/look-back.ts';
import { parseCheckQuery } from '../../../server/pages/check-query.ts';
import { tallies } from '../../../server/review/tallies.ts';
import { lookAtCheckThen } from '../../../server/routes/pages/check-then.ts';
import { seedSampleFleet } from '../../../server/sample/fleet.ts';
import { tightenedOn } from '../../../server/sample/life.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import type { CheckId } from '../../../shared/checks/index.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-history-'));
const day = 86_400_000;
const days = 36;
const now = new Date('2026-11-20T12:00:00Z');
let stores: Stores;
let database: TestDatabase;
let organization: Organization;

/** What the pages said at the end of a day, noted while it was that day. */
interface Said {
  readonly at: Date;
  readonly counts: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly failing: Readonly<Record<string, readonly string[]>>;
  /** Who failed some points, longest standing first, and since when. */
  readonly lists: Readonly<Record<string, readonly { readonly label: string; readonly since: string }[]>>;
}
const listed = [
  ['firewall', 'enabled'],
  ['screen-lock', 'idle'],
  ['disk-encryption', null],
  ['os-updates', null],
] as const satisfies readonly (readonly [CheckId, string | null])[];
const subjectOf = ([check, point]: (typeof listed)[number]) => (point === null ? check : `${check}/${point}`);
const said: Said[] = [];

async function note(at: Date): Promise<void> {
  const { number } = organization;
  const { policy } = await stores.organizations.policy(number);
  const filter = {
    search: '',
    state: null,
    platform: null,
    check: null,
    sort: 'device',
    descending: false,
  } as const;
  const devices = await stores.devices.list(number, filter, 500, 0);
  said.push({
    at,
    counts: await stores.devices.stateCounts(number),
    answers: Object.fromEntries(
      tallies(await stores.devices.findingCounts(number), policy).map(({ check, counts }) => [check, counts]),
    ),
    failing: Object.fromEntries(devices.map(({ label, failing }) => [label, failing.toSorted()])),
    lists: Object.fromEntries(
      await Promise.all(
        listed.map(async (one) => {
          const asked = { subject: subjectOf(one), status: 'fail' as const, platform: null };
          const rows = await stores.checkFindings.list(number, asked, false, 500, 0);
          return [
            asked.subject,
            rows
              .filter(({ device }) => device.state !== 'on-leave')
              .map(({ device, since }) => ({ label: device.label, since: since.toISOString() })),
          ];
        }),
      ),
    ),
  });
}

beforeAll(async () => {
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
  const [contractor, reviewer] = await Promise.all(
    ['a', 'b'].map((name) => stores.users.create({ email: `${name}@it.example`, name }, 'console', now)),
  );
  if (contractor === undefined || reviewer === undefined) throw new Error('nobody');
  await seedSampleFleet({
    stores,
    devices: 60,
    days,
    now,
    reviewEvery: 1,
    people: { contractor: `user:${contractor.id}`, reviewer: `user:${reviewer.id}` },
    async reviewed(at) {
      const [first] = (await stores.organizations.all()).filter(({ name }) => name.startsWith('River'));
      if (first === undefined) throw new Error('no organization');
      organization = first;
      await note(at);
    },
  });
}, 180_000);
afterAll(async () => {
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('any day is told as its own pages told it: states, answers of each check, what failed on each laptop', async () => {
  expect(said.length).toBe(days + 1);
  for (const { at, counts, answers, failing } of said) {
    const { fleet, policy } = await lookBack(stores, organization.number, at);
    expect({ at, counts: fleet.counts }).toEqual({ at, counts });
    for (const [check, tally] of Object.entries(answers)) {
      expect({ at, check, tally: fleet.tallies.get(check) }).toEqual({ at, check, tally });
    }
    const failed = Object.fromEntries(fleet.devices.map((one) => [one.device.label, one.failing.toSorted()]));
    expect({ at, failed }).toEqual({ at, failed: failing });
    const first = now.getTime() - days * day;
    expect(policy.version).toBe(at.getTime() < first + (tightenedOn(days) - 0.5) * day ? 1 : 2);
  }
}, 120_000);

test('the laptops that failed a check on any day are those its page listed on that day', async () => {
  let rows = 0;
  for (const { at, lists } of said) {
    for (const one of listed) {
      const [check, point] = one;
      const query = { ...parseCheckQuery({}), point };
      const then = await lookAtCheckThen(stores, organization.number, check, query, at);
      const subject = subjectOf(one);
      const list = lists[subject] ?? [];
      rows += list.length;
      expect({ at, subject, found: then.found }).toEqual({ at, subject, found: list.length });
      expect({ at, subject, count: then.counts.get(subject)?.fail }).toEqual({
        at,
        subject,
        count: list.length,
      });
      const shown = then.devices.map(({ label, since }) => ({ label, since: toTheHour(since) }));
      expect({ at, subject, shown: shown.toSorted(byLabel) }).toEqual({
        at,
        subject,
        shown: list
          .slice(0, 25)
          .map(({ label, since }) => ({ label, since: toTheHour(since) }))
          .toSorted(byLabel),
      });
      for (const { found } of then.devices) expect(found.length).toBeGreaterThan(0);
    }
  }
  expect(rows).toBeGreaterThan(100);
}, 120_000);

/** A first report is judged a moment after it was signed. */
const toTheHour = (moment: string) => moment.slice(0, 13);
const byLabel = (a: { readonly label: string }, b: { readonly label: string }) =>
  a.label < b.label ? -1 : 1;

test('the counts kept for each day are those of the pages at its end, and the same when they are made up for late', async () => {
  const kept = await stores.history.days(organization.number, new Date(0), now);
  expect(kept.length).toBeGreaterThanOrEqual(days - 1);
  for (const { date, counts } of kept) {
    const then = said.find(({ at }) => at.toISOString().startsWith(date));
    if (then !== undefined) expect({ date, counts }).toEqual({ date, counts: then.counts });
    const end = new Date(Date.parse(date) + day - 1);
    expect({ date, counts: await stores.history.stateCounts(organization.number, end) }).toEqual({
      date,
      counts,
    });
  }
  await closeDays(stores, now);
  expect(await stores.history.days(organization.number, new Date(0), now)).toEqual(kept);
}, 60_000);

test('a repair takes from the report that showed the fault to the one that showed it gone', async () => {
  const start = new Date(now.getTime() - days * day);
  const times = await stores.history.fixTimes(organization.number, start, now);
  const longest = Math.max(...times.map(({ hours }) => hours));
  expect(longest).toBeGreaterThan(24);
  expect(longest).toBeLessThan(days * 24);
  let seen = 0;
  const filter = {
    search: '',
    state: null,
    platform: null,
    check: null,
    sort: 'device',
    descending: false,
  } as const;
  const everyone = [
    ...(await stores.devices.list(organization.number, filter, 500, 0)),
    ...(await stores.devices.list(organization.number, { ...filter, state: 'retired' }, 500, 0)),
  ];
  for (const device of everyone) {
    const changes = await stores.history.ofDevice(organization.number, device.number, 10_000);
    seen += changes.filter(
      ({ before, after, sequence, subject }) =>
        before === 'fail' &&
        (after === 'pass' || after === 'not-applicable') &&
        sequence !== null &&
        enforced(subject),
    ).length;
  }
  expect(times.reduce((sum, { fixes }) => sum + fixes, 0)).toBe(seen);
});

/** What the made-up policy enforces; it does not change in between. */
function enforced(subject: string): boolean {
  const [check = '', point = ''] = subject.split('/');
  return basePolicy().checks[check as CheckId][point]?.mode === 'enforce';
}

test('what retired laptops answered is told also by a build whose catalogue is another one', async () => {
  const noon = said.find(({ at }) => at.getTime() > now.getTime() - 20 * day);
  if (noon === undefined) throw new Error('no such day');
  const before = await lookBack(stores, organization.number, noon.at);
  const retired = await stores.devices.list(
    organization.number,
    { search: '', state: 'retired', platform: null, check: null, sort: 'device', descending: false },
    100,
    0,
  );
  const gone = before.fleet.devices.filter(({ device }) => retired.some(({ id }) => id === device.id));
  expect(gone.length).toBeGreaterThan(0);
  // As the text of a build that knows one check more or less: this one cannot read it.
  const history = {
    ...stores.history,
    fleet: async (number: number, at: Date) =>
      (await stores.history.fleet(number, at)).map((device) => ({
        ...device,
        statuses: `other:${device.statuses}`,
      })),
  };
  const after = await lookBack({ ...stores, history }, organization.number, noon.at);
  for (const [check, tally] of before.fleet.tallies) {
    expect({ check, tally: after.fleet.tallies.get(check) }).toEqual({ check, tally });
  }
});

test('only a day that is over can be looked back at', () => {
  expect(pastDay('2026-11-19', now)?.at.toISOString()).toBe('2026-11-19T23:59:59.999Z');
  for (const text of [
    '2026-11-20',
    '2026-11-21',
    '2026-02-30',
    '2026-1-1',
    '',
    'yesterday',
    undefined,
    '0000-00-00',
  ]) {
    expect(pastDay(text, now)).toBeNull();
  }
});
