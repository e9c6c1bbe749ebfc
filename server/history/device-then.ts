import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import type { Policy } from '../../shared/policy.ts';
import { covers } from '../../shared/waiver.ts';
import { verifyStored } from '../ingest/verify-evidence.ts';
import { type Assessment, assess } from '../review/assess.ts';
import { systemWords } from '../review/system.ts';
import { publicKeyOf } from '../signing/keys.ts';
import type { Device, StoredState } from '../storage/devices.ts';
import type { KnownFinding } from '../storage/findings.ts';
import type { PastChange } from '../storage/history.ts';
import type { Stores } from '../storage/stores.ts';
import { deviceWaiver } from '../storage/waivers.ts';
import { policyThen } from './policy-then.ts';

/** So many changes of one device are gone through; a device in daily trouble makes that many in years. */
const everyChange = 20_000;

/** One device as it was at a moment, judged again from the report it had signed by then. */
export interface DeviceThen {
  /** The device with what was known of it then: last report, facts, system. */
  readonly device: Device;
  readonly policy: Policy;
  readonly assessment: Assessment;
  /** Where the collector said then that it stands. */
  readonly state: StoredState;
  /** Since when each point was as it was. */
  readonly since: ReadonlyMap<string, KnownFinding>;
  /** What had changed by then, newest first. */
  readonly changes: readonly PastChange[];
}

/**
 * Judges a device again as of a moment: by the facts it had signed by then, the policy and the waivers in force then. The evidence is
 * verified now; what no longer verifies leaves everything unknown.
 */
export async function deviceThen(
  stores: Pick<Stores, 'reports' | 'history' | 'policies' | 'organizations' | 'waivers'>,
  now: Device,
  at: Date,
): Promise<DeviceThen> {
  const [policy, last, waivers, all, state] = await Promise.all([
    policyThen(stores, now.organization, at),
    stores.reports.lastBefore(now.number, at),
    stores.waivers.asOf(now.organization, at),
    stores.history.ofDevice(now.organization, now.number, everyChange),
    stores.history.stateOf(now.organization, now.number, at),
  ]);
  const read = last && (await readFacts(stores, now, last.factsSequence));
  const machine = read?.machine ?? now.machine;
  const device: Device = {
    ...now,
    machine,
    system: systemWords(machine),
    agent: read?.agent ?? now.agent,
    state: state ?? 'silent',
    sequence: last?.sequence ?? 0,
    receivedAt: last?.receivedAt ?? null,
    factsSequence: last?.factsSequence ?? null,
    divergedAt: now.divergedAt !== null && now.divergedAt <= at ? now.divergedAt : null,
    clockSkewSeconds: 0,
    leaveUntil: null,
    revokedAt: null,
  };
  const own = { id: device.id, owner: device.owner, platform: machine.platform };
  const assessment = assess(
    read?.facts,
    {
      machine,
      agent: device.agent,
      owner: device.owner,
      receivedAt: device.receivedAt,
      diverged: device.divergedAt !== null,
      clockSkewSeconds: 0,
      leaveUntil: null,
      agreement: device.agreement !== '',
      approval: device.approval,
      waivers: waivers
        .filter(({ scope }) => covers(scope, own))
        .map((waiver) => deviceWaiver({ ...waiver, expiresAt: waiver.endsAt })),
    },
    policy,
    at,
  );
  const changes = all.filter((change) => change.at <= at);
  const since = new Map<string, KnownFinding>();
  const first = (await stores.reports.bySequence(now.number, 1))?.receivedAt ?? now.enrolledAt;
  for (const { check, points } of assessment.findings) {
    for (const { point, status } of points) {
      const subject = `${check}/${point}`;
      const changed = changes.find((change) => change.subject === subject && change.after === status);
      since.set(subject, { status, since: changed?.at ?? first });
    }
  }
  return { device, policy, assessment, state: device.state, since, changes };
}

async function readFacts(
  stores: Pick<Stores, 'reports'>,
  device: Device,
  sequence: number,
): Promise<{ facts: Facts; machine?: Machine; agent?: string }> {
  const stored = await stores.reports.bySequence(device.number, sequence);
  if (stored === undefined) return { facts: {} };
  const verified = verifyStored(stored, { id: device.id, key: publicKeyOf(device.publicKey) });
  if (!('report' in verified) || !('facts' in verified.report)) return { facts: {} };
  const { facts, machine, agent } = verified.report;
  return { facts, machine, agent };
}
