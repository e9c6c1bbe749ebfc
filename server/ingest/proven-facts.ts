import type { Facts } from '../../shared/facts.ts';
import { publicKeyOf } from '../signing/keys.ts';
import type { Device } from '../storage/devices.ts';
import type { Stores } from '../storage/stores.ts';
import { verifyStored } from './verify-evidence.ts';

/**
 * The facts a device stands by, out of the report it signed, verified again now. Undefined when it never brought any; none at all
 * when its report is damaged or is not what it signed: such evidence proves nothing, and then everything is unknown, never
 * what it was.
 */
export async function provenFacts(
  stores: Pick<Stores, 'reports'>,
  device: Device,
): Promise<Facts | undefined> {
  if (device.factsSequence === null) return undefined;
  const stored = await stores.reports.bySequence(device.number, device.factsSequence);
  if (stored === undefined) return {};
  const verified = verifyStored(stored, { id: device.id, key: publicKeyOf(device.publicKey) });
  return 'report' in verified && 'facts' in verified.report ? verified.report.facts : {};
}
