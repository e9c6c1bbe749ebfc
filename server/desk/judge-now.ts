import { provenFacts } from '../ingest/proven-facts.ts';
import { assess } from '../review/assess.ts';
import { knowledgeOf } from '../review/knowledge.ts';
import type { Device } from '../storage/devices.ts';
import type { Stores } from '../storage/stores.ts';

/** A device judged at this moment, from the report that last brought facts; `facts` are undefined where none ever did. */
export async function judgeNow(stores: Stores, device: Device, at: Date) {
  const [{ policy }, granted, facts] = await Promise.all([
    stores.organizations.policy(device.organization),
    stores.waivers.granted(device.organization),
    provenFacts(stores, device),
  ]);
  return { policy, facts, ...assess(facts, knowledgeOf(device, granted), policy, at) };
}
