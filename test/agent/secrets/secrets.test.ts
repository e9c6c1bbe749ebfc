import { spawnSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeForNewKey, storeOfKey } from '../../../agent/secrets/index.ts';
import { keyFile } from '../../../agent/secrets/key-file.ts';
import { makeDeviceKey, readDeviceKey, removeDeviceKey } from '../../../agent/sync/identity.ts';
import { temporaryDirectory } from '../run-agent.ts';

describe('the file', () => {
  test('only its owner can read it, and it is gone when it is removed', async () => {
    using state = temporaryDirectory();
    const file = keyFile(state.path);
    expect(await file.read()).toBeUndefined();
    await file.write('a secret');
    expect(await file.read()).toBe('a secret');
    expect(statSync(join(state.path, 'device-key')).mode & 0o777).toBe(0o600);
    await file.remove();
    expect(await file.read()).toBeUndefined();
  });

  test('opened to others it is no secret any more', async () => {
    using state = temporaryDirectory();
    const file = keyFile(state.path);
    await file.write('a secret');
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(join(state.path, 'device-key'), mode);
      await expect(file.read()).rejects.toMatchObject({ name: 'ExposedKey' });
    }
  });
});

test('a key is made once, is found again, and is another one after it was removed', async () => {
  using state = temporaryDirectory();
  expect(await readDeviceKey(state.path)).toBeUndefined();
  const made = await makeDeviceKey(state.path);
  expect(made.publicKey).toMatch(/^[\w-]{43}$/);
  expect((await makeDeviceKey(state.path)).publicKey).toBe(made.publicKey);
  expect((await readDeviceKey(state.path))?.publicKey).toBe(made.publicKey);
  await removeDeviceKey(state.path);
  expect(await storeOfKey(state.path)).toBeUndefined();
  expect((await makeDeviceKey(state.path)).publicKey).not.toBe(made.publicKey);
  await removeDeviceKey(state.path);
});

test.runIf(process.platform === 'linux' && process.geteuid?.() === 0)(
  'root has no keychain here',
  async () => {
    using state = temporaryDirectory();
    expect((await storeForNewKey(state.path)).home).toBe('file');
  },
);

/** A session of an ordinary account; as root, that of an account that owns nothing. */
function inSession(script: string) {
  using home = temporaryDirectory();
  chmodSync(home.path, 0o777);
  const account = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  return spawnSync(
    'dbus-run-session',
    ['--', 'sh', '-c', script, 'sh', process.execPath, program, join(home.path, 'state')],
    {
      ...account,
      env: { PATH: process.env['PATH'], HOME: home.path, XDG_RUNTIME_DIR: home.path },
      encoding: 'utf8',
      timeout: 30_000,
    },
  );
}

const program = join(import.meta.dirname, 'round-trip.ts');
/** Whether such an account can start Node and see this project, with a keyring to talk to. */
const possible =
  process.platform === 'linux' &&
  inSession('command -v gnome-keyring-daemon >/dev/null && "$1" -e 0 && test -r "$2"').status === 0;

describe.runIf(possible)('a real keyring', () => {
  test('unlocked, it keeps the key', () => {
    const { stdout, stderr } = inSession(
      'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && sleep 1 && "$1" "$2" "$3"',
    );
    expect(JSON.parse(stdout || '{}'), stderr).toEqual({
      home: 'keychain',
      foundIn: 'keychain',
      same: true,
      gone: true,
    });
  });

  test('locked, nobody is asked and the file is used', () => {
    const { stdout, stderr } = inSession('"$1" "$2" "$3"');
    expect(JSON.parse(stdout || '{}'), stderr).toEqual({
      home: 'file',
      foundIn: 'file',
      same: true,
      gone: true,
    });
  });
});
