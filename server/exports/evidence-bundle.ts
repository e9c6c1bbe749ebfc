import { canonicalJson } from '../../shared/canonical.ts';
import { publishedVersions } from '../history/policy-then.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import { sha256, signJws } from '../signing/compact-jws.ts';
import { publicKeyOf } from '../signing/keys.ts';
import { stateOrganization } from '../statement.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { type BundleManifest, bundleType, readme } from './bundle-format.ts';
import { type TarFile, tar } from './tar.ts';

/** Reports read in one go. */
const atOnce = 500;

/**
 * Everything an auditor needs to verify a period without this collector: each laptop's signed reports from the one its statuses rested on
 * at the beginning, the policies and waivers in force, the keys, and a signed list of every file with its SHA-256.
 */
export async function evidenceBundle(
  stores: Stores,
  collectorKey: CollectorKey,
  organization: Organization,
  { from, until }: { readonly from: Date; readonly until: Date },
  madeAt: Date,
): Promise<Buffer> {
  const { number } = organization;
  const files: TarFile[] = [];
  const add = (path: string, body: string | Uint8Array) => files.push({ path, body: Buffer.from(body) });
  const devices: BundleManifest['devices'][number][] = [];
  // Also those that left meanwhile: what they were found to be is not gone with them.
  for (const id of await stores.history.idsBetween(number, from, until)) {
    const device = await stores.devices.byId(number, id);
    const last = device && (await stores.reports.lastBefore(device.number, until));
    if (device === undefined || last === undefined) continue;
    const start = await stores.reports.lastBefore(device.number, from);
    // What is older may have been deleted when its time was over.
    const [oldest] = await stores.reports.following(device.number, start?.factsSequence ?? 1, 1);
    const first = oldest?.sequence ?? 1;
    devices.push({
      id: device.id,
      label: device.label,
      publicKey: Buffer.from(device.publicKey).toString('base64url'),
      first,
      last: last.sequence,
    });
    add(`keys/${device.label}.pem`, pem(device.publicKey));
    for (let sequence = first; sequence <= last.sequence; sequence += atOnce) {
      for (const report of await stores.reports.following(device.number, sequence, atOnce)) {
        // One whose bytes are damaged beyond reading leaves a gap that verification reports.
        if (report.sequence > last.sequence || report.jws === undefined) continue;
        add(`reports/${device.label}/${String(report.sequence).padStart(6, '0')}.jws`, report.jws);
      }
    }
  }
  const versions = await publishedVersions(stores, number);
  const inForce = versions.filter(
    ({ effectiveFrom }, index) =>
      effectiveFrom <= until && (index === 0 || (versions[index - 1]?.effectiveFrom ?? until) > from),
  );
  for (const { version } of inForce) {
    const { text } = await stores.organizations.policyVersion(number, version);
    add(`policies/${String(version).padStart(4, '0')}.json`, text);
  }
  const waivers = await stores.waivers.asOf(number, until);
  add(
    'waivers.json',
    `${canonicalJson(JSON.parse(JSON.stringify(waivers.map(({ organization: _, ...waiver }) => waiver))))}\n`,
  );
  const { clauses } = await stateOrganization(stores, number, until, madeAt);
  if (clauses.length > 0) {
    add(
      'clauses.json',
      `${canonicalJson(JSON.parse(JSON.stringify(clauses.map(({ kinds: _, ...clause }) => clause))))}\n`,
    );
  }
  for (const { pseudonym, signed } of await stores.attestations.signedBetween(number, from, until)) {
    add(`statements/${pseudonym}.jws`, signed);
  }
  add('keys/collector.pem', pem(Buffer.from(collectorKey.publicKey, 'base64url')));
  add('README.txt', readme);
  const manifest: BundleManifest = {
    schema: 'muster.bundle/1',
    organization: { id: organization.id, name: organization.name },
    sample: organization.sample,
    from: from.toISOString(),
    until: until.toISOString(),
    madeAt: madeAt.toISOString(),
    collectorKey: collectorKey.publicKey,
    devices,
    files: files.map(({ path, body }) => ({ path, sha256: sha256(body).toString('hex') })),
  };
  const signed = signJws(canonicalJson(manifest), bundleType, collectorKey.privateKey);
  return tar([{ path: 'manifest.jws', body: Buffer.from(signed) }, ...files]);
}

const pem = (raw: Uint8Array): string => publicKeyOf(raw).export({ format: 'pem', type: 'spki' }).toString();
