import { readFileSync } from 'node:fs';
import { count, printable } from '../../shared/words.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { type BundleFault, NotABundle, verifyBundle } from '../ingest/verify-bundle.ts';
import { verifyEvidence } from '../ingest/verify-evidence.ts';
import { withStores } from './open.ts';

const words: Record<BundleFault, string> = {
  unreadable: 'can no longer be read',
  'bad-signature': 'is not what the device signed',
  'not-this-device': 'was signed for another device',
  'wrong-sequence': 'stands in the wrong place',
  'chain-broken': 'does not follow the one before it',
  missing: 'is missing',
  'wrong-facts': 'says unchanged, but the facts before it are others',
  'last-digest-differs': 'is not the last one that was acknowledged',
  'not-listed': 'is in the bundle and not in its signed list',
  changed: 'is not what the signed list says',
  absent: 'is in the signed list and not in the bundle',
  twice: 'is in the bundle twice',
};

const contentWords = { policy: 'policy version', waiver: 'waiver', record: 'register record' } as const;
const alteredWords = {
  altered: 'is not what the audit log noted of it',
  'never-noted': 'is not in the audit log: nobody made it here',
} as const;

/** `collector verify`: 0 when all evidence holds, 1 when some is broken. */
export async function verify(args: Arguments): Promise<number> {
  const bundle = textOf(args, 'bundle');
  if (bundle !== undefined) return verifyFile(bundle, args['json'] === true);
  return withStores(async (stores) => {
    const result = await verifyEvidence(stores);
    const altered = await stores.audit.altered();
    const whole = result.broken.length === 0 && result.auditBrokenAt === null && altered.length === 0;
    if (args['json'] === true) {
      const said = { schema: 'muster.verify/1', whole, ...result, altered };
      process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
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
    for (const { kind, organization, id, fault } of altered) {
      const name = (await stores.organizations.byNumber(organization))?.name ?? '';
      process.stdout.write(
        `ALTERED CONTENT  ${contentWords[kind]} ${id} of ${printable(name)} ${alteredWords[fault]}\n`,
      );
    }
    process.stdout.write(
      whole
        ? `All evidence holds: ${count(result.reports, 'report')} of ${count(result.devices, 'device')}, signatures, digests and chains; audit log whole: ${count(result.auditEntries, 'entry', 'entries')}, newest ${result.auditHead?.slice(0, 16) ?? 'none'}; policies, waivers and records are as it noted them.\n`
        : `${result.broken.length} of ${result.reports} reports are broken evidence; ${count(altered.length, 'policy, waiver or record', 'policies, waivers and records')} not as noted.\n`,
    );
    return whole ? 0 : 1;
  });
}

/** An evidence bundle, verified from its bytes alone: needs no collector, no database and no network. */
function verifyFile(path: string, json: boolean): number {
  let archive: Buffer;
  try {
    archive = readFileSync(path);
  } catch {
    throw new UsageError('verify: the bundle cannot be read');
  }
  try {
    const { manifest, reports, broken } = verifyBundle(archive);
    const whole = broken.length === 0;
    if (json) {
      const { organization, from, until, madeAt, collectorKey, sample } = manifest;
      const about = { organization, from, until, madeAt, collectorKey, sample };
      const devices = manifest.devices.length;
      process.stdout.write(
        `${JSON.stringify({ schema: 'muster.verify-bundle/1', whole, ...about, devices, reports, broken }, null, 2)}\n`,
      );
      return whole ? 0 : 1;
    }
    // What a bundle holds may be made to look like an answer of ours.
    for (const { path: file, fault } of broken) {
      process.stdout.write(`BROKEN  ${printable(file)} ${words[fault]}\n`);
    }
    const what = `${count(reports, 'report')} of ${count(manifest.devices.length, 'device')}, ${manifest.from.slice(0, 10)} to ${manifest.until.slice(0, 10)}`;
    process.stdout.write(
      whole
        ? `The bundle holds: ${what}; every file is in the signed list, signatures, digests and chains.\nSigned by the collector with the key ${manifest.collectorKey}: compare it with the one you were given.\n`
        : `${broken.length} faults in ${what}.\n`,
    );
    return whole ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotABundle)) throw error;
    process.stdout.write(`BROKEN  ${error.message}\n`);
    return 1;
  }
}
