import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnoseChecks } from '../../../agent/doctor/checks.ts';
import { type FailedRead, watchReads } from '../../../agent/doctor/watch.ts';
import { asDoctorText } from '../../../agent/output/doctor.ts';
import { runChecks } from '../../../agent/runner.ts';
import { type Read, Recording, replaySources } from '../../../agent/sources/recording.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { runAgent, temporaryDirectory } from '../run-agent.ts';

const machine = (reads: Read[], elevated = true) =>
  replaySources({
    recording: 1,
    platform: 'linux',
    osVersion: '12',
    elevated,
    user: null,
    recordedAt: '2026-11-20T08:00:00Z',
    reads,
  });

const noSystemd = {
  stdout: '',
  stderr: "System has not been booted with systemd as init system (PID 1). Can't operate.\n",
  exitCode: 1,
};

test('says that systemd does not run, which programs that silences, and which checks', async () => {
  const sources = machine([
    { command: ['loginctl', 'list-sessions', '--no-legend'], ...noSystemd },
    { command: ['timedatectl', 'show', '-p', 'NTPSynchronized', '-p', 'NTP'], ...noSystemd },
  ]);
  const diagnosis = await diagnoseChecks(sources, basePolicy());
  const silent = diagnosis.sources.find(({ trouble }) => trouble === 'no-systemd');
  expect(silent?.what).toEqual(expect.arrayContaining(['loginctl', 'timedatectl']));
  expect(silent?.checks).toEqual(expect.arrayContaining(['screen-lock', 'time-sync']));
  const clock = diagnosis.unknown.find(({ check }) => check === 'time-sync');
  expect(clock?.reads[0]).toMatchObject({ program: 'timedatectl', trouble: 'no-systemd' });
  expect(asDoctorText(diagnosis, 'linux')).toMatch(
    /systemd does not run here, so nothing is told by [^.]*timedatectl/s,
  );
});

test('names the rights this run lacks, and the points they are for', async () => {
  const sources = machine([{ file: '/etc/shadow', error: 'EACCES' }], false);
  const diagnosis = await diagnoseChecks(sources, basePolicy());
  const root = diagnosis.rights.find(({ right }) => right === 'root');
  expect(root).toMatchObject({ held: false, points: expect.arrayContaining(['firewall/enabled']) });
  expect(diagnosis.rights.find(({ right }) => right === 'session')?.held).toBe(false);
  expect(diagnosis.sources.find(({ trouble }) => trouble === 'denied')?.what).toContain('/etc/shadow');
  expect(asDoctorText(diagnosis, 'linux')).toContain('sudo agent --check');
  const asRoot = await diagnoseChecks(machine([]), basePolicy());
  expect(asRoot.rights.find(({ right }) => right === 'root')?.held).toBe(true);
});

test('a machine that answers has nothing to complain about', async () => {
  const path = join(import.meta.dirname, '../../fixtures/linux/firewall/on.json');
  const { recording } = JSON.parse(readFileSync(path, 'utf8')) as { recording: unknown };
  const sources = replaySources(Recording.parse(recording));
  const { unknown } = await diagnoseChecks(sources, basePolicy());
  expect(unknown.filter(({ check }) => check === 'firewall')).toEqual([]);
});

test('watching changes no answer', async () => {
  for (const check of ['firewall', 'disk-encryption', 'accounts']) {
    const path = join(import.meta.dirname, `../../fixtures/linux/${check}/off.json`);
    const { recording } = JSON.parse(readFileSync(path, 'utf8')) as { recording: unknown };
    const sources = replaySources(Recording.parse(recording));
    const plain = await runChecks(sources, basePolicy());
    const watched = await runChecks(sources, basePolicy(), { watch: (seen) => watchReads(seen, () => {}) });
    expect(watched).toEqual(plain);
  }
});

test('what is told of a read holds no output, no account and no long line', async () => {
  const told: FailedRead[] = [];
  const sid = 'S-1-5-21-1111111111-222222222-3333333333-1001';
  const sources = watchReads(
    {
      ...machine([
        { command: ['secret-tool', 'x'.repeat(200)], stdout: 'canary', stderr: 'canary', exitCode: 3 },
      ]),
    },
    (read) => told.push(read),
  );
  await sources.command(['secret-tool', 'x'.repeat(200)]);
  await expect(sources.registry(`HKU\\${sid}\\Control Panel\\Desktop`)).rejects.toThrow();
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({ program: 'secret-tool', trouble: 'refused' });
  expect(told[1]).toEqual({ read: 'HKU\\SID\\Control Panel\\Desktop', trouble: 'not-there' });
  expect(JSON.stringify(told)).not.toContain('canary');
  expect(told[0]?.read.length).toBeLessThanOrEqual(70);
});

test('agent --doctor tells of the checks, enrolled or not', async () => {
  using state = temporaryDirectory();
  const { stdout, code } = await runAgent(['--doctor', '--format', 'json'], { MUSTER_STATE: state.path });
  const { examined, checks } = JSON.parse(stdout) as {
    examined: { subject: string; text: string }[];
    checks: { points: number; rights: { points: string[] }[] };
  };
  expect(examined.find(({ subject }) => subject === 'State')?.text).toContain(state.path);
  expect(checks.points).toBeGreaterThan(40);
  expect(checks.rights.flatMap(({ points }) => points)).toHaveLength(checks.points);
  // Not enrolled: something stands in the way of reports.
  expect(code).toBe(1);
});

test('on Windows: blocked PowerShell, a missing right and a call this version lacks are told apart', async () => {
  const sources = replaySources({
    recording: 1,
    platform: 'win32',
    osVersion: '10.0.26200',
    elevated: false,
    user: { name: 'user', sid: 'S-1-5-21-1-1-1-1001' },
    recordedAt: '2026-11-20T08:00:00Z',
    reads: [
      { powershell: 'bitlocker-status', error: 'blocked' },
      { win32: 'EvtQuery', args: ['Security'], error: '0x5' },
      { win32: 'IsDeviceRegisteredWithManagement', args: [], error: '0x7f' },
    ],
  });
  const { sources: found } = await diagnoseChecks(sources, basePolicy());
  const what = (trouble: string) => found.find((each) => each.trouble === trouble)?.what;
  expect(what('blocked')).toContain('PowerShell: bitlocker-status');
  expect(what('denied')).toContain('EvtQuery');
  expect(what('unsupported')).toContain('IsDeviceRegisteredWithManagement');
});

test('agent --check names what gave no answer, and nothing where nobody is signed in to ask about', async () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, 'no-systemd.json');
  const reads = [{ command: ['timedatectl', 'show', '-p', 'NTPSynchronized', '-p', 'NTP'], ...noSystemd }];
  const recorded = { platform: 'linux', osVersion: '12', elevated: true, user: null };
  writeFileSync(
    path,
    JSON.stringify({ recording: 1, ...recorded, recordedAt: '2026-11-20T08:00:00Z', reads }),
  );
  const { stdout } = await runAgent(['--check', '--replay', path, '--only', 'time-sync,cloud-sync'], {});
  const told = stdout.replaceAll(/\s+/g, ' ');
  expect(told).toContain(
    'No answer from: timedatectl show -p NTPSynchronized -p NTP (systemd does not run here)',
  );
  expect(told).toContain('nobody is signed in');
  expect(told.split('No answer from:')).toHaveLength(2);
});
