import { provenFacts } from '../ingest/proven-facts.ts';
import { assess } from '../review/assess.ts';
import type { Device } from '../storage/devices.ts';
import type { Stores } from '../storage/stores.ts';

/** A device judged at this moment, from the report that last brought facts; `facts` are undefined where none ever did. */
export async function judgeNow(stores: Stores, device: Device, at: Date) {
  const { id, machine, agent, owner, receivedAt, divergedAt, clockSkewSeconds, leaveUntil } = device;
  const [{ policy }, granted, facts] = await Promise.all([
    stores.organizations.policy(device.organization),
    stores.waivers.granted(device.organization),
    provenFacts(stores, device),
  ]);
  const waivers = granted.of({ id, owner, platform: machine.platform });
  const diverged = divergedAt !== null;
  const known = { machine, agent, owner, receivedAt, diverged, clockSkewSeconds, leaveUntil, waivers };
  return { policy, facts, ...assess(facts, known, policy, at) };
}
