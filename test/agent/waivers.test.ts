import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CheckReport } from '../../agent/output/check-report.ts';
import { asJson } from '../../agent/output/json.ts';
import { asJunit } from '../../agent/output/junit.ts';
import { asTable } from '../../agent/output/table.ts';
import { judge, posture } from '../../shared/judge.ts';
import { basePolicy } from '../../shared/policy.ts';
import { type DeviceWaiver, withWaivers } from '../../shared/waiver.ts';
import { sampleFacts, sampleMachine } from '../server/sample-device.ts';
import { runAgent, temporaryDirectory } from './run-agent.ts';
import { FakeCollector } from './sync/fake-collector.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const now = new Date();
const waiver: DeviceWaiver = {
  id: '0199f3c0-0000-7000-8000-0000000000aa',
  check: 'firewall',
  point: 'enabled',
  reason: 'The lab network filters in front of it.',
  startsAt: new Date(now.getTime() - 1_000).toISOString(),
  expiresAt: new Date(now.getTime() + 86_400_000).toISOString(),
};

function reportWith(waivers: readonly DeviceWaiver[]): CheckReport {
  const policy = basePolicy();
  const { 'disk-encryption': _disk, 'password-policy': _passwords, ...facts } = sampleFacts('off');
  const findings = withWaivers(judge(facts, policy, { now, machine: sampleMachine }), waivers, now);
  return {
    version: '0.1.0',
    machine: sampleMachine,
    checkedAt: now,
    elevated: false,
    policy,
    posture: posture(findings),
    findings,
  };
}
const options = { colour: false, width: 100, verbose: false };

test('the table shows what is waived apart, until when and why, with nothing to fix', () => {
  const plain = asTable(reportWith([]), options);
  expect(plain).toContain('To fix');
  const table = asTable(reportWith([waiver]), options).replaceAll(/\s+/g, ' ');
  expect(table).toContain('✓ In order 1 waived');
  expect(table).toContain('Waived (does not count for now) ✗ Firewall');
  expect(table).toContain('because The lab network filters in front of it.');
  expect(table).not.toMatch(/To fix|Fix:/);
});

test('programs see the true status beside the waiver; JUnit skips it', () => {
  const json = JSON.parse(asJson(reportWith([waiver]))) as {
    posture: string;
    findings: { status: string; points: { status: string; waiver?: object }[] }[];
  };
  expect(json.posture).toBe('compliant');
  expect(json.findings[0]?.status).toBe('fail');
  expect(json.findings[0]?.points[0]).toMatchObject({
    status: 'fail',
    waiver: { id: waiver.id, until: waiver.expiresAt, reason: waiver.reason },
  });
  expect(asJunit(reportWith([]))).toContain('<failure');
  const junit = asJunit(reportWith([waiver]));
  expect(junit).not.toContain('<failure');
  expect(junit).toMatch(/<skipped message="waived until [^"]+true status fail/);
});

let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;
beforeAll(async () => {
  state = temporaryDirectory();
  collector = await FakeCollector.start();
  const enrolled = await runAgent(['--enroll', collector.token(), '--yes'], { MUSTER_STATE: state.path });
  expect(enrolled.code, enrolled.stderr).toBe(0);
});
afterAll(async () => {
  await collector.stop();
  state[Symbol.dispose]();
});
const agent = (...args: string[]) => runAgent(args, { MUSTER_STATE: state.path });

test('a machine takes its own waivers from the signed policy, and nobody else’s', async () => {
  const waivers = async () =>
    (JSON.parse((await agent('--status', '--format', 'json')).stdout) as { waivers: DeviceWaiver[] }).waivers;
  expect(await waivers()).toEqual([]);
  collector.personal = { id: '0199f3c0-0000-7000-8000-0000000000bb', waivers: [waiver] };
  await agent('--report');
  expect(await waivers()).toEqual([]);
  collector.personal = { id: collector.device, waivers: [waiver] };
  await agent('--report');
  expect(await waivers()).toEqual([waiver]);
  expect((await agent('--status')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Waiver firewall/enabled, until',
  );
  collector.personal = undefined;
  await agent('--report');
  expect(await waivers()).toEqual([]);
});

test('a recording stands for itself, and so does a policy from a file', async () => {
  collector.personal = { id: collector.device, waivers: [{ ...waiver, point: null }] };
  await agent('--report');
  const fixture = join(import.meta.dirname, '../fixtures/linux/firewall/off.json');
  const { recording } = JSON.parse(readFileSync(fixture, 'utf8')) as { recording: { recordedAt: string } };
  const path = join(state.path, 'recording.json');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(path, JSON.stringify({ ...recording, recordedAt: now.toISOString() }));
  const replayed = await agent('--check', '--only', 'firewall', '--replay', path, '--format', 'json');
  expect(replayed.code).toBe(1);
  expect(replayed.stdout).not.toContain('waiver');
  const other = await agent('--check', '--only', 'firewall', '--policy', 'base', '--format', 'json');
  expect(other.stdout).not.toContain('"waiver"');
});
