import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { formatToken } from '../../shared/api.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import { runAgent, temporaryDirectory } from '../agent/run-agent.ts';
import { countingOnly } from '../server/counting-only.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { signedIn } from '../server/signed-in.ts';
import { buildReplayedAgent } from './replayed-agent/build.ts';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const day = 86_400_000;
const fixture = join(import.meta.dirname, '../fixtures/linux/removable-media/luks-stick.json');
/** What `lsblk` tells of the serial number of the stick on the recorded laptop, and of the volume on it. */
const identity = {
  blockdevices: [
    {
      name: 'sdb',
      uuid: null,
      serial: 'STICK-CANARY',
      children: [{ name: 'crypt9', uuid: 'VOLUME-CANARY', serial: null }],
    },
  ],
};

/** Only whether media are approved counts, so that it decides where the laptop stands. */
const policy = extendPolicy(
  basePolicy(),
  AuthoredPolicy.parse({
    policy: 'acme',
    version: 2,
    checks: countingOnly((check, point) => check === 'removable-media' && point === 'approved'),
  }),
);

let collector: SampleCollector;
let program: string;
let state: ReturnType<typeof temporaryDirectory>;
let machine: ReturnType<typeof temporaryDirectory>;
const cookies = { contractor: '', reviewer: '' };

beforeAll(async () => {
  [collector, program] = await Promise.all([startCollector(), buildReplayedAgent()]);
  state = temporaryDirectory();
  machine = temporaryDirectory();
  const { recording } = JSON.parse(readFileSync(fixture, 'utf8')) as { recording: { reads: unknown[] } };
  const lsblk = {
    command: ['/usr/bin/lsblk', '-J', '-o', 'NAME,UUID,SERIAL'],
    stdout: JSON.stringify(identity),
    stderr: '',
    exitCode: 0,
  };
  const reads = [...recording.reads, lsblk];
  writeFileSync(join(machine.path, 'machine.json'), JSON.stringify({ ...recording, reads }));
  const { stores, organization } = collector;
  const at = new Date();
  await stores.organizations.publish(organization.number, policy, 'console', at);
  for (const role of ['contractor', 'reviewer'] as const) {
    cookies[role] = (await signedIn(collector, role, [role])).cookie;
  }
});
afterAll(async () => {
  await collector?.close();
  state?.[Symbol.dispose]();
  machine?.[Symbol.dispose]();
});

/** The agent as people run it, on a laptop whose clock is this far ahead. */
const agentAt = (ahead: number, ...args: string[]) =>
  runAgent(
    args,
    {
      MUSTER_STATE: state.path,
      MUSTER_MACHINE: join(machine.path, 'machine.json'),
      MUSTER_CLOCK: String(ahead),
    },
    program,
  );
const agent = (...args: string[]) => agentAt(0, ...args);

/** What the person sees of the point, and the exit code. */
async function seen(ahead = 0) {
  const { code, stdout } = await agentAt(ahead, '--check', '--only', 'removable-media', '--format', 'json');
  const { findings } = JSON.parse(stdout) as {
    findings: {
      remedyCommand?: string;
      points: { point: string; status: string; observed: string }[];
    }[];
  };
  const point = findings[0]?.points.find((each) => each.point === 'approved');
  return { code, status: point?.status, observed: point?.observed, command: findings[0]?.remedyCommand };
}

const reviewAll = async (at = new Date()) => {
  while ((await reviewDue(collector.stores, at)) > 0);
};

test('a stick is seen and fails, is asked for, approved, passes, and fails again when the approval ends', async () => {
  const { stores, organization, url } = collector;
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const token = formatToken({ url, code: await collector.code(), expiresAt, pin: null });
  expect((await agent('--enroll', token, '--yes')).code).toBe(0);
  const device = JSON.parse((await agent('--status', '--format', 'json')).stdout) as { device: string };
  const stands = async () => (await stores.devices.byId(organization.number, device.device))?.state;
  const wire = async () => (await agent('--sent', '--number', '1')).stdout;

  // Seen: it fails for the person and for the contractor, and what would put it right is said.
  expect((await agent('--report')).code).toBe(0);
  expect(await stands()).toBe('failing');
  const first = await seen();
  expect(first).toMatchObject({ code: 1, status: 'fail', observed: '1 unapproved medium mounted now' });
  expect(first.command).toBe('agent --note-media --verbose');
  const days = (await agent('--note-media', '--verbose')).stdout;
  const number = / {2}(m[0-9a-f]{12}) {2}encrypted, writable, not approved/.exec(days)?.[1] ?? '';
  expect(number, days).not.toBe('');

  // Asked for, by its number and by no other.
  const about = (medium: string) => `removable-media/approved/${medium}`;
  const reason = 'Photos for the brochure, until the print in May';
  for (const wrong of ['m000000000000', 'Kingston', `${number}/x`]) {
    expect((await agent('--request-waiver', about(wrong), '--reason', reason)).code, wrong).toBe(64);
  }
  expect((await agent('--request-waiver', `firewall/enabled/${number}`, '--reason', reason)).code).toBe(64);
  const asked = await agent('--request-waiver', about(number), '--reason', reason);
  expect(asked.stdout, asked.stderr).toContain(`to approve the medium ${number}`);
  expect((await seen()).status, 'asked for is not approved').toBe('fail');

  // Approved by somebody with an account, on the page that names it.
  const [waiver] = await stores.waivers.waiting(organization.number, 1);
  const address = `${url}/organizations/${organization.id}/waivers/${waiver?.id}`;
  const headers = { accept: 'text/html', cookie: cookies.reviewer };
  const page = await (await fetch(address, { headers })).text();
  expect(page).toContain(`<code>${number}</code>`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const until = new Date(Date.now() + 2 * day).toISOString().slice(0, 10);
  const body = new URLSearchParams({ csrf, until, note: '' });
  const answer = await fetch(`${address}/approve`, { method: 'POST', headers, body, redirect: 'manual' });
  expect(answer.status).toBe(303);

  // The next run knows, and says so in words; so do the collector's pages.
  expect((await agent('--report')).code).toBe(0);
  const words = `1 approved medium mounted now: ${number} approved until ${until} by waiver`;
  expect(await seen()).toMatchObject({ code: 0, status: 'pass', observed: words });
  // A report says when it was made to the second: one of the very second of the approval is judged once more.
  await reviewAll();
  expect(await stands()).toBe('compliant');
  const laptop = `${url}/organizations/${organization.id}/devices/${device.device}`;
  expect(await (await fetch(laptop, { headers })).text()).toContain(words);
  expect((await agent('--note-media', '--verbose')).stdout).toContain(
    `${number}  encrypted, writable, approved\n`,
  );
  expect((await agent('--status')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    `removable medium ${number} approved, until`,
  );
  expect(await wire(), 'no number before it was approved').not.toMatch(/"m[0-9a-f]{12}"/);
  const second = (await agent('--sent', '--number', '2')).stdout;
  expect(second).toContain(number);
  expect((await wire()) + second).not.toContain('CANARY');
  expect((await agent('--privacy')).stdout).toContain(number);

  // A policy that was damaged approves nothing, and forbids nothing.
  const kept = join(state.path, 'policy.json');
  const text = readFileSync(kept, 'utf8');
  writeFileSync(kept, text.replace('.', '.A'));
  const { stdout } = await agent('--check', '--only', 'removable-media', '--format', 'json');
  expect(stdout.replaceAll(/\s+/g, '')).toContain(
    '"approved":{"value":{"unapproved":0,"unknown":1,"approved":[]',
  );
  writeFileSync(kept, text);

  // The laptop notices the end by itself, without a connection.
  expect(await seen(3 * day)).toMatchObject({ code: 1, status: 'fail' });
  // And so does the collector, though nothing is reported.
  const soon = new Date(Date.now() + 1_500);
  const contractor = `user:${(await stores.users.byEmail('contractor@it.example'))?.id ?? ''}` as const;
  await stores.waivers.shorten(
    organization.number,
    waiver?.id ?? '',
    { expiresAt: soon, note: '' },
    contractor,
    new Date(),
  );
  await reviewAll();
  expect(await stands()).toBe('compliant');
  await new Promise((resolve) => setTimeout(resolve, soon.getTime() - Date.now() + 10));
  await reviewAll();
  expect(await stands()).toBe('failing');
  expect((await agent('--report')).code).toBe(0);
  expect(await seen()).toMatchObject({ code: 1, observed: '1 unapproved medium mounted now' });
  expect(await stands()).toBe('failing');
});
