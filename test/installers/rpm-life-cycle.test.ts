import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentPackage } from '../../installers/linux/agent-package.ts';
import { buildRpm } from '../../installers/linux/packages.ts';
import { stageAgent } from '../../installers/stage.ts';
import { tokenPrefix } from '../../shared/api.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { builtAs, Debian, eventually, isReady, target, where } from './debian.ts';

const unit = 'muster-agent.service';
const name = 'muster-agent';
const hasRpmbuild = existsSync('/usr/bin/rpmbuild');

// Fedora's own archive is not needed: it is the real rpm with a database of its own, and the real systemd. It knows none of Debian's
// packages, so what the package needs is looked at here and not by rpm (--nodeps).
const rpm = ['rpm', '--force-debian', '--nodeps'] as const;

describe.skipIf(!isReady('bookworm') || !hasRpmbuild)(
  `the RPM package by rpm ${where('bookworm')}${hasRpmbuild ? '' : ' (skipped: the package rpm is not installed)'}`,
  { timeout: 300_000 },
  () => {
    let folder: string;
    let debian: Debian;
    let collector: CollectorProcess;
    const made: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'muster-packages-'));
      // The first version twice, each from the start.
      for (const [index, version] of ['0.1.0', '0.2.0', '0.1.0'].entries()) {
        const into = join(folder, String(index));
        mkdirSync(into);
        await stageAgent(target, builtAs(version), join(into, 'staged'));
        made.push(buildRpm(agentPackage, target, join(into, 'staged'), builtAs(version), into, 'none'));
      }
      collector = await CollectorProcess.at(join(folder, 'collector'));
      await collector.run(['setup', '--organization', 'Acme', '--admin', 'admin@acme.example']);
      await collector.serve();
      debian = await Debian.boot();
      for (const index of [0, 1]) debian.copy(made[index] ?? '', `/root/${index}.rpm`);
    }, 300_000);
    afterAll(async () => {
      await debian?.stop();
      await collector?.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    });

    const property = (key: string) => debian.must('systemctl', 'show', unit, '--value', '-p', key).trim();
    const isActive = (one: string) => debian.run('systemctl', 'is-active', one).code === 0;
    const installed = () => debian.must('rpm', '-q', '--qf', '%{version}\n', name);
    const devices = async () => {
      const { stdout } = await collector.run(['status', '--json']);
      return (JSON.parse(stdout) as { organizations: [{ devices: { lastReportAt: string | null }[] }] })
        .organizations[0].devices;
    };

    test('two builds are the same, byte for byte', () => {
      const [first, , again] = made.map((path) =>
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      );
      expect(again).toBe(first);
    });

    test('installed, it is enabled and waits; every file is what the package says', () => {
      debian.must(...rpm, '-i', '/root/0.rpm');
      expect(installed()).toBe('0.1.0\n');
      expect(debian.must('rpm', '-V', '--nodeps', name)).toBe('');
      expect(debian.must('systemctl', 'is-enabled', unit).trim()).toBe('enabled');
      expect(property('ActiveState')).toBe('inactive');
      expect(isActive('muster-agent.path')).toBe(true);
      expect(debian.must('agent', '--version')).toBe('0.1.0\n');
      // On Fedora these are glibc, libstdc++ and libatomic.
      expect(debian.must('rpm', '-q', '--requires', name)).toMatch(
        /glibc >= 2\.28[\s\S]*libatomic[\s\S]*libstdc\+\+/,
      );
    });

    test('enrolled, the service starts by itself and reports', async () => {
      const { stdout } = await collector.run(['token', '--owner', 'company']);
      const token = stdout.split(/\s+/).find((word) => word.startsWith(tokenPrefix)) ?? '';
      debian.must('agent', '--enroll', token, '--yes');
      await eventually('the service runs', () => property('ActiveState') === 'active');
      await eventually('a report has come', async () => (await devices())[0]?.lastReportAt != null);
    });

    test('upgraded, there is one version, the new one runs, and the enrollment is the same', async () => {
      const before = {
        pid: property('ExecMainPID'),
        state: debian.must('cat', '/var/lib/muster/enrollment.json'),
      };
      debian.must(...rpm, '-U', '/root/1.rpm');
      expect(installed()).toBe('0.2.0\n');
      expect(debian.must('rpm', '-V', '--nodeps', name)).toBe('');
      // What the old version runs last counts as an upgrade, not as its end.
      expect(debian.must('systemctl', 'is-enabled', unit).trim()).toBe('enabled');
      expect(isActive('muster-agent.path')).toBe(true);
      await eventually(
        'the new one runs',
        () => property('ExecMainPID') !== before.pid && property('ActiveState') === 'active',
      );
      expect(debian.must('cat', '/var/lib/muster/enrollment.json')).toBe(before.state);
      const reported = (await devices())[0]?.lastReportAt;
      debian.must('agent', '--report');
      expect((await devices()).map(({ lastReportAt }) => lastReportAt === reported)).toEqual([false]);
    });

    test('erased, it is stopped and gone but for its state, and installed again it goes on', async () => {
      debian.must(...rpm, '-e', name);
      expect(debian.run('rpm', '-q', name).code).toBe(1);
      expect(property('ActiveState')).toBe('inactive');
      expect(property('LoadState')).toBe('not-found');
      expect(isActive('muster-agent.path')).toBe(false);
      const left = debian.run(
        'sh',
        '-c',
        'find / -xdev -name "*muster*" -not -path "/proc/*" -not -path "/root/*"',
      );
      expect(left.output.split('\n').filter(Boolean)).toEqual(['/var/lib/muster']);

      debian.must(...rpm, '-i', '/root/1.rpm');
      await eventually('the service runs', () => property('ActiveState') === 'active');
      expect(await devices()).toHaveLength(1);
    });
  },
);
