import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { privateKeyKind, readPrivateKeys } from '../../../agent/sources/ssh-keys.ts';

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssh-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasKeygen)('real keys of every form are counted, none is named (needs ssh-keygen)', async () => {
  const make = (name: string, passphrase: string, ...options: string[]) =>
    execFileSync('ssh-keygen', [
      '-q',
      '-N',
      passphrase,
      '-C',
      'somebody@host',
      '-f',
      join(folder, name),
      ...options,
    ]);
  make('id_plain', '', '-t', 'ed25519');
  make('id_protected', 'correct horse', '-t', 'ed25519');
  make('old_plain', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM');
  make('old_protected', 'correct horse', '-t', 'rsa', '-b', '2048', '-m', 'PEM');
  writeFileSync(join(folder, 'known_hosts'), 'host ssh-ed25519 AAAA\n');
  writeFileSync(join(folder, 'notes.txt'), 'no key at all\n');
  expect(await readPrivateKeys(folder)).toEqual(['key-plain', 'key-plain', 'key-protected', 'key-protected']);
});

test('a key that is cut off or of an unknown form is never taken for a protected one', () => {
  expect(privateKeyKind('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----')).toBe(
    'key-plain',
  );
  expect(privateKeyKind('-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----')).toBe(
    'key-plain',
  );
  expect(
    privateKeyKind('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----'),
  ).toBe('key-protected');
  expect(privateKeyKind('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n')).toBe('key-plain');
  expect(privateKeyKind('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n')).toBe(
    'key-protected',
  );
  expect(privateKeyKind('ssh-ed25519 AAAA somebody')).toBeUndefined();
});

test('a folder that is not there is a missing read, not a count of none', async () => {
  await expect(readPrivateKeys(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});
