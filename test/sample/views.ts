/** Page views of a sample fleet, judged by the real judge. For tests that look at pages without a collector. */

import { pageSize, parseDeviceQuery } from '../../server/pages/addresses.ts';
import {
  type Breakage,
  type CheckTally,
  type DeviceQuery,
  type DeviceRow,
  type DeviceState,
  type DeviceView,
  deviceStates,
  type EvidenceView,
  type OrganizationView,
  type Silence,
  type StateCounts,
  type TodayView,
  type TrendView,
} from '../../server/pages/model.ts';
import { permissionsOf } from '../../server/permissions.ts';
import { dice, sampleFacts, sampleMachine } from '../../server/sample/facts.ts';
import { platforms } from '../../shared/answer.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { Facts } from '../../shared/facts.ts';
import { type Finding, judge, posture } from '../../shared/judge.ts';
import { basePolicy } from '../../shared/policy.ts';

export const now = '2026-11-21T08:15:00.000Z';
const viewer = { name: 'Thandi Mokoena', csrf: 'sample', may: permissionsOf.contractor };
const policy = basePolicy();
const minute = 60_000;
const before = (minutes: number) => new Date(Date.parse(now) - minutes * minute).toISOString();

const names = [
  'macOS 26.1',
  'macOS 15.7.2',
  'macOS 13.7.8',
  'Windows 11 (26200)',
  'Windows 10 (19045)',
] as const;

interface SampleDevice extends DeviceRow {
  readonly state: DeviceState;
  readonly findings: readonly Finding[];
  readonly age: number;
}

const counts = ({ points }: Finding) => points.some(({ mode }) => mode === 'enforce');

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function sampleDevice(random: () => number, index: number): SampleDevice {
  const machine = sampleMachine(random);
  const facts = Facts.parse(sampleFacts(machine, random, random() < 0.82 ? 0.06 : 1.2));
  const findings = judge(facts, policy, { now: new Date(now), machine });
  const lastReport = random() < 0.05 ? 60 * 24 * (4 + Math.floor(random() * 20)) : Math.floor(random() * 230);
  const verdict = posture(findings);
  const state: DeviceState =
    lastReport > 60 * 24 * 3
      ? 'silent'
      : verdict === 'compliant'
        ? 'compliant'
        : verdict === 'unknown'
          ? 'unknown'
          : 'failing';
  const label = Array.from({ length: 8 }, () => letters[Math.floor(random() * 32)]).join('');
  const system =
    machine.platform === 'linux'
      ? `${machine.osName === 'ubuntu' ? 'Ubuntu' : 'Fedora'} ${machine.osVersion}`
      : (names.find((name) =>
          machine.platform === 'darwin'
            ? name === `macOS ${machine.osVersion}`
            : name.includes(machine.osVersion?.split('.')[2] ?? '-'),
        ) ?? machine.osName);
  const some = (status: string) =>
    findings
      .filter((finding) => finding.status === status && counts(finding))
      .map(({ check, title }) => ({ check, title }));
  return {
    id: `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    label: `D-${label}`,
    assetTag: random() < 0.7 ? `LT-${String(100 + index)}` : undefined,
    state,
    platform: machine.platform,
    system,
    lastReportAt: before(lastReport),
    failing: some('fail'),
    unknown: some('unknown'),
    findings,
    age: lastReport,
  };
}

const fleets = new Map<string, readonly SampleDevice[]>();

/** The devices of a sample organization of this size. */
export function sampleDevices(size: number, seed = 7): readonly SampleDevice[] {
  const key = `${size}/${seed}`;
  const made = fleets.get(key);
  if (made !== undefined) return made;
  const random = dice(seed);
  const fleet = Array.from({ length: size }, (_, index) => sampleDevice(random, index));
  fleets.set(key, fleet);
  return fleet;
}

function countStates(devices: readonly SampleDevice[]): StateCounts {
  const counts = { failing: 0, unknown: 0, silent: 0, compliant: 0, 'on-leave': 0 };
  for (const device of devices) counts[device.state] += 1;
  return counts;
}

const organizations = [
  { id: 'river-and-stone', name: 'River & Stone Architects', size: 200, seed: 7 },
  { id: 'maluti-legal', name: 'Maluti Legal', size: 14, seed: 3 },
  { id: 'kestrel-analytics', name: 'Kestrel Analytics (Pty) Ltd', size: 41, seed: 11 },
] as const;

export function sampleToday(): TodayView {
  const fleets = organizations.map((organization) => ({
    organization,
    devices: sampleDevices(organization.size, organization.seed),
  }));
  const broke: Breakage[] = fleets
    .flatMap(({ organization, devices }) =>
      devices
        .filter(({ state }) => state === 'failing')
        .map((device) => ({
          organization,
          device,
          finding: device.findings.find(({ status }) => status === 'fail'),
        })),
    )
    .slice(3, 10)
    .flatMap(({ organization, device, finding }, index) => {
      const point = finding?.points.find(({ status, mode }) => status === 'fail' && mode === 'enforce');
      if (finding === undefined || point === undefined) return [];
      return [
        {
          organization,
          device,
          check: finding.check,
          checkTitle: finding.title,
          pointTitle: point.title,
          severity: point.severity,
          observed: point.observed,
          since: before(40 + index * 170),
        },
      ];
    });
  const silent: Silence[] = fleets
    .flatMap(({ organization, devices }) =>
      devices
        .filter(({ state }) => state === 'silent')
        .map((device) => ({
          organization,
          device,
          lastReportAt: device.lastReportAt,
          enrolledAt: before(90_000),
        })),
    )
    .slice(0, 6);
  return {
    viewer,
    now,
    since: before(24),
    organizations: fleets.map(({ organization, devices }) => ({
      id: organization.id,
      name: organization.name,
      counts: countStates(devices),
      lastReportAt:
        devices
          .map(({ lastReportAt }) => lastReportAt)
          .toSorted()
          .at(-1) ?? null,
    })),
    broke,
    brokeTotal: broke.length,
    silent,
    silentTotal: silent.length + 5,
    due: [
      {
        organization: organizations[1],
        register: 'suppliers',
        registerTitle: 'Suppliers and cloud services',
        id: '01990000-0000-7000-8000-00000000aaaa',
        reference: 'SUP-3',
        title: 'Sandstone Backups',
        due: 'Review',
        dueAt: before(60 * 24 * 9),
      },
    ],
    dueTotal: 1,
  };
}

function tally(devices: readonly SampleDevice[]): CheckTally[] {
  const ids = [
    ...new Set(devices.flatMap(({ findings }) => findings.filter(counts).map(({ check }) => check))),
  ];
  return ids.map((check: CheckId) => {
    const counts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
    for (const { findings } of devices) {
      const finding = findings.find((candidate) => candidate.check === check);
      if (finding) counts[finding.status] += 1;
    }
    return { check, title: checks[check].title, counts };
  });
}

/** The organization page for a query, found and sorted the simple way. */
export function sampleOrganization(
  given: Readonly<Record<string, unknown>> = {},
  size = 200,
  seed = 7,
): OrganizationView {
  const query: DeviceQuery = parseDeviceQuery(given);
  const devices = sampleDevices(size, seed);
  const { id, name } = organizations.find((one) => one.seed === seed) ?? organizations[0];
  const text = query.search.toLowerCase();
  const matching = devices.filter(
    (device) =>
      (query.state === null || device.state === query.state) &&
      (query.platform === null || device.platform === query.platform) &&
      (query.check === null ||
        [...device.failing, ...device.unknown].some(({ check }) => check === query.check)) &&
      `${device.label} ${device.assetTag ?? ''} ${device.system}`.toLowerCase().includes(text),
  );
  const by: Record<DeviceQuery['sort'], (device: SampleDevice) => string> = {
    state: ({ state, failing }) =>
      `${deviceStates.indexOf(state)}${String(99 - failing.length).padStart(2, '0')}`,
    device: ({ label }) => label,
    system: ({ platform, system }) => `${platforms.indexOf(platform)}${system}`,
    report: ({ lastReportAt }) => lastReportAt ?? '',
  };
  const sorted = matching.toSorted((a, b) => by[query.sort](a).localeCompare(by[query.sort](b)));
  if (query.descending) sorted.reverse();
  return {
    viewer,
    now,
    today: now,
    past: null,
    retired: 0,
    trend: sampleTrend(countStates(devices)),
    organization: { id, name },
    policy: { id: 'base', version: 3 },
    counts: countStates(devices),
    checks: tally(devices),
    query,
    devices: sorted.slice((query.page - 1) * pageSize, query.page * pageSize),
    found: sorted.length,
  };
}

/** Ninety days on which a little more is in order every week. */
function sampleTrend(counts: StateCounts): TrendView {
  const days = Array.from({ length: 90 }, (_, index) => {
    const more = Math.min(counts.compliant, Math.floor((89 - index) / 7));
    return {
      date: new Date(Date.parse(now) - (89 - index) * 86_400_000).toISOString().slice(0, 10),
      counts: { ...counts, failing: counts.failing + more, compliant: counts.compliant - more },
    };
  });
  return { days, policies: [{ date: days[50]?.date ?? '', version: 3 }] };
}

const hex = (random: () => number) =>
  Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');

/** The page of one device of the sample fleet. */
export function sampleDeviceView(device: SampleDevice): DeviceView {
  const random = dice(device.age + 1);
  const reports: EvidenceView[] = Array.from({ length: 12 }, (_, index) => ({
    sequence: 212 - index,
    takenAt: before(device.age + 1 + index * 240),
    receivedAt: before(device.age + index * 240),
    digest: hex(random),
    kind: index === 0 || index === 5 ? 'full' : 'unchanged',
    signature: 'valid',
    chain: 'linked',
  }));
  return {
    viewer,
    now,
    organization: organizations[0],
    policy: { id: 'base', version: 3 },
    device,
    state: device.state,
    system: device.system,
    agentVersion: '0.1.0',
    enrolledAt: before(60 * 24 * 71 + 95),
    removedAt: null,
    owner: 'company',
    agreement: '',
    leaveUntil: null,
    past: null,
    moreChanges: false,
    lastReportAt: device.lastReportAt,
    findings: device.findings.map((finding) => ({
      ...finding,
      rationale: checks[finding.check].rationale,
      points: finding.points.map((point) => ({
        ...point,
        clauses:
          point.mode === 'enforce' && point.severity !== 'low'
            ? ['4.2', '4.5'].slice(0, 1 + (point.point.length % 2))
            : [],
        since: before(60 + Math.floor(random() * 60 * 24 * 40)),
        evidence: 212,
      })),
    })),
    changes: device.findings
      .filter(({ status }) => status === 'fail')
      .flatMap(({ check, title, points }) =>
        points.slice(0, 1).map(({ point, title: pointTitle, observed, status }) => ({
          at: before(device.age + 300),
          check,
          checkTitle: title,
          point,
          pointTitle,
          byReport: true,
          before: 'pass' as const,
          after: status,
          observed,
        })),
      ),
    reports,
  };
}
