import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificatePin } from '../../../server/signing/certificate-pin.ts';
import { createSelfSigned } from '../../../server/signing/self-signed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pin-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a certificate of our own is pinned by the digest of its bytes', async () => {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await createSelfSigned(files, 'collector.example');
  const digest = new X509Certificate(readFileSync(files.cert)).fingerprint256
    .replaceAll(':', '')
    .toLowerCase();
  expect(certificatePin(files.cert)).toBe(digest);
});

test('a chain that ends at a public authority is not pinned: it is checked, and renewed every few weeks', async () => {
  const own = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await createSelfSigned(own, 'collector.example');
  const chain = join(folder, 'chain.pem');
  // Only how the chain ends is looked at here; that its parts belong together is for whoever connects.
  writeFileSync(chain, `${readFileSync(own.cert, 'utf8')}\n${rootCertificates[0]}\n`);
  expect(certificatePin(chain)).toBeNull();
});

test('a file without a certificate is an error, never a token without a pin', () => {
  const empty = join(folder, 'empty.pem');
  writeFileSync(empty, 'nothing here\n');
  expect(() => certificatePin(empty)).toThrow('no certificate');
});
