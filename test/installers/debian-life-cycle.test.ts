import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentPackage } from '../../installers/linux/agent-package.ts';
import { buildDeb } from '../../installers/linux/packages.ts';
import { stageAgent } from '../../installers/stage.ts';
import { tokenPrefix } from '../../shared/api.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { builtAs, Debian, eventually, isReady, named, releases, target, where } from './debian.ts';

const unit = 'muster-agent.service';
describe.for(releases)('%s', (release) => {
  describe.skipIf(!isReady(release))(`the Debian package ${where(release)}`, { timeout: 300_000 }, () => {
    let folder: string;
    let debian: Debian;
    let collector: CollectorProcess;
    let packages: readonly string[];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'muster-packages-'));
      const staged = join(folder, 'staged');
      const made: string[] = [];
      for (const version of ['0.1.0', '0.2.0']) {
        const moment = builtAs(version);
        await stageAgent(target, moment, staged);
        mkdirSync(join(folder, version));
        made.push(buildDeb(agentPackage, target, staged, moment, join(folder, version), 'none'));
      }
      packages = made;
      collector = await CollectorProcess.at(join(folder, 'collector'));
      await collector.run(['setup', '--organization', 'Acme', '--admin', 'admin@acme.example']);
      await collector.serve();
      debian = await Debian.boot(release);
      for (const [index, path] of packages.entries()) debian.copy(path, `/root/${index}.deb`);
    }, 300_000);
    afterAll(async () => {
      await debian?.stop();
      await collector?.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    });

    const property = (name: string) => debian.must('systemctl', 'show', unit, '--value', '-p', name).trim();
    const status = async () => {
      const { stdout } = await collector.run(['status', '--json']);
      return (
        JSON.parse(stdout) as {
          organizations: [{ devices: { system: string; lastReportAt: string | null }[] }];
        }
      ).organizations[0].devices;
    };

    test('installs, and waits for an enrollment', () => {
      debian.must('dpkg', '-i', '/root/0.deb');
      expect(debian.must('agent', '--version')).toContain('0.1.0');
      expect(debian.must('systemctl', 'is-enabled', unit).trim()).toBe('enabled');
      expect(property('ActiveState')).toBe('inactive');
      expect(debian.must('systemctl', 'is-active', 'muster-agent.path').trim()).toBe('active');
      expect([0, 1, 2]).toContain(debian.run('agent', '--check').code);
      expect(debian.must('systemd-analyze', 'security', unit)).toMatch(/exposure level.*: [0-3]\.\d OK/);
    });

    test('enrolled, the service starts by itself and reports', async () => {
      const { stdout } = await collector.run(['token', '--owner', 'company']);
      const token = stdout.split(/\s+/).find((word) => word.startsWith(tokenPrefix)) ?? '';
      debian.must('agent', '--enroll', token, '--yes');
      await eventually('the service runs', () => property('ActiveState') === 'active');
      await eventually('a report has come', async () => (await status())[0]?.lastReportAt != null);
      expect((await status())[0]?.system).toBe(named[release]);
      const log = debian.must('journalctl', '--no-pager', '-u', unit);
      expect(log).toContain('delivered');
      expect(log).not.toMatch(/EPERM|Operation not permitted|unhandled/i);
    });

    test('an upgrade keeps the enrollment and goes on reporting', async () => {
      const before = property('ExecMainPID');
      const enrollment = debian.must('cat', '/var/lib/muster/enrollment.json');
      debian.must('dpkg', '-i', '/root/1.deb');
      await eventually(
        'the new one runs',
        () => property('ExecMainPID') !== before && property('ActiveState') === 'active',
      );
      expect(debian.must('cat', '/var/lib/muster/enrollment.json')).toBe(enrollment);
      const reported = (await status())[0]?.lastReportAt;
      debian.must('agent', '--report');
      expect((await status())[0]?.lastReportAt).not.toBe(reported);
      expect(await status()).toHaveLength(1);
    });

    test('removed, it is gone but for its state; purged, nothing is left', () => {
      debian.must('dpkg', '-r', 'muster-agent');
      expect(debian.has('/usr/lib/muster')).toBe(false);
      expect(debian.has('/usr/bin/agent')).toBe(false);
      expect(debian.run('systemctl', 'is-active', unit).code).not.toBe(0);
      expect(debian.has('/var/lib/muster/enrollment.json')).toBe(true);
      debian.must('dpkg', '-P', 'muster-agent');
      expect(debian.has('/var/lib/muster')).toBe(false);
      expect(
        debian.run('sh', '-c', 'find / -xdev -name "*muster*" -not -path "/proc/*" -not -path "/root/*"')
          .output,
      ).toBe('');
    });

    test('a token that lies in /etc/muster for root only enrolls without a question, and is gone afterwards', async () => {
      const { stdout } = await collector.run(['token', '--owner', 'company']);
      const token = stdout.split(/\s+/).find((word) => word.startsWith(tokenPrefix)) ?? '';
      debian.must(
        'sh',
        '-c',
        `mkdir -p /etc/muster && umask 077 && echo '${token}' > /etc/muster/enroll-token`,
      );
      debian.must('dpkg', '-i', '/root/1.deb');
      expect(debian.has('/etc/muster/enroll-token')).toBe(false);
      await eventually('a second device has reported', async () => {
        const devices = await status();
        return devices.length === 2 && devices.every(({ lastReportAt }) => lastReportAt !== null);
      });
    });
  });
});
