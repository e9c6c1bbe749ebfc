import type { Check, JudgeContext, Severity } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';
import { countedStatus, type Finding, judgeCheck, postureOf } from '../../shared/judge.ts';
import type { Machine } from '../../shared/machine.ts';
import type { Policy } from '../../shared/policy.ts';
import { compareVersions } from '../../shared/version.ts';
import { approvedMedia, type DeviceWaiver, nextWaiverChange, withWaivers } from '../../shared/waiver.ts';
import { approvalSaid, type DeviceApproval } from './device-approval.ts';

/** What the collector itself knows of a device, beside the facts it was sent. */
export interface CollectorKnowledge {
  readonly machine: Machine;
  readonly agent: string;
  readonly owner: 'company' | 'contractor' | 'personal' | 'not-declared';
  /** Null when no report has ever come. */
  readonly receivedAt: Date | null;
  /** Another machine uses its key, or its chain was set back. */
  readonly diverged: boolean;
  readonly clockSkewSeconds: number;
  /** Nobody expects to hear from it until then. */
  readonly leaveUntil: Date | null;
  /** An agreement with the contractor whose machine it is is on record. */
  readonly agreement: boolean;
  /** Whether personal data may be kept on it; null where the register says nothing. */
  readonly approval: DeviceApproval | null;
  /** Those that are for this device, whenever they run; what they excuse keeps its status and is not counted. */
  readonly waivers: readonly DeviceWaiver[];
}

export type DeviceState = 'failing' | 'unknown' | 'silent' | 'compliant' | 'on-leave';

/** Judges the checks of one device by one policy at one moment, as `judgeCheck` does. */
export type Judging = (
  policy: Policy,
  context: JudgeContext,
) => (id: CheckId, facts: NonNullable<Facts[CheckId]>) => Finding;

/** A device judged as a whole. */
export interface Assessment {
  readonly findings: readonly Finding[];
  readonly state: DeviceState;
  /** From when on it counts as silent, or did. */
  readonly silentAt: Date;
  /** Checks that fail or are unknown by what counts, worst first. */
  readonly failing: readonly CheckId[];
  readonly unknown: readonly CheckId[];
  /** When time alone may change the outcome. */
  readonly judgeAt: Date;
}

/** What a device says of a check it does not mention: one object, so that whoever remembers knows it again. */
const nothing = Object.freeze({});

/** The oldest agent that still gets fixes. */
const oldestSupportedAgent = '0.1.0';
const hour = 3_600_000;
const day = 24 * hour;
const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/**
 * Judges a device by a policy at a moment: what it reported, and what only the collector can answer. A check of which the
 * device said nothing is unknown, never what it was before. Without facts only the collector's own checks are judged. Pure.
 * `judging` may be one that remembers.
 */
export function assess(
  facts: Facts | undefined,
  known: CollectorKnowledge,
  policy: Policy,
  now: Date,
  judging: Judging = (by, context) => (id, said) => judgeCheck(id, said, by, context),
): Assessment {
  const context = contextOf(known, now);
  const asked =
    facts === undefined
      ? checkIds.filter((id) => (checks[id] as unknown as Check).answeredBy === 'collector')
      : checkIds;
  const judge = judging(policy, context);
  const all = withCollectorFacts(facts, known, policy, now, judge);
  const judged = asked.map((id) => judge(id, all[id] ?? nothing));
  const findings = withWaivers(judged, known.waivers, now);
  const silentAt = silentFrom(known, policy);
  const counted = findings.map(countedStatus);
  const idsWith = (status: 'fail' | 'unknown') =>
    findings
      .filter((_, index) => counted[index] === status)
      .toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity))
      .map(({ check }) => check);
  const rolledUp = postureOf(counted);
  const leaveUntil = known.leaveUntil?.getTime() ?? 0;
  const state =
    leaveUntil > now.getTime()
      ? 'on-leave'
      : silentAt.getTime() <= now.getTime()
        ? 'silent'
        : rolledUp === 'not-compliant'
          ? 'failing'
          : rolledUp === 'unknown'
            ? 'unknown'
            : 'compliant';
  const tomorrow = now.getTime() + day;
  const waiverChange = nextWaiverChange(known.waivers, now)?.getTime() ?? tomorrow;
  return {
    findings,
    state,
    silentAt,
    failing: idsWith('fail'),
    unknown: idsWith('unknown'),
    judgeAt: new Date(
      Math.min(
        tomorrow,
        waiverChange,
        state === 'silent' ? tomorrow : state === 'on-leave' ? leaveUntil : silentAt.getTime(),
      ),
    ),
  };
}

/** As `assess` judges it, but only one check: for a list of many devices that is about no other. Pure. */
export function assessCheck(
  id: CheckId,
  facts: Facts | undefined,
  known: CollectorKnowledge,
  policy: Policy,
  now: Date,
  judging: Judging,
): Finding | undefined {
  const { answeredBy } = checks[id] as unknown as Check;
  if (facts === undefined && answeredBy !== 'collector') return undefined;
  const judge = judging(policy, contextOf(known, now));
  const all = answeredBy === 'collector' ? withCollectorFacts(facts, known, policy, now, judge) : facts;
  return withWaivers([judge(id, all?.[id] ?? nothing)], known.waivers, now)[0];
}

const contextOf = ({ machine, clockSkewSeconds, waivers }: CollectorKnowledge, now: Date): JudgeContext => ({
  now,
  machine,
  clockSkewSeconds,
  approvedMedia: approvedMedia(waivers, now),
});

/** From when on a device counts as silent, unless it reports before; a device that never reported is silent at once. */
function silentFrom({ receivedAt }: CollectorKnowledge, policy: Policy): Date {
  if (receivedAt === null) return new Date(0);
  const params = policy.checks['agent-health']['current']?.params as { maxCheckInDays: number } | undefined;
  return new Date(receivedAt.getTime() + (params?.maxCheckInDays ?? 7) * day + 1);
}

/** The few things that are said here are the same objects each time, so that whoever remembers knows them again. */
const said = new Map<string, Facts>();

function remembered(key: string, make: () => Facts): Facts {
  const known = said.get(key);
  if (known !== undefined) return known;
  if (said.size >= 1_000) said.clear();
  const facts = make();
  said.set(key, facts);
  return facts;
}

/** What a device said, and what only the collector can say of it; an approval hangs on how other points are judged. */
function withCollectorFacts(
  facts: Facts | undefined,
  known: CollectorKnowledge,
  policy: Policy,
  now: Date,
  judge: ReturnType<Judging>,
): Facts {
  const all: Facts = { ...facts, ...collectorFacts(known, now) };
  const value = approvalSaid(known.approval, policy, (subject) => {
    const [check = '', name] = subject.split('/');
    const id = checkIds.find((one) => one === check);
    return id && judge(id, all[id] ?? nothing).points.find(({ point }) => point === name)?.status;
  });
  const approval = remembered(`approval ${JSON.stringify(value)}`, () => ({
    'device-approval': { approved: { value } },
  }));
  return { ...all, ...approval };
}

function collectorFacts(known: CollectorKnowledge, now: Date): Facts {
  const { receivedAt, diverged, owner, agreement, agent } = known;
  // Rounded up, so that rounding never makes a report look younger.
  const age =
    receivedAt === null ? null : Math.max(0, Math.ceil((now.getTime() - receivedAt.getTime()) / hour));
  return remembered(`${age} ${diverged} ${owner} ${agreement} ${agent}`, () => ({
    'agent-health': {
      current: {
        value: {
          checkInAgeHours: age,
          chainWhole: diverged ? 'no' : 'yes',
          versionSupported: supported(agent),
        },
      },
    },
    'device-ownership': { declared: { value: { owner, agreement } } },
  }));
}

function supported(agent: string): 'yes' | 'no' | 'unknown' {
  const version = /^\d+(\.\d+)*/.exec(agent)?.[0];
  if (version === undefined) return 'unknown';
  return compareVersions(version, oldestSupportedAgent) >= 0 ? 'yes' : 'no';
}
