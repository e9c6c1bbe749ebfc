import { attestationType } from '../../shared/attestation-answer.ts';
import { BundleManifest, bundleType } from '../exports/bundle-format.ts';
import { untar } from '../exports/tar.ts';
import { readHeader, readJson, sha256, splitJws, verifyJws } from '../signing/compact-jws.ts';
import { publicKeyOf } from '../signing/keys.ts';
import { type Fault, verifyStored } from './verify-evidence.ts';

/** What is wrong with a file of a bundle. */
export type BundleFault = Fault | 'not-listed' | 'changed' | 'absent' | 'twice';

export interface BundleVerification {
  readonly manifest: BundleManifest;
  readonly reports: number;
  readonly broken: readonly { readonly path: string; readonly fault: BundleFault }[];
}

/** The file is no bundle, or its list is not what the key in it signed. */
export class NotABundle extends Error {
  override readonly name = 'NotABundle';
}

/**
 * Verifies an evidence bundle from its bytes alone: the signed list, every file's SHA-256, every report's signature, laptop and
 * place in its chain, every statement's signature where its laptop's key is there. Throws NotABundle.
 */
export function verifyBundle(archive: Buffer): BundleVerification {
  const members = readFiles(archive);
  const files = new Map<string, Buffer>();
  const broken: { path: string; fault: BundleFault }[] = [];
  for (const { path, body } of members) {
    // Whoever unpacks it may get the other one.
    if (files.has(path)) broken.push({ path, fault: 'twice' });
    files.set(path, Buffer.from(body));
  }
  const manifest = readManifest(files.get('manifest.jws'));
  files.delete('manifest.jws');
  const listed = new Set<string>();
  for (const { path, sha256: digest } of manifest.files) {
    listed.add(path);
    const body = files.get(path);
    if (body === undefined) broken.push({ path, fault: 'absent' });
    else if (sha256(body).toString('hex') !== digest) broken.push({ path, fault: 'changed' });
  }
  for (const path of files.keys()) if (!listed.has(path)) broken.push({ path, fault: 'not-listed' });
  let reports = 0;
  for (const device of manifest.devices) {
    const key = publicKeyOf(Buffer.from(device.publicKey, 'base64url'));
    let previous: string | undefined;
    let facts: string | undefined;
    for (let sequence = device.first; sequence <= device.last; sequence += 1) {
      const path = `reports/${device.label}/${String(sequence).padStart(6, '0')}.jws`;
      const jws = files.get(path)?.toString('latin1');
      if (jws === undefined) {
        broken.push({ path, fault: 'missing' });
        previous = undefined;
        continue;
      }
      reports += 1;
      const verified = verifyStored({ jws, sequence }, { id: device.id, key });
      if ('fault' in verified) {
        broken.push({ path, fault: verified.fault });
        previous = undefined;
        continue;
      }
      const { report } = verified;
      if (sequence > device.first && previous !== undefined && report.previous !== previous) {
        broken.push({ path, fault: 'chain-broken' });
      }
      if ('facts' in report) facts = verified.factsDigest;
      else if (facts !== undefined && report.unchanged !== facts) broken.push({ path, fault: 'wrong-facts' });
      previous = sha256(jws).toString('hex');
    }
  }
  const keys = new Map(manifest.devices.map(({ id, publicKey }) => [id, publicKey]));
  for (const [path, body] of files) {
    if (path.startsWith('statements/') && !isStated(body, keys))
      broken.push({ path, fault: 'bad-signature' });
  }
  return { manifest, reports, broken };
}

/** Is a statement what its laptop signed? Of one whose key is not in the bundle nothing can be said. */
function isStated(body: Buffer, keys: ReadonlyMap<string, string>): boolean {
  const parts = splitJws(body.toString('latin1'));
  const device = parts && readHeader(parts.header, attestationType)?.kid;
  if (parts === undefined || device === undefined) return false;
  const key = keys.get(device);
  return key === undefined || verifyJws(parts, publicKeyOf(Buffer.from(key, 'base64url')));
}

function readFiles(archive: Buffer) {
  try {
    return untar(archive);
  } catch {
    throw new NotABundle('this is no evidence bundle, it was cut off, or it was packed by another program');
  }
}

function readManifest(body: Buffer | undefined): BundleManifest {
  const parts = body && splitJws(body.toString('latin1'));
  const manifest = parts && BundleManifest.safeParse(readJson(parts.payload)).data;
  const header = parts && (readJson(parts.header) as { alg?: unknown; typ?: unknown } | undefined);
  if (
    parts === undefined ||
    manifest === undefined ||
    header?.alg !== 'EdDSA' ||
    header.typ !== bundleType ||
    !verifyJws(parts, publicKeyOf(Buffer.from(manifest.collectorKey, 'base64url')))
  ) {
    throw new NotABundle('its list of files is missing or is not what the collector signed');
  }
  return manifest;
}
