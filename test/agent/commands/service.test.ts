import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runAgent, startAgent, temporaryDirectory } from '../run-agent.ts';
import { FakeCollector, problem } from '../sync/fake-collector.ts';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;
let env: Record<string, string>;

beforeEach(async () => {
  state = temporaryDirectory();
  env = { MUSTER_STATE: state.path };
  collector = await FakeCollector.start();
  expect((await runAgent(['--enroll', collector.token(), '--yes'], env)).code).toBe(0);
});
afterEach(async () => {
  await collector.stop();
  state[Symbol.dispose]();
});

async function until(condition: () => boolean, ms = 90_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('one run: read, judged by the organization’s policy, signed, delivered', async () => {
  const { code, stdout, stderr } = await runAgent(['--report'], env);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/report delivered to Example Ltd \(number 1\)\n$/);
  expect(collector.kept).toHaveLength(1);
  expect(collector.kept[0]?.report.policy).toEqual({ id: 'example', version: 3 });
});

test('the next check is due when the policy says', async () => {
  collector.policy = { ...collector.policy, version: 4, run: { everyMinutes: 60, jitterMinutes: 0 } };
  expect((await runAgent(['--report'], env)).code).toBe(0);
  const { lastCheckAt, nextCheckAt } = JSON.parse(readFileSync(join(state.path, 'schedule.json'), 'utf8'));
  expect(Date.parse(nextCheckAt) - Date.parse(lastCheckAt)).toBe(3_600_000);
  const wrong = await runAgent(['--service'], { ...env, MUSTER_INTERVAL: 'often' });
  expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('30s, 15m or 24h') });
});

test('offline: kept, exit code 75, and sent by the next run', async () => {
  await collector.stop();
  const first = await runAgent(['--report'], env);
  expect(first).toMatchObject({ code: 75, stdout: expect.stringContaining('1 report waits') });
  const { port } = new URL(JSON.parse(readFileSync(join(state.path, 'enrollment.json'), 'utf8')).url);
  const back = await FakeCollector.start({ port: Number(port) });
  const { publicKey, device, policyKey } = collector;
  Object.assign(back, { publicKey, device, policyKey });
  collector = back;
  const second = await runAgent(['--deliver'], env);
  expect(second.code, second.stdout + second.stderr).toBe(0);
  expect(collector.kept).toHaveLength(1);
});

test.skipIf(!existsSync('/usr/bin/script'))(
  'at a terminal what came in the way is one sentence, without the log',
  async () => {
    await collector.stop();
    const { stdout } = spawnSync(
      'script',
      [
        '-qec',
        `'${process.execPath}' '${join(import.meta.dirname, '../../../agent/main.ts')}' --report`,
        '/dev/null',
      ],
      { encoding: 'utf8', env: { ...process.env, ...env }, input: '' },
    );
    expect(stdout).toContain('1 report waits: ');
    expect(stdout).not.toContain('"level"');
  },
);

test('not enrolled: exit code 78 and what to do', async () => {
  using empty = temporaryDirectory();
  for (const command of ['--report', '--service', '--deliver', '--note-media']) {
    const { code, stderr } = await runAgent([command], { MUSTER_STATE: empty.path });
    expect(code).toBe(78);
    expect(stderr).toContain('agent --enroll TOKEN');
  }
});

test('the service repeats, never twice at once, and stops within two seconds', async () => {
  const { child, ended } = startAgent(['--service', '--log-level', 'silent'], {
    ...env,
    MUSTER_INTERVAL: '2s',
  });
  await until(() => collector.kept.length >= 3);
  const stopped = Date.now();
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(0);
  expect(Date.now() - stopped).toBeLessThan(2_000);
  expect(collector.kept.map(({ report }) => report.sequence)).toEqual(
    collector.kept.map((_, index) => index + 1),
  );
});

test('stopped in the middle of a delivery, nothing is lost and nothing counts twice', async () => {
  let held = 0;
  collector.fault = (request) => {
    if (request.url !== '/api/v1/reports') return false;
    held += 1;
    return held === 1; // The first delivery never gets an answer.
  };
  const { child, ended } = startAgent(['--service', '--log-level', 'silent'], {
    ...env,
    MUSTER_INTERVAL: '30s',
  });
  await until(() => held === 1);
  const stopped = Date.now();
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
  expect(Date.now() - stopped).toBeLessThan(2_000);
  expect((await runAgent(['--deliver'], env)).code).toBe(0);
  expect(collector.kept).toHaveLength(1);
});

test('a tampered policy on disk is set aside, an older or foreign one from the wire is refused', async () => {
  const file = join(state.path, 'policy.json');
  const genuine = readFileSync(file, 'utf8');

  collector.policy = { ...collector.policy, version: 2 };
  const older = await runAgent(['--report'], env);
  expect(older).toMatchObject({ code: 69, stdout: expect.stringContaining('older than version 3') });
  expect(readFileSync(file, 'utf8')).toBe(genuine);
  // The collector is told what is held, so that it can publish above it.
  expect(collector.requests.at(-1)).toBe('GET /api/v1/policy?held=3');

  collector.policy = { ...collector.policy, version: 9 };
  collector.policyKey = generateKeyPairSync('ed25519');
  const foreign = await runAgent(['--report'], env);
  expect(foreign).toMatchObject({ code: 69, stdout: expect.stringContaining('cannot prove') });
  expect(readFileSync(file, 'utf8')).toBe(genuine);
  expect(collector.kept).toEqual([]);

  const kept = JSON.parse(genuine) as { jws: string };
  const [header, , signature] = kept.jws.split('.');
  const forged = Buffer.from(JSON.stringify({ schema: 'muster.policy/1', id: 'lax', version: 4 })).toString(
    'base64url',
  );
  writeFileSync(file, JSON.stringify({ ...kept, jws: `${header}.${forged}.${signature}` }));
  const check = await runAgent(['--check', '--only', 'firewall', '--format', 'json'], env);
  expect(check.stderr).toContain('damaged or changed; judged by the base policy');
  expect(JSON.parse(check.stdout).policy.id).toBe('base');
  expect(readdirSync(state.path).some((name) => name.startsWith('policy.json.broken-'))).toBe(true);
});

test('a removed device says so and sends nothing more', async () => {
  collector.fault = (request, response) => {
    if (request.url !== '/api/v1/reports') return false;
    problem(response, 403, 'device-revoked', { detail: 'Ask for a new token.' });
    return true;
  };
  expect((await runAgent(['--report'], env)).code).toBe(69);
  const before = collector.requests.length;
  const again = await runAgent(['--report'], env);
  expect(again).toMatchObject({ code: 69, stdout: expect.stringContaining('removed') });
  expect(collector.requests.length).toBe(before);
});

test('an enrollment file that was cut off is set aside and put back', async () => {
  expect((await runAgent(['--deliver'], env)).code).toBe(0);
  const file = join(state.path, 'enrollment.json');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, 100));
  const { code, stderr } = await runAgent(['--deliver'], env);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('put back');
  expect(readFileSync(file, 'utf8')).toBe(whole);
  expect(readdirSync(state.path).some((name) => name.startsWith('enrollment.json.broken-'))).toBe(true);
});

test('kill -9 of a run at any moment: every report counts once, in one whole chain', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { child, ended } = startAgent(['--report'], env);
    const answered = collector.requests.length;
    // From before anything was read to after the delivery began.
    if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 150 + round * 150));
    else await until(() => collector.requests.length > answered + (round > 3 ? 1 : 0));
    child.kill('SIGKILL');
    await ended;
  }
  const last = await runAgent(['--report'], env);
  expect(last.code, last.stdout + last.stderr).toBe(0);
  const sequences = collector.kept.map(({ report }) => report.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  const ids = collector.kept.map(({ report }) => report.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await runAgent(['--deliver'], env)).stdout).toBe('nothing was waiting\n');
});
