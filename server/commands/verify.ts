import { count } from '../../shared/words.ts';
import type { Arguments } from '../arguments.ts';
import { type Fault, verifyEvidence } from '../ingest/verify-evidence.ts';
import { withStores } from './open.ts';

const words: Record<Fault, string> = {
  unreadable: 'can no longer be read',
  'bad-signature': 'is not what the device signed',
  'not-this-device': 'was signed for another device',
  'wrong-sequence': 'stands in the wrong place',
  'chain-broken': 'does not follow the one before it',
  missing: 'is missing',
  'wrong-facts': 'says unchanged, but the facts before it are others',
  'last-digest-differs': 'is not the last one that was acknowledged',
};

/** `collector verify`: 0 when all evidence holds, 1 when some is broken. */
export async function verify(args: Arguments): Promise<number> {
  return withStores(async (stores) => {
    const result = await verifyEvidence(stores);
    const whole = result.broken.length === 0 && result.auditBrokenAt === null;
    if (args['json'] === true) {
      process.stdout.write(`${JSON.stringify({ schema: 'muster.verify/1', whole, ...result }, null, 2)}\n`);
      return whole ? 0 : 1;
    }
    for (const { label, device, sequence, fault } of result.broken) {
      process.stdout.write(`BROKEN EVIDENCE  ${label} (${device}) report ${sequence} ${words[fault]}\n`);
    }
    if (result.auditBrokenAt !== null) {
      process.stdout.write(
        `BROKEN AUDIT LOG  entry ${result.auditBrokenAt} does not follow the one before it\n`,
      );
    }
    process.stdout.write(
      whole
        ? `All evidence holds: ${count(result.reports, 'report')} of ${count(result.devices, 'device')}, signatures, digests and chains; audit log whole: ${count(result.auditEntries, 'entry', 'entries')}, newest ${result.auditHead?.slice(0, 16) ?? 'none'}.\n`
        : `${result.broken.length} of ${result.reports} reports are broken evidence.\n`,
    );
    return whole ? 0 : 1;
  });
}
