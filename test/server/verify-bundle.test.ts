import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BundleManifest, bundleType } from '../../server/exports/bundle-format.ts';
import { type TarFile, tar, untar } from '../../server/exports/tar.ts';
import { NotABundle, verifyBundle } from '../../server/ingest/verify-bundle.ts';
import { verifyStored } from '../../server/ingest/verify-evidence.ts';
import { sha256, signJws } from '../../server/signing/compact-jws.ts';
import { publicKeyOf, rawPublicKey } from '../../server/signing/keys.ts';
import { newId } from '../../server/storage/ids.ts';
import { attestationType } from '../../shared/attestation-answer.ts';
import { CollectorProcess } from './collector-process.ts';
import { SampleDevice, sampleFacts } from './sample-device.ts';

const collector = generateKeyPairSync('ed25519');
const collectorKey = rawPublicKey(collector.publicKey).toString('base64url');

/** A bundle with these reports of one laptop, from the first sequence on; signed by the collector unless another key is given. */
function bundleOf(
  device: SampleDevice,
  reports: readonly string[],
  key = collector.privateKey,
  more: readonly TarFile[] = [],
): Buffer {
  const signed = reports.map((jws, index) => ({
    path: `reports/D-1/${String(index + 1).padStart(6, '0')}.jws`,
    body: Buffer.from(jws),
  }));
  const files = [...signed, ...more];
  const manifest: BundleManifest = {
    schema: 'muster.bundle/1',
    organization: { id: newId(new Date()), name: 'Acme' },
    sample: false,
    from: '2026-10-01T00:00:00Z',
    until: '2026-10-31T23:59:59Z',
    madeAt: '2026-11-01T00:00:00Z',
    collectorKey,
    devices: [{ id: device.id, label: 'D-1', publicKey: device.publicKey, first: 1, last: reports.length }],
    files: files.map(({ path, body }) => ({ path, sha256: sha256(body).toString('hex') })),
  };
  const list = {
    path: 'manifest.jws',
    body: Buffer.from(signJws(JSON.stringify(manifest), bundleType, key)),
  };
  return tar([...files, list]);
}

/** Another life of the same laptop, from its first report on. */
const twinOf = ({ id, privateKey, publicKey }: SampleDevice) =>
  Object.assign(new SampleDevice(), { id, privateKey, publicKey });
const faults = (bundle: Buffer) =>
  verifyBundle(bundle).broken.map(({ path, fault }) => [path.slice(-8), fault]);

describe('a bundle', () => {
  const device = new SampleDevice();
  const reports = [
    device.full(sampleFacts('on')),
    device.unchanged(),
    device.full(sampleFacts('off')),
    device.unchanged(),
  ] as const;

  test('holds when every report follows the one before', () => {
    expect(faults(bundleOf(device, reports))).toEqual([]);
  });

  test('whose list somebody else signed is none, whatever it says of the collector', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(() => verifyBundle(bundleOf(device, reports, privateKey))).toThrow(NotABundle);
  });

  test('with a well-signed report out of another chain is broken there', () => {
    const twin = twinOf(device);
    twin.full(sampleFacts('on'));
    twin.unchanged();
    const foreign = twin.full(sampleFacts('off'));
    const broken = faults(bundleOf(device, [reports[0], reports[1], foreign, reports[3]]));
    expect(broken).toEqual([
      ['0003.jws', 'chain-broken'],
      ['0004.jws', 'chain-broken'],
    ]);
  });

  test('with a report that refers to other facts is broken there', () => {
    const twin = twinOf(device);
    const first = twin.full(sampleFacts('on'));
    const second = twin.unchanged({ unchanged: 'ab'.repeat(32) });
    expect(faults(bundleOf(twin, [first, second]))).toEqual([['0002.jws', 'wrong-facts']]);
  });
});

test('a statement that its laptop did not sign is broken, whatever the list of files says', () => {
  const device = new SampleDevice();
  const report = device.full(sampleFacts('on'));
  const statement = (key: KeyObject, kid = device.id) =>
    Buffer.from(signJws(JSON.stringify({ answer: 'yes' }), attestationType, key, kid));
  const stated = (body: Buffer) =>
    faults(bundleOf(device, [report], collector.privateKey, [{ path: 'statements/P-1.jws', body }]));
  expect(stated(statement(device.privateKey))).toEqual([]);
  expect(stated(statement(collector.privateKey))).toEqual([['/P-1.jws', 'bad-signature']]);
  expect(stated(Buffer.from('yes'))).toEqual([['/P-1.jws', 'bad-signature']]);
  expect(stated(Buffer.from(report))).toEqual([['/P-1.jws', 'bad-signature']]);
  // Nothing can be said where the key is elsewhere.
  expect(stated(statement(collector.privateKey, newId(new Date())))).toEqual([]);
});

test('what a bundle calls its files cannot speak to a terminal in our name', async () => {
  const device = new SampleDevice();
  const folder = mkdtempSync(join(tmpdir(), 'muster-bundle-'));
  const path = join(folder, 'bundle.tar');
  const name = 'x\u001b[2J\u009b1;1HTheBundleHolds';
  const genuine = bundleOf(device, [device.full(sampleFacts('on'))]);
  const more = tar([{ path: 'x'.repeat(name.length), body: Buffer.from('x') }]);
  const header = Buffer.from(more.subarray(0, 512));
  header.write(name, 0, 'latin1');
  header.fill(' ', 148, 156);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  writeFileSync(path, Buffer.concat([header, more.subarray(512, 1_024), genuine]));
  const process = await CollectorProcess.at(folder);
  const { code, stdout } = await process.run(['verify', '--bundle', path]);
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  expect(stdout.split('\n')[0]).toBe(
    'BROKEN  x [2J 1;1HTheBundleHolds is in the bundle and not in its signed list',
  );
});

describe('a bundle that is unpacked to something else than what was verified is refused', () => {
  const device = new SampleDevice();
  const genuine = bundleOf(device, [device.full(sampleFacts('on'))]);
  const files = untar(genuine);
  const path = files[0]?.path ?? '';
  const forged = tar([{ path, body: Buffer.from('somebody else wrote this') }]).subarray(0, -1_024);
  const end = Buffer.alloc(1_024);
  /** A header as it is after a change, its checksum made right again. */
  const changed = (header: Buffer, change: (header: Buffer) => void): Buffer => {
    const made = Buffer.from(header);
    change(made);
    made.fill(' ', 148, 156);
    made.write(
      `${made
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return made;
  };

  test('because a name is in it twice', () => {
    expect(verifyBundle(Buffer.concat([forged, genuine])).broken).toEqual([{ path, fault: 'twice' }]);
    expect(verifyBundle(Buffer.concat([genuine.subarray(0, -1_024), forged, end])).broken).toContainEqual({
      path,
      fault: 'twice',
    });
  });

  test('because a name goes on in another field, behind which the forged one takes its place', () => {
    const moved = changed(genuine.subarray(0, 512), (header) => header.write('elsewhere', 345));
    expect(() => verifyBundle(Buffer.concat([forged, moved, genuine.subarray(512)]))).toThrow(NotABundle);
  });

  test('because more comes behind what looks like its end', () => {
    const nameless = changed(forged.subarray(0, 512), (header) => {
      header.fill(0, 0, 100);
      header.fill('0', 124, 135);
    });
    const last = genuine.subarray(0, -1_024);
    expect(verifyBundle(Buffer.concat([last, nameless, forged, end])).broken).not.toEqual([]);
    expect(() => verifyBundle(Buffer.concat([genuine, forged, end]))).toThrow(NotABundle);
  });

  test('because a header is not what was written', () => {
    const bytes = Buffer.from(genuine);
    bytes[110] = 0x31;
    expect(() => verifyBundle(bytes)).toThrow(NotABundle);
  });
});

describe('a stored report proves nothing', () => {
  const device = new SampleDevice();
  const first = device.full(sampleFacts());
  const second = device.unchanged();
  const of = { id: device.id, key: publicKeyOf(Buffer.from(device.publicKey, 'base64url')) };

  test('in another place than its own', () => {
    expect(verifyStored({ jws: first, sequence: 1 }, of)).toHaveProperty('report');
    expect(verifyStored({ jws: first, sequence: 2 }, of)).toEqual({ fault: 'wrong-sequence' });
    expect(verifyStored({ jws: second, sequence: 1 }, of)).toEqual({ fault: 'wrong-sequence' });
  });

  test('of another laptop than the one that it names, in its header and inside', () => {
    const other = newId(new Date());
    const report = JSON.parse(Buffer.from(first.split('.')[1] ?? '', 'base64url').toString());
    const inside = device.sign({ ...report, device: other });
    const outside = device.sign(report, other);
    expect(verifyStored({ jws: inside, sequence: 1 }, of)).toEqual({ fault: 'not-this-device' });
    expect(verifyStored({ jws: outside, sequence: 1 }, of)).toEqual({ fault: 'not-this-device' });
  });
});
