import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { whatIfTrials } from '../../server/ingest/what-if.ts';
import { assess, type CollectorKnowledge, type Judging } from '../../server/review/assess.ts';
import { compareAssessments, draftTrial } from '../../server/review/what-if.ts';
import { known } from '../../shared/answer.ts';
import { judgeCheck } from '../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy, type Policy } from '../../shared/policy.ts';
import type { DeviceWaiver } from '../../shared/waiver.ts';
import { sampleMachine as fleetMachine, sampleFleetFacts, seeded } from '../bench/sample-fleet.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, type SampleDevice, sampleFacts, sampleMachine } from './sample-device.ts';

const base = basePolicy();
const changed = (checks: object, from: Policy = base) =>
  extendPolicy(from, AuthoredPolicy.parse({ policy: 'acme', version: from.version + 1, checks }));
const at = new Date('2026-11-21T08:00:00.000Z');

const locks = (seconds: number) => ({
  'screen-lock': {
    idle: known({ seconds, power: 'any' as const, saverDefault: false }),
    grace: known({ seconds: 0 }),
  },
});
/** What a policy that asks for nothing but the screen lock, and reports in time, sees. */
const only = (lock: object) => {
  const off = Object.fromEntries(
    Object.entries(base.checks).map(([id, points]) => [
      id,
      Object.fromEntries(Object.keys(points).map((name) => [name, { mode: 'off' }])),
    ]),
  );
  return changed({ ...off, 'screen-lock': { idle: lock, grace: { mode: 'off' } } });
};

const waiver = (point: string | null): DeviceWaiver => ({
  id: '01a20034-41a1-7100-81d2-4643330e2737',
  check: 'screen-lock',
  point,
  reason: 'A kiosk that nobody leaves',
  startsAt: '2026-11-01T00:00:00.000Z',
  expiresAt: '2026-12-31T00:00:00.000Z',
});
const knowledge = (more: Partial<CollectorKnowledge> = {}): CollectorKnowledge => ({
  machine: sampleMachine,
  agent: '0.1.0',
  owner: 'company',
  receivedAt: at,
  diverged: false,
  clockSkewSeconds: 0,
  leaveUntil: null,
  agreement: false,
  approval: null,
  waivers: [],
  ...more,
});
const shift = (seconds: number | null, from: object, to: object, more: Partial<CollectorKnowledge> = {}) => {
  const facts = seconds === null ? {} : locks(seconds);
  const judge = (policy: Policy) => assess(facts, knowledge(more), policy, at);
  return compareAssessments(judge(only(from)), judge(only(to)));
};
const idle = 'screen-lock/idle';

test.each([
  ['tightened', 600, { maxSeconds: 900 }, { maxSeconds: 300 }, 'compliant', 'failing', 'fails'],
  ['loosened', 600, { maxSeconds: 300 }, { maxSeconds: 900 }, 'failing', 'compliant', 'fixed'],
  [
    'no longer counted',
    600,
    { maxSeconds: 300 },
    { maxSeconds: 300, mode: 'warn' },
    'failing',
    'compliant',
    'fixed',
  ],
  [
    'newly counted',
    600,
    { mode: 'off', maxSeconds: 300 },
    { maxSeconds: 300 },
    'compliant',
    'failing',
    'fails',
  ],
  ['newly counted, never told', null, { mode: 'advisory' }, {}, 'compliant', 'unknown', 'unknown'],
] as const)('a point that is %s', (_, seconds, from, to, before, after, expected) => {
  expect(shift(seconds, from, to)).toEqual({
    from: before,
    to: after,
    points: [{ subject: idle, shift: expected }],
  });
});

test('what comes out alike is no shift: severity, clauses, a tighter number that still holds', () => {
  expect(
    shift(200, { maxSeconds: 900 }, { maxSeconds: 300, severity: 'low', clauses: ['A-1'] }),
  ).toBeUndefined();
  expect(shift(null, {}, { maxSeconds: 300 })).toBeUndefined();
  expect(shift(600, { mode: 'off' }, { mode: 'warn', maxSeconds: 60 })).toBeUndefined();
});

test('what a waiver excuses would not count either', () => {
  const tighten = [{ maxSeconds: 900 }, { maxSeconds: 300 }] as const;
  expect(shift(600, ...tighten, { waivers: [waiver('idle')] })).toBeUndefined();
  expect(shift(600, ...tighten, { waivers: [waiver('grace')] })?.points).toHaveLength(1);
});

test('a laptop that is silent stays silent, whatever it said; one that comes to be is told', () => {
  const silent = { receivedAt: new Date(at.getTime() - 9 * 86_400_000) };
  expect(shift(600, { maxSeconds: 900 }, { maxSeconds: 300 }, silent)).toMatchObject({
    from: 'silent',
    to: 'silent',
  });
  const facts = locks(600);
  const patient = changed({ 'agent-health': { current: { maxCheckInDays: 30 } } });
  const judge = (policy: Policy) => assess(facts, knowledge(silent), policy, at);
  expect(compareAssessments(judge(base), judge(patient))).toMatchObject({ from: 'silent', to: 'unknown' });
});

test('trying a draft says of every laptop what assessing it by both policies says, and judges what both ask alike once', () => {
  const draft = changed({
    'screen-lock': { idle: { maxSeconds: 60 } },
    'admin-rights': { 'not-admin': { mode: 'advisory' } },
    'device-ownership': { declared: { mode: 'off' } },
  });
  const patient = changed({ 'agent-health': { current: { maxCheckInDays: 30 } } });
  const judged: string[] = [];
  const judging: Judging = (policy, context) => (id, facts) => {
    if (policy !== base) judged.push(id);
    return judgeCheck(id, facts, policy, context);
  };
  const random = seeded(7);
  const shifts = { none: 0, some: 0 };
  for (const next of [draft, patient, base]) {
    const tried = draftTrial(base, next, at, judging);
    for (let count = 0; count < 60; count += 1) {
      const machine = fleetMachine(random);
      const facts = random() < 0.05 ? undefined : sampleFleetFacts(random, machine);
      const known = knowledge({
        machine,
        owner: random() < 0.2 ? 'not-declared' : 'company',
        receivedAt: random() < 0.1 ? null : new Date(at.getTime() - random() * 12 * 86_400_000),
        waivers: random() < 0.2 ? [waiver(random() < 0.5 ? 'idle' : null)] : [],
        leaveUntil: random() < 0.1 ? new Date(at.getTime() + 86_400_000) : null,
      });
      const whole = compareAssessments(assess(facts, known, base, at), assess(facts, known, next, at));
      expect(tried(facts, known)).toEqual(whole);
      shifts[whole === undefined ? 'none' : 'some'] += 1;
    }
  }
  expect(shifts.none).toBeGreaterThan(20);
  expect(shifts.some).toBeGreaterThan(20);
  expect(new Set(judged)).toEqual(
    new Set(['screen-lock', 'admin-rights', 'device-ownership', 'agent-health']),
  );
});

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

test('a trial goes through the signed facts of one organization, and follows draft, reports and waivers', async () => {
  const { stores, organization } = collector;
  const other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: base },
    'console',
    new Date(),
  );
  const devices: SampleDevice[] = [];
  for (const [seconds, of] of [
    [600, organization],
    [600, organization],
    [120, organization],
    [600, other],
  ] as const) {
    const device = await collector.device(of);
    await post(collector.url, device.full({ ...sampleFacts(), ...locks(seconds) }));
    devices.push(device);
  }
  const [first, second, , theirs] = devices;
  const never = await collector.device();
  const failures: unknown[] = [];
  let time = new Date();
  const trials = whatIfTrials(stores, () => time, { error: (fields) => failures.push(fields) });
  const draft = changed({ 'screen-lock': { idle: { maxSeconds: 300 } } });
  const look = (edit: number, policy = draft) =>
    trials.look({ organization: organization.number, current: base, draft: policy, edit }, 20_000);

  const result = await look(1);
  expect(result).toMatchObject({ finished: true, failed: false, judged: 4, devices: 4 });
  expect(result.shifted.map(({ id }) => id).toSorted()).toEqual([first?.id, second?.id].toSorted());
  expect(result.points.get(idle)).toEqual({ fails: 2, fixed: 0, unknown: 0 });
  expect(result.shifted.some(({ id }) => id === theirs?.id || id === never.id)).toBe(false);
  // The same state of the same draft is not gone through again.
  expect(await look(1)).toBe(result);
  expect((await look(2, changed({ 'screen-lock': { idle: { maxSeconds: 700 } } }))).shifted).toEqual([]);

  await post(collector.url, (first as SampleDevice).full({ ...sampleFacts(), ...locks(60) }));
  expect((await look(3)).shifted.map(({ id }) => id)).toEqual([second?.id]);

  // Evidence that was tampered with proves nothing: it is told so when it is read anew.
  const database = new DatabaseSync(join(collector.folder, 'collector.db'));
  database
    .prepare(
      'update reports set body = zeroblob(200) where device = (select number from devices where id = ?)',
    )
    .run(second?.id ?? '');
  database.close();
  time = new Date(Date.now() + 11 * 60_000);
  const anew = await look(3);
  expect(anew.points.get(idle)).toBeUndefined();
  expect(failures).toEqual([]);
  trials.stop();
});

test('a trial that was begun ahead is the one that is looked at', async () => {
  const { stores, organization } = collector;
  let gone = 0;
  const devices = {
    ...stores.devices,
    after: async (...given: Parameters<typeof stores.devices.after>) => {
      gone += 1;
      return stores.devices.after(...given);
    },
  };
  const trials = whatIfTrials({ ...stores, devices }, () => new Date(), {
    error: (fields) => expect(fields).toBeUndefined(),
  });
  const draft = changed({ 'screen-lock': { idle: { maxSeconds: 300 } } });
  const trial = { organization: organization.number, current: base, draft, edit: 1 };
  trials.begin(trial);
  await vi.waitFor(() => expect(gone).toBe(1));
  expect(await trials.look(trial, 20_000)).toMatchObject({ finished: true, judged: 4 });
  expect(gone).toBe(1);
  trials.stop();
});

test('a trial that breaks says so, and the next look begins anew', async () => {
  const { stores, organization } = collector;
  const failures: unknown[] = [];
  let broken = true;
  const devices = {
    ...stores.devices,
    after: (...given: Parameters<typeof stores.devices.after>) =>
      broken ? Promise.reject(new Error('the disk is gone')) : stores.devices.after(...given),
  };
  const trials = whatIfTrials({ ...stores, devices }, () => new Date(), {
    error: (fields) => failures.push(fields),
  });
  const trial = { organization: organization.number, current: base, draft: base, edit: 0 };
  expect(await trials.look(trial, 5_000)).toMatchObject({ failed: true, finished: false });
  expect(failures).toHaveLength(1);
  broken = false;
  expect(await trials.look(trial, 5_000)).toMatchObject({ failed: false, finished: true, shifted: [] });
});
