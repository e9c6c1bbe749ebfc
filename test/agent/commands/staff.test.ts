import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checks } from '../../../shared/checks/index.ts';
import { Report } from '../../../shared/report.ts';
import { runAgent, temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// One walk through everything a person can look up, in its order: the state of one command is the start of the next.
let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;

beforeAll(async () => {
  state = temporaryDirectory();
  collector = await FakeCollector.start();
  expect((await agent('--enroll', collector.token(), '--yes')).code).toBe(0);
});
afterAll(async () => {
  await collector.stop();
  state[Symbol.dispose]();
});

const agent = (...args: string[]) => runAgent(args, { MUSTER_STATE: state.path });

test('--check --dry-run prints the report that would leave, and sends nothing', async () => {
  const before = collector.requests.length;
  const { code, stdout, stderr } = await agent('--check', '--dry-run');
  expect(code, stderr).toBe(0);
  const report = Report.parse(JSON.parse(stdout));
  expect(report).toMatchObject({ sequence: 1, device: collector.device });
  expect(stderr).toContain('nothing was sent');
  expect(collector.requests.length).toBe(before);

  expect((await agent('--report')).code).toBe(0);
  const { id, takenAt, ...sent } = collector.kept[0]?.report ?? {};
  const { id: shownId, takenAt: shownAt, ...shown } = report;
  expect([id, takenAt]).not.toEqual([shownId, shownAt]);
  expect(Object.keys(sent)).toEqual(Object.keys(shown));
});

test('--status says where the machine stands', async () => {
  const { code, stdout } = await agent('--status', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'muster.status/1',
    organization: 'Example Ltd',
    device: collector.device,
    policy: { id: 'example', version: 3 },
    reports: 1,
    waiting: 0,
    lastFailure: null,
  });
  expect((await agent('--status')).stdout).toContain('a file only this account can read');
});

test('--sent lists what left, and shows it word for word', async () => {
  const { stdout } = await agent('--sent');
  expect(stdout).toMatch(/\n {6}1 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}full .* accepted/);
  const body = await agent('--sent', '--number', '1');
  expect(JSON.parse(body.stdout)).toEqual(
    JSON.parse(Buffer.from(collector.kept[0]?.jws.split('.')[1] ?? '', 'base64url').toString()),
  );
  expect((await agent('--sent', '--number', '99')).code).toBe(64);
});

test('--privacy names every field of every check, with its last value and who sees it', async () => {
  const { stdout } = await agent('--privacy', '--format', 'json');
  const privacy = JSON.parse(stdout) as {
    notice: { seenBy: string };
    settings: { check: keyof typeof checks; fields: { field: string; canBe: string; last: unknown }[] }[];
  };
  expect(privacy.notice.seenBy).toBe('The IT contractor.');
  for (const { check, fields } of privacy.settings) {
    expect(fields.map(({ field }) => field)).toEqual(Object.keys(checks[check].points));
    for (const { canBe, last } of fields) {
      expect(canBe).not.toBe('');
      expect(last).not.toBeNull();
    }
  }
  const media = privacy.settings.find(({ check }) => check === 'removable-media')?.fields ?? [];
  expect(media.find(({ field }) => field === 'approved')?.canBe).toContain(
    'approved (a list of: a number that stands for one stick on this laptop only',
  );
  const text = (await agent('--privacy')).stdout;
  expect(text).toContain('Example Ltd (dpo@example.test)');
});

test('--doctor says what is well and what is not', async () => {
  const well = await agent('--doctor');
  expect(well.code, well.stdout).toBe(0);
  const said = well.stdout.replaceAll(/\s+/g, ' ');
  for (const words of [
    'it shows the pinned certificate (SHA-256 ',
    'signed by the pinned key',
    'the last report arrived',
    'KiB on disk',
  ]) {
    expect(said).toContain(words);
  }
  collector.fault = (_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html', date: new Date(Date.now() + 7_200_000).toUTCString() })
      .end('<html>');
    return true;
  };
  const ill = await agent('--doctor');
  collector.fault = undefined;
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(/✗ Clock +7\d{3} s behind the/);
  expect(ill.stdout.replaceAll(/\s+/g, ' ')).toMatch(/✗ Policy .*cannot prove that .* A sign-in page/);
});

test('--request-waiver asks, with a reason and about something that exists', async () => {
  const asked = await agent(
    '--request-waiver',
    'firewall/enabled',
    '--reason',
    'The lab needs it open until May',
  );
  expect(asked.code, asked.stderr).toBe(0);
  expect(collector.waiverRequests).toMatchObject([
    { check: 'firewall', point: 'enabled', reason: 'The lab needs it open until May' },
  ]);
  expect((await agent('--request-waiver', 'firewal', '--reason', 'The lab needs it open')).code).toBe(64);
  expect((await agent('--request-waiver', 'firewall', '--reason', 'no')).code).toBe(64);
  expect(collector.waiverRequests).toHaveLength(1);
});

test('a damaged file does not make looking say that nothing was sent, or that nobody is enrolled', async () => {
  using copy = temporaryDirectory();
  cpSync(state.path, copy.path, { recursive: true });
  const env = { MUSTER_STATE: copy.path };
  writeFileSync(join(copy.path, 'enrollment.json'), '{');
  for (const command of ['--status', '--privacy', '--sent']) {
    const { code, stdout } = await runAgent([command], env);
    expect(code, command).toBe(0);
    expect(stdout, command).not.toContain('Nothing has been sent');
  }
  writeFileSync(join(copy.path, 'outbox.db'), 'x'.repeat(8_192));
  cpSync(join(state.path, 'enrollment.json'), join(copy.path, 'enrollment.json'));
  for (const command of ['--status', '--privacy', '--sent']) {
    const { code, stdout, stderr } = await runAgent([command], env);
    expect({ code, stdout }, command).toEqual({ code: 75, stdout: '' });
    expect(stderr, command).toMatch(/outbox\.db.*is damaged; the next report \(agent --report\)/);
  }
  expect(readdirSync(copy.path)).toContain('outbox.db');
});

test('--leave tells the collector and removes all there is', async () => {
  const secret = readFileSync(join(state.path, 'device-key'), 'utf8').trim();
  expect((await agent('--leave')).code, 'not without a terminal and without --yes').toBe(64);
  const { code, stdout, stderr } = await agent('--leave', '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('has left Example Ltd');
  expect(stdout + stderr).not.toContain(secret);
  expect(collector.revoked).toBe(true);
  expect(readdirSync(state.path)).toEqual([]);
  expect((await agent('--status')).code).toBe(78);
});
