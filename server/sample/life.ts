import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { sampleFacts, sampleMachine } from './facts.ts';

/** Something that goes wrong with a laptop and is put right again. */
interface Trouble {
  /** Chance on a working day. */
  readonly chance: number;
  /** Days until somebody has put it right, on average. */
  readonly days: number;
  readonly check: CheckId;
  readonly answers: NonNullable<Facts[CheckId]>;
}

const troubles: readonly Trouble[] = [
  {
    chance: 0.0016,
    days: 3,
    check: 'screen-lock',
    answers: { idle: { value: { seconds: null, power: 'mains', because: 'switched-off' }, origin: 'user' } },
  },
  {
    chance: 0.0035,
    days: 6,
    check: 'os-updates',
    answers: { pending: { value: { waiting: 4, oldestDays: 18 } } },
  },
  { chance: 0.0024, days: 9, check: 'backup', answers: { recent: { value: { ageHours: 24 * 9 } } } },
  {
    chance: 0.0008,
    days: 2,
    check: 'malware-protection',
    answers: { definitions: { value: { ageHours: 240, builtIn: false } } },
  },
  {
    chance: 0.0007,
    days: 12,
    check: 'remote-access',
    answers: { off: { value: { services: [{ service: 'ssh', state: 'on' }] } } },
  },
  {
    chance: 0.0006,
    days: 5,
    check: 'file-sharing',
    answers: { off: { value: { kinds: [{ kind: 'files', state: 'on' }] } } },
  },
  {
    chance: 0.0005,
    days: 16,
    check: 'admin-rights',
    answers: { 'not-admin': { value: { administrator: true } } },
  },
  { chance: 0.0004, days: 4, check: 'disk-encryption', answers: { 'recovery-key': { unknown: 'denied' } } },
];

/** The day a tightened rule about the screen lock came into force, counted from the first; see `policyOf` in fleet.ts. */
export const tightenedOn = (days: number): number => Math.round(days * 0.58);

/** Idle seconds that laptops are set to; what is above `tightenedSeconds` was in order before the rule was tightened. */
const idleSeconds = [300, 300, 300, 600, 900] as const;
export const tightenedSeconds = 600;

/** What becomes of one made-up laptop, day by day. Days are counted from 0; the same `random` gives the same life. */
export interface Life {
  readonly machine: Machine;
  /** The day it joins. */
  readonly joins: number;
  /** Minute of the day (UTC) at which it usually reports. */
  readonly minute: number;
  /** Does it report on this day at all? */
  reports(day: number): boolean;
  /** What it would report on this day, the same object while nothing changes; days are asked for in order. */
  facts(day: number): Facts;
}

export function sampleLife(random: () => number, days: number, firstWeekday: number): Life {
  const machine = sampleMachine(random);
  const initial = withIdle(sampleFacts(machine, random, random() < 0.55 ? 0.12 : 1.6), random);
  const clean = withIdle(sampleFacts(machine, random, 0), random);
  const exponential = (mean: number) => Math.max(1, Math.round(-Math.log(1 - random()) * mean));
  const joins = random() < 0.86 ? Math.floor(random() * 3) : Math.floor(random() * days * 0.8);
  const healedOn = new Map(
    checkIds.map((id) => [id, random() < 0.07 ? days + 1 : joins + exponential(days * 0.24)]),
  );
  const adapts = random() < 0.85 ? tightenedOn(days) + exponential(days * 0.09) : days + 1;
  const weekends = random() < 0.15;
  const gap = gapOf(random, joins, days);
  const active = new Map<Trouble, number>();
  const last = lastWorkday(days, firstWeekday);
  let said: { text: string; facts: Facts } = { text: '', facts: {} };

  const working = (day: number) => weekends || (firstWeekday + day) % 7 < 5;
  return {
    machine,
    joins,
    minute: 7 * 60 + Math.floor(random() * 210),
    reports: (day) => day === joins || (working(day) && !(day >= gap.from && day < gap.to)),
    facts(day) {
      for (const trouble of troubles) {
        const until = active.get(trouble);
        if (until !== undefined) {
          if (day >= until) active.delete(trouble);
        } else if (day > joins && random() < trouble.chance * (day === last ? 6 : 1)) {
          active.set(trouble, day + exponential(trouble.days));
        }
      }
      const facts: Record<string, unknown> = {};
      for (const id of checkIds) facts[id] = day >= (healedOn.get(id) ?? 0) ? clean[id] : initial[id];
      if (day >= adapts) facts['screen-lock'] = tightened(facts['screen-lock'] as Facts['screen-lock']);
      for (const { check, answers } of active.keys()) {
        facts[check] = { ...(facts[check] as object), ...answers };
      }
      const text = JSON.stringify(facts);
      // What the demonstration sends is what an agent could send: the closed schema says so.
      if (text !== said.text) said = { text, facts: Facts.parse(facts) };
      return said.facts;
    },
  };
}

/** When nobody hears from it: hardly anyone, some for a while, a few until today. */
function gapOf(random: () => number, joins: number, days: number): { from: number; to: number } {
  const draw = random();
  const from = joins + 2 + Math.floor(random() * Math.max(1, days - joins - 26));
  if (draw < 0.08) return { from, to: from + 9 + Math.floor(random() * 12) };
  if (draw < 0.11) return { from: Math.max(joins + 2, days - 9 - Math.floor(random() * 12)), to: days + 1 };
  return { from: days + 1, to: days + 1 };
}

function lastWorkday(days: number, firstWeekday: number): number {
  let day = days;
  while ((firstWeekday + day) % 7 >= 5) day -= 1;
  return day;
}

type Idle = { value?: { seconds: number | null } };

/** Screens that lock after five minutes in some places lock after ten or fifteen in others. */
function withIdle(facts: Facts, random: () => number): Facts {
  const seconds = idleSeconds[Math.floor(random() * idleSeconds.length)];
  const { idle } = (facts['screen-lock'] ?? {}) as { idle?: Idle };
  if (idle?.value?.seconds !== 300) return facts;
  const answer = { ...idle, value: { ...idle.value, seconds } };
  return { ...facts, 'screen-lock': { ...facts['screen-lock'], idle: answer } };
}

function tightened(screenLock: Facts['screen-lock']): Facts['screen-lock'] {
  const { idle } = (screenLock ?? {}) as { idle?: Idle };
  if (typeof idle?.value?.seconds !== 'number' || idle.value.seconds <= tightenedSeconds) return screenLock;
  return { ...screenLock, idle: { ...idle, value: { ...idle.value, seconds: tightenedSeconds } } };
}
