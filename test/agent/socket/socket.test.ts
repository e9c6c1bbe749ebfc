import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { understood, withServiceAnswers } from '../../../agent/socket/client.ts';
import { keepAnswers } from '../../../agent/socket/keep.ts';
import { socketPath } from '../../../agent/socket/path.ts';
import { rateLimit, type SocketServer, serveAnswers } from '../../../agent/socket/server.ts';
import { readWatch } from '../../../agent/state/watch.ts';
import type { Facts } from '../../../shared/facts.ts';
import { runAgent, startAgent, temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';

const now = new Date('2026-11-21T10:00:00Z');
const linux = { platform: 'linux', now } as const;
/** What root finds, and what an ordinary user finds on the same machine. */
const asRoot: Facts = {
  'removable-media': {
    'write-policy': { value: { enforced: 'deny', ineffectiveSetting: false }, origin: 'policy' },
    unencrypted: { value: { now: 0 } },
    autorun: { unknown: 'no-session' },
  },
};
const asUser: Facts = {
  'removable-media': {
    'write-policy': { unknown: 'denied' },
    unencrypted: { unknown: 'denied' },
    autorun: { unknown: 'no-session' },
  },
};

let state: ReturnType<typeof temporaryDirectory>;
let path: string;
let server: SocketServer | undefined;
beforeEach(() => {
  state = temporaryDirectory();
  chmodSync(state.path, 0o755);
  path = join(state.path, 'agent.sock');
});
afterEach(() => {
  server?.close();
  server = undefined;
  state[Symbol.dispose]();
});

/** Sends bytes and returns everything that comes back until the end, or undefined when nothing came. */
function talk(bytes: string | Buffer, target = path): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(target, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

describe.skipIf(process.platform === 'win32')('the socket', () => {
  beforeEach(async () => {
    await keepAnswers(state.path, asRoot, linux);
    server = await serveAnswers(state.path, path);
  });

  test('a check id in, its points that need the service’s rights out, nothing else is kept', async () => {
    expect(JSON.parse(await talk('removable-media\n'))).toEqual({
      schema: 'muster.answer/1',
      check: 'removable-media',
      takenAt: now.toISOString(),
      points: {
        'write-policy': { value: { enforced: 'deny', ineffectiveSetting: false }, origin: 'policy' },
      },
    });
    expect(readFileSync(join(state.path, 'answers.json'), 'utf8')).not.toContain('unencrypted');
    expect(lstatSync(join(state.path, 'answers.json')).mode & 0o077).toBe(0);
    expect(JSON.parse(await talk('firewall\n')).points).toEqual({});
    expect(JSON.parse(await talk('constructor\n')).points).toEqual({});
  });

  test.each([
    ['an empty line', '\n'],
    ['two words', 'firewall now\n'],
    ['a path', '../../etc/shadow\n'],
    ['a flag', '--only\n'],
    ['capitals', 'Firewall\n'],
    ['a zero byte', 'firewall\0\n'],
    ['JSON', '{"check":"firewall"}\n'],
    ['a megabyte without an end', Buffer.alloc(1_000_000, 'a')],
    ['a megabyte and an end', Buffer.concat([Buffer.alloc(1_000_000, 'a'), Buffer.from('\n')])],
    ['noise', Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256))],
  ])('%s gets no word, and the next caller is served', async (_, bytes) => {
    expect(await talk(bytes)).toBe('');
    expect(await talk('removable-media\n')).toContain('write-policy');
  });

  test('one question a connection', async () => {
    const lines = (await talk('removable-media\nfirewall\n')).trim().split('\n');
    expect(lines).toHaveLength(1);
  });

  test('who says nothing is shown out within two seconds', async () => {
    const started = Date.now();
    expect(await talk('remov')).toBe('');
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('a thousand connections at once: the service lives, and answers afterwards', async () => {
    const crowd = Array.from({ length: 1_000 }, () => {
      const socket = connect(path);
      socket.on('error', () => {});
      return socket;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const socket of crowd) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await talk('removable-media\n')).toContain('write-policy');
  });

  test('too many questions are not answered', async () => {
    const answers: string[] = [];
    for (let round = 0; round < 160; round += 1) answers.push(await talk('removable-media\n'));
    expect(answers.filter((text) => text !== '').length).toBeGreaterThanOrEqual(120);
    expect(answers.filter((text) => text === '').length).toBeGreaterThan(0);
  });

  test('what a crash left behind is replaced, a service that listens is not', async () => {
    await expect(serveAnswers(state.path, path)).rejects.toThrow('listens already');
    expect(await talk('removable-media\n')).toContain('write-policy');
  });

  test.skipIf(process.geteuid?.() !== 0)(
    'only points without the right to read are filled, and only from root’s socket',
    async () => {
      const { facts, seenByService } = await withServiceAnswers(asUser, linux, path);
      expect(facts['removable-media']).toEqual({
        'write-policy': asRoot['removable-media']?.['write-policy'],
        unencrypted: { unknown: 'denied' },
        autorun: { unknown: 'no-session' },
      });
      expect([...seenByService]).toEqual([['removable-media/write-policy', now]]);
      const read: Facts = {
        'removable-media': { 'write-policy': { value: { enforced: 'any', ineffectiveSetting: false } } },
      };
      expect((await withServiceAnswers(read, linux, path)).facts, 'what was read stays').toEqual(read);
      const failed: Facts = { 'removable-media': { 'write-policy': { unknown: 'failed' } } };
      expect((await withServiceAnswers(failed, linux, path)).facts, 'not for want of rights').toEqual(failed);

      chownSync(path, 65_534, 65_534);
      expect((await withServiceAnswers(asUser, linux, path)).facts, 'somebody else’s socket').toEqual(asUser);
      chownSync(path, 0, 0);
      chmodSync(state.path, 0o777);
      expect((await withServiceAnswers(asUser, linux, path)).facts, 'anybody’s folder').toEqual(asUser);
    },
  );

  test('no service, no change', async () => {
    expect((await withServiceAnswers(asUser, linux, join(state.path, 'none.sock'))).facts).toEqual(asUser);
  });

  test.skipIf(process.geteuid?.() !== 0)(
    'a service that never ends its answer is not waited for',
    async () => {
      const slow = join(state.path, 'slow.sock');
      const babbler = createServer((socket) => {
        socket.on('error', () => {});
        const timer = setInterval(() => socket.write('x'.repeat(1_000)), 5);
        socket.on('close', () => clearInterval(timer));
      });
      await new Promise<void>((resolve) => babbler.listen(slow, resolve));
      const started = Date.now();
      expect((await withServiceAnswers(asUser, linux, slow)).facts).toEqual(asUser);
      expect(Date.now() - started).toBeLessThan(3_000);
      babbler.close();
    },
  );
});

test('an answer counts as far as it fits the catalogue, and while it is fresh', () => {
  const answer = (changes: object) =>
    JSON.stringify({
      schema: 'muster.answer/1',
      check: 'removable-media',
      takenAt: now.toISOString(),
      points: { 'write-policy': { value: { enforced: 'deny' } } },
      ...changes,
    });
  const points = (changes: object) => understood(answer(changes), 'removable-media', now)?.points;
  expect(points({})).toEqual({ 'write-policy': { value: { enforced: 'deny', ineffectiveSetting: false } } });
  expect(points({ takenAt: '2026-11-18T09:00:00Z' }), 'three days old').toBeUndefined();
  expect(points({ takenAt: '2026-11-21T10:05:00Z' }), 'from the future').toBeUndefined();
  expect(points({ takenAt: null })).toBeUndefined();
  expect(points({ check: 'firewall' })).toBeUndefined();
  expect(points({ schema: 'muster.answer/2' })).toBeUndefined();
  expect(points({ points: null })).toBeUndefined();
  expect(
    points({ points: { 'write-policy': { value: { enforced: 'perhaps' } }, other: { value: 1 } } }),
  ).toEqual({});
  expect(points({ points: { 'write-policy': { unknown: 'failed' } } })).toEqual({});
  for (const line of [undefined, '', 'null', '[]', '{', '"x"', '7']) {
    expect(understood(line, 'removable-media', now)).toBeUndefined();
  }
});

test('the rate is forgiven with time', () => {
  let time = 0;
  const allowed = rateLimit(2, 1, () => time);
  expect([allowed(), allowed(), allowed()]).toEqual([true, true, false]);
  time = 1_000;
  expect([allowed(), allowed()]).toEqual([true, false]);
  time = 500;
  expect(allowed(), 'a clock set back gives nothing').toBe(false);
});

test('where the service listens, on each system', () => {
  expect(socketPath('linux', {})).toBe('/run/muster/agent.sock');
  expect(socketPath('darwin', {})).toBe('/var/run/muster/agent.sock');
  expect(socketPath('win32', {})).toMatch(/ProtectedPrefix\\Administrators\\/);
});

/** An ordinary user: the account nobody, without groups and capabilities. */
const canBeNobody =
  process.platform === 'linux' && process.geteuid?.() === 0 && existsSync('/usr/bin/setpriv');
describe.skipIf(!canBeNobody)(
  `root’s service and an ordinary user${canBeNobody ? '' : ' (skipped: needs root and setpriv on Linux)'}`,
  { timeout: 180_000 },
  () => {
    const main = join(import.meta.dirname, '../../../agent/main.ts');
    const asNobody = (args: readonly string[]) =>
      new Promise<string>((resolve) => {
        const child = spawn(
          '/usr/bin/setpriv',
          ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, main, ...args],
          { env: { PATH: process.env['PATH'], MUSTER_STATE: state.path, HOME: '/nonexistent' }, cwd: '/' },
        );
        let text = '';
        child.stdout.on('data', (chunk) => {
          text += chunk;
        });
        child.on('close', () => resolve(text));
      });
    const pointOf = (text: string) =>
      JSON.parse(text).findings[0].points.find(({ point }: { point: string }) => point === 'max-age');
    const check = ['--check', '--only', 'password-policy'];
    const until = async (condition: () => boolean) => {
      const end = Date.now() + 30_000;
      while (!condition()) {
        if (Date.now() > end) throw new Error('it did not happen in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };

    test('what only root may read is shown as the service saw it, with its age; also after kill -9', async () => {
      const collector = await FakeCollector.start();
      const env = { MUSTER_STATE: state.path };
      expect((await runAgent(['--enroll', collector.token(), '--yes'], env)).code).toBe(0);
      const before = pointOf(await asNobody([...check, '--format', 'json']));
      expect(before, 'without a service').toMatchObject({ status: 'unknown', reason: 'denied' });
      const report = await runAgent(['--report'], env);
      await collector.stop();
      expect(report.code, report.stderr).toBe(0);

      const file = join(state.path, 'answers.json');
      const kept = JSON.parse(readFileSync(file, 'utf8'));
      const seen = new Date(Date.parse(kept.takenAt) - 12 * 60_000).toISOString();
      writeFileSync(file, JSON.stringify({ ...kept, takenAt: seen }));
      const first = startAgent(['--service'], env);
      await until(() => existsSync(path));
      first.child.kill('SIGKILL');
      await first.ended;
      expect(existsSync(path), 'left behind').toBe(true);
      const { child, ended } = startAgent(['--service'], env);
      try {
        await until(() => readWatch(state.path)?.pid === child.pid);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const root = pointOf((await runAgent([...check, '--format', 'json'], env)).stdout);
        const user = pointOf(await asNobody([...check, '--format', 'json']));
        expect(root.status).not.toBe('unknown');
        expect(root).not.toHaveProperty('seenByService');
        expect(user).toEqual({ ...root, seenByService: seen });
        expect(await asNobody([...check, '--verbose'])).toMatch(
          /as\s+the\s+service\s+saw\s+it\s+1\d\s+minutes\s+ago/,
        );
        expect(await asNobody([...check, '--format', 'junit'])).toMatch(/as the service saw it/);
        // A recording stands for what this person could read.
        const recording = pointOf(await asNobody([...check, '--format', 'json', '--record', '/dev/null']));
        expect(recording).toMatchObject({ status: 'unknown', reason: 'denied' });
      } finally {
        child.kill('SIGTERM');
        await ended;
      }
      expect(existsSync(path), 'a service that stops takes its socket with it').toBe(false);
    });
  },
);
