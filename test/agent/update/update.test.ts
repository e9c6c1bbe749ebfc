import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCollector } from '../../../agent/sync/client.ts';
import {
  currentVersion,
  type Installation,
  ownInstallation,
  switchTo,
} from '../../../agent/update/installation.ts';
import { giveUpIfStuck, settleUpdate } from '../../../agent/update/memory.ts';
import { programs } from '../../../agent/update/programs.ts';
import { takeUpdate, turnOf } from '../../../agent/update/update.ts';
import {
  archiveOf,
  type ReleaseKeys,
  releaseKeys,
  writeRelease,
} from '../../../installers/release-repository.ts';

const target = 'linux-x64';
const device = '01990000-0000-7000-8000-000000000001';
const now = new Date();
const day = 86_400_000;

let folder: string;
let repository: string;
let installation: Installation;
let keys: ReleaseKeys;
let server: Server;
let url: string;
/** Answers instead of the repository where it wants to. */
let attack: RequestListener | undefined;
let served = 0;

/** An agent as a release has it: the same layout, and a program that says its version and does what it is told to. */
function makeAgent(place: string, version: string, behavior = ''): void {
  mkdirSync(join(place, 'bin'), { recursive: true });
  mkdirSync(join(place, 'dist/agent'), { recursive: true });
  symlinkSync(process.execPath, join(place, 'bin/node'));
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(place, 'dist/agent/start.js'),
    `${behavior}\nif (process.argv[2] === '--version') console.log('${version}');`,
  );
}

function makeArchive(version: string, behavior = ''): string {
  const place = join(folder, `tree-${version}`);
  rmSync(place, { recursive: true, force: true });
  makeAgent(place, version, behavior);
  const path = join(folder, `muster-agent-${version}-${target}.tar.gz`);
  execFileSync('tar', ['-czf', path, '-C', place, '.']);
  return path;
}

function release(
  version: string,
  { behavior = '', at = now, by = keys }: { behavior?: string; at?: Date; by?: ReleaseKeys } = {},
) {
  const archive = archiveOf(makeArchive(version, behavior));
  if (archive === undefined) throw new Error('no archive');
  return writeRelease(repository, by, [archive], at);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-update-'));
  repository = join(folder, 'updates');
  keys = releaseKeys(join(folder, 'keys'), true);
  const home = join(folder, 'home');
  makeAgent(join(home, 'versions/0.1.0'), '0.1.0');
  installation = { home, root: join(home, 'release-root.json') };
  switchTo(installation, '0.1.0');
  cpSync(release('0.1.0'), installation.root);
  attack = undefined;
  served = 0;
  server = createServer((request, response) => {
    served += 1;
    if (attack !== undefined) {
      attack(request, response);
      if (response.headersSent || response.writableEnded) return;
    }
    const path = join(folder, request.url ?? '');
    if (existsSync(path)) response.end(readFileSync(path));
    else
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"type":"urn:muster:problem:not-found","title":"no","status":404}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const memory = () => join(folder, 'state/updates');
async function take(options: { percent?: number; running?: string } = {}) {
  const collector = openCollector(url, null);
  try {
    return await takeUpdate({
      installation,
      source: { memory: memory(), root: installation.root, target, collector },
      programs,
      device,
      percent: 100,
      running: '0.1.0',
      ...options,
    });
  } finally {
    collector.close();
  }
}
/** The old agent still stands and still runs, and nothing half-done lies about. */
function expectUntouched(version = '0.1.0') {
  expect(currentVersion(installation)).toBe(version);
  const agent = join(installation.home, 'current');
  const said = execFileSync(join(agent, 'bin/node'), [join(agent, 'dist/agent/start.js'), '--version'], {
    encoding: 'utf8',
  });
  expect(said.trim()).toBe(version);
  expect(readdirSync(join(installation.home, 'versions'))).toEqual([version]);
  expect(existsSync(join(memory(), 'archive.tar.gz'))).toBe(false);
}

describe('a newer release', () => {
  test('is verified, tried and put in place; the one before stays', async () => {
    expect(await take()).toEqual({ kind: 'newest' });
    release('0.2.0');
    expect(await take()).toEqual({ kind: 'installed', version: '0.2.0' });
    expect(currentVersion(installation)).toBe('0.2.0');
    expect(readdirSync(join(installation.home, 'versions')).sort()).toEqual(['0.1.0', '0.2.0']);
    const found = ownInstallation(join(installation.home, 'current/dist/agent/start.js'));
    expect(found?.home).toBe(installation.home);
    release('0.3.0');
    expect(await take({ running: '0.2.0' })).toEqual({ kind: 'installed', version: '0.3.0' });
    expect(readdirSync(join(installation.home, 'versions')).sort()).toEqual(['0.2.0', '0.3.0']);
  });

  test('is taken by as many devices as the policy says', async () => {
    release('0.2.0');
    const turn = turnOf(device, '0.2.0');
    expect(await take({ percent: turn })).toEqual({ kind: 'not-yet', version: '0.2.0' });
    expectUntouched();
    expect(await take({ percent: turn + 1 })).toEqual({ kind: 'installed', version: '0.2.0' });
    const turns = Array.from({ length: 2_000 }, (_, index) => turnOf(`device ${index}`, '0.2.0'));
    const early = turns.filter((one) => one < 10).length;
    expect(early).toBeGreaterThan(140);
    expect(early).toBeLessThan(260);
  });

  test.each([
    [
      'says another version',
      "if (process.argv[2] === '--version') { console.log('9.9.9'); process.exit(0); }",
      /does not start/,
    ],
    ['cannot start', 'throw new Error("broken");', /does not start/],
    ['fails its selftest', "if (process.argv[2] === '--selftest') process.exit(1);", /selftest/],
    ['cannot report', "if (process.argv[2] === '--report') process.exit(70);", /cannot report/],
  ])('that %s is not put in place, and not tried again', async (_what, behavior, message) => {
    release('0.2.0', { behavior });
    await expect(take()).rejects.toThrow(message);
    expectUntouched();
    await expect(take()).rejects.toThrow(/did not work on this machine/);
    release('0.2.1');
    expect(await take()).toEqual({ kind: 'installed', version: '0.2.1' });
  });

  test('that never delivers is given up after a few starts; one that delivers stays', async () => {
    release('0.2.0');
    await take();
    for (let start = 0; start < 3; start += 1)
      expect(await giveUpIfStuck(installation, memory())).toBeUndefined();
    expect(await giveUpIfStuck(installation, memory())).toBe('0.1.0');
    expect(currentVersion(installation)).toBe('0.1.0');
    await expect(take()).rejects.toThrow(/did not work/);

    release('0.3.0');
    await take();
    await settleUpdate(memory());
    for (let start = 0; start < 9; start += 1)
      expect(await giveUpIfStuck(installation, memory())).toBeUndefined();
    expect(currentVersion(installation)).toBe('0.3.0');
  });

  test('is taken up again where an earlier attempt was cut off half-way', async () => {
    release('0.2.0');
    mkdirSync(join(installation.home, 'versions/incoming/bin'), { recursive: true });
    writeFileSync(join(installation.home, 'versions/incoming/bin/node'), 'half');
    mkdirSync(memory(), { recursive: true });
    writeFileSync(join(memory(), 'update.json'), '{"trial":');
    writeFileSync(join(memory(), 'archive.tar.gz'), 'half');
    expect(await take()).toEqual({ kind: 'installed', version: '0.2.0' });
    expect(readdirSync(memory()).some((name) => name.startsWith('update.json.broken-'))).toBe(true);
  });
});

describe('under attack the old agent goes on:', () => {
  const metadata = (name: string) => join(repository, 'metadata', name);

  test('a list that has expired is refused (freeze)', async () => {
    rmSync(repository, { recursive: true });
    release('0.2.0', { at: new Date(now.getTime() - 40 * day) });
    cpSync(metadata('1.root.json'), installation.root);
    await expect(take()).rejects.toThrow(/has expired/);
    expectUntouched();
  });

  test('a list older than one that was seen is refused (rollback)', async () => {
    const old = readFileSync(metadata('timestamp.json'));
    release('0.2.0');
    expect((await take({ percent: 0 })).kind).toBe('not-yet');
    writeFileSync(metadata('timestamp.json'), old);
    await expect(take()).rejects.toThrow(/older than one that was seen/);
    expectUntouched();
  });

  test('a list put together of old and new parts is refused (mix and match)', async () => {
    const oldTargets = readFileSync(metadata('1.targets.json'));
    release('0.2.0');
    writeFileSync(metadata('2.targets.json'), oldTargets);
    await expect(take()).rejects.toThrow(/refused|older|another one|cannot be read|not what was signed/);
    expectUntouched();
  });

  test('a list signed by other keys is refused (wrong key)', async () => {
    const others = releaseKeys(join(folder, 'other-keys'), true);
    rmSync(repository, { recursive: true });
    release('0.2.0', { by: others });
    await expect(take()).rejects.toThrow(/not signed by the keys/);
    expectUntouched();
  });

  test('a root of trust that the old one did not sign is refused', async () => {
    const others = releaseKeys(join(folder, 'other-keys'), true);
    const elsewhere = join(folder, 'elsewhere');
    writeRelease(elsewhere, others, [], now);
    const text = readFileSync(join(elsewhere, 'metadata/1.root.json'), 'utf8').replace(
      '"version":1',
      '"version":2',
    );
    writeFileSync(metadata('2.root.json'), text);
    await expect(take()).rejects.toThrow(/not signed by the keys/);
    expectUntouched();
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['changed in one bit', (bytes: Buffer) => Buffer.from(bytes).fill((bytes[50] ?? 0) ^ 1, 50, 51)],
    ['longer than signed', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(10)])],
  ])('an archive %s is refused', async (_what, change) => {
    release('0.2.0');
    attack = (request, response) => {
      if (request.url?.includes('/targets/') === true) {
        response.writeHead(200).end(change(readFileSync(join(folder, request.url))));
      }
    };
    await expect(take()).rejects.toThrow(/not what was signed|more was sent/);
    expectUntouched();
  });

  test.each(['/targets/', 'timestamp.json'])('data without end for %s is cut off', async (what) => {
    release('0.2.0');
    let sent = 0;
    attack = (request, response) => {
      if (request.url?.includes(what) !== true) return;
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && sent < 2 ** 28) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    };
    await expect(take()).rejects.toThrow(/more was sent/);
    expect(sent).toBeLessThan(2 ** 25);
    expectUntouched();
  });

  test('a web page in place of a list, and no list at all, are no update', async () => {
    release('0.2.0');
    attack = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    await expect(take()).rejects.toThrow(/cannot be read/);
    attack = (_request, response) => void response.writeHead(503).end();
    await expect(take()).rejects.toThrow(/./);
    expectUntouched();
    expect(served).toBeGreaterThan(1);
  });
});
