import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { agentPackage } from '../../installers/linux/agent-package.ts';
import { collectorPackage } from '../../installers/linux/collector-package.ts';
import { buildDeb } from '../../installers/linux/packages.ts';
import { stageAgent, stageCollector } from '../../installers/stage.ts';
import { parseToken, tokenPrefix } from '../../shared/api.ts';
import { builtAs, Debian, eventually, isReady, named, releases, target, where } from './debian.ts';

const unit = 'muster-collector.service';
const data = '/var/lib/muster-collector';
const backups = '/var/backups/muster-collector';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe.for(releases)('%s', (release) => {
  describe.skipIf(!isReady(release))(
    `the collector’s package ${where(release)}`,
    { timeout: 300_000 },
    () => {
      let folder: string;
      let debian: Debian;
      let port: number;

      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'muster-packages-'));
        const staged = join(folder, 'staged');
        const made: string[] = [];
        for (const version of ['0.1.0', '0.2.0']) {
          await stageCollector(target, builtAs(version), staged);
          mkdirSync(join(folder, version));
          made.push(
            buildDeb(collectorPackage, target, staged, builtAs(version), join(folder, version), 'none'),
          );
        }
        await stageAgent(target, builtAs('0.1.0'), staged);
        const agent = buildDeb(agentPackage, target, staged, builtAs('0.1.0'), folder, 'none');
        port = await freePort();
        debian = await Debian.boot(release);
        for (const [index, path] of made.entries()) debian.copy(path, `/root/${index}.deb`);
        debian.copy(agent, '/root/agent.deb');
      }, 300_000);
      afterAll(async () => {
        await debian?.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      const property = (name: string) => debian.must('systemctl', 'show', unit, '--value', '-p', name).trim();
      const isActive = () => property('ActiveState') === 'active';
      const shell = (text: string) => debian.must('sh', '-euc', text);
      /** What a load balancer would ask, over TLS. */
      const health = () =>
        new Promise<number | undefined>((resolve) => {
          get(`https://127.0.0.1:${port}/readyz`, { rejectUnauthorized: false }, (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          }).once('error', () => resolve(undefined));
        });
      const devices = () =>
        (
          JSON.parse(debian.must('collector', 'status', '--json')) as {
            organizations: [{ devices: { system: string; lastReportAt: string | null }[] }];
          }
        ).organizations[0].devices;
      const newToken = () =>
        debian
          .must('collector', 'token', '--owner', 'company')
          .split(/\s+/)
          .find((word) => word.startsWith(tokenPrefix)) ?? '';
      const backupsNamed = (name: string) =>
        debian.must('find', backups, '-name', `${name}-*.muster`).split('\n').filter(Boolean);

      test('installed, it waits to be set up', () => {
        debian.must('dpkg', '-i', '/root/0.deb');
        expect(debian.must('systemctl', 'is-enabled', unit).trim()).toBe('enabled');
        expect(property('ActiveState')).toBe('inactive');
        expect(property('ConditionResult')).toBe('no');
        expect(debian.must('stat', '-c', '%U %G %a', data).trim()).toBe(
          'muster-collector muster-collector 700',
        );
        expect(debian.must('stat', '-c', '%U %G %a', '/etc/muster-collector/collector.env').trim()).toBe(
          'root muster-collector 640',
        );
        for (const one of [unit, 'muster-collector-backup.service']) {
          const [, score] =
            /exposure level.*: (\d+\.\d)/.exec(debian.must('systemd-analyze', 'security', one)) ?? [];
          expect(Number(score), one).toBeLessThanOrEqual(2);
        }
        expect(debian.run('systemd-analyze', 'verify', '--man=no', unit).output).not.toContain('muster');
      });

      test('set up, it serves over TLS as its own account, with no right and nothing refused', async () => {
        shell(`cat >> /etc/muster-collector/collector.env <<'END'
HOST=0.0.0.0
PORT=${port}
PUBLIC_URL=https://127.0.0.1:${port}
END`);
        const { code, output } = debian.run('runuser', '-u', 'nobody', '--', 'collector', 'status');
        expect([code, output]).toEqual([77, expect.stringContaining('sudo collector status')]);
        expect(debian.must('runuser', '-u', 'nobody', '--', 'collector', 'version')).toContain('collector');

        const said = debian.must(
          'collector',
          'setup',
          '--organization',
          'Acme',
          '--admin',
          'it@acme.example',
        );
        expect(said).toContain('Set up: Acme');
        expect(said).toContain('The service runs');
        await eventually('it answers', async () => (await health()) === 200);
        const pid = property('MainPID');
        expect(debian.must('ps', '-o', 'user:20=', '-p', pid).trim()).toBe('muster-collector');
        expect(debian.must('sh', '-c', `grep CapBnd /proc/${pid}/status`)).toMatch(/:\s+0+$/m);
        expect(debian.must('sh', '-c', `find ${data} ! -user muster-collector`)).toBe('');
        expect(debian.must('journalctl', '--no-pager', '-u', unit)).not.toMatch(
          /EPERM|EACCES|EROFS|not permitted|unhandled/i,
        );
        expect(debian.must('collector', 'health')).toBe('It can work.\n');
        // Its exit code: nothing is wrong.
        debian.must('collector', 'doctor');
      });

      test('an agent from its package enrolls by the pin in its token, and its report comes', async () => {
        debian.must('dpkg', '-i', '/root/agent.deb');
        debian.must('agent', '--enroll', newToken(), '--yes');
        await eventually('a report has come', () => devices()[0]?.lastReportAt != null);
        expect(devices()[0]?.system).toBe(named[release]);
      });

      test('a backup is made at night for whoever has the key, and comes back', () => {
        debian.must('systemctl', 'start', 'muster-collector-backup.service');
        expect(backupsNamed('nightly')).toEqual([]);
        shell(`collector backup-key --to ${backups}/backup.key > /etc/muster-collector/backup-recipient`);
        debian.must('systemctl', 'start', 'muster-collector-backup.service');
        const [made] = backupsNamed('nightly');
        expect(debian.must('stat', '-c', '%U %a', made ?? '').trim()).toBe('muster-collector 600');
        const elsewhere = `MUSTER_DATA=${data}/tried`;
        const restored = debian.must(
          'env',
          elsewhere,
          'collector',
          'restore',
          '--from',
          made ?? '',
          '--key-file',
          `${backups}/backup.key`,
        );
        expect(restored).toContain('The audit log is whole, and so is the last report of 1 device');
        debian.must('env', elsewhere, 'collector', 'verify');
        debian.must('rm', '-r', `${data}/tried`);
        expect(debian.must('systemctl', 'is-active', 'muster-collector-backup.timer').trim()).toBe('active');
      });

      test('the bill of materials names every package that lies there, in its version', () => {
        const home = '/usr/lib/muster-collector';
        const { components } = JSON.parse(debian.must('cat', `${home}/bill-of-materials.cdx.json`)) as {
          components: { name: string; version: string }[];
        };
        const listed = new Set(components.map(({ name, version }) => `${name} ${version}`));
        const manifests = shell(
          `find ${home}/node_modules -name package.json | grep -E 'node_modules/(@[^/]+/)?[^/]+/package.json$'`,
        );
        const there = manifests
          .split('\n')
          .filter(Boolean)
          .map((path) => JSON.parse(debian.must('cat', path)) as { name: string; version: string })
          .map(({ name, version }) => `${name} ${version}`);
        expect(there.length).toBeGreaterThan(50);
        expect(there.filter((one) => !listed.has(one))).toEqual([]);
      });

      test('an upgrade keeps settings, key and evidence, with a backup of the moment before', async () => {
        const kept = () =>
          shell(`sha256sum /etc/muster-collector/collector.env ${data}/*.pem ${data}/people.key`);
        const before = { kept: kept(), pid: property('MainPID') };
        debian.must('dpkg', '-i', '/root/1.deb');
        expect(isActive()).toBe(true);
        expect(property('MainPID')).not.toBe(before.pid);
        expect(kept()).toBe(before.kept);
        expect(backupsNamed('before-upgrade')).toHaveLength(1);
        await eventually('it answers', async () => (await health()) === 200);
        const reported = devices()[0]?.lastReportAt;
        debian.must('agent', '--report');
        expect(devices()).toHaveLength(1);
        expect(devices()[0]?.lastReportAt).not.toBe(reported);
      });

      test('going back: the old version and the backup from before, and laptops report again', async () => {
        const [before] = backupsNamed('before-upgrade');
        debian.must('systemctl', 'stop', unit);
        shell(`mv ${data} ${data}.newer`);
        debian.must('dpkg', '-i', '/root/0.deb');
        expect(isActive()).toBe(false);
        debian.must('collector', 'restore', '--from', before ?? '', '--key-file', `${backups}/backup.key`);
        await eventually('it answers', async () => (await health()) === 200);
        const reported = devices()[0]?.lastReportAt;
        debian.must('agent', '--report');
        expect(devices()).toHaveLength(1);
        expect(devices()[0]?.lastReportAt).not.toBe(reported);
        debian.must('dpkg', '-i', '/root/1.deb');
        shell(`rm -r ${data}.newer`);
      });

      test('a certificate from certbot is handed on to the service and to commands', async () => {
        const hook = '/usr/share/doc/muster-collector/examples/certbot-hook';
        shell(`install -d -m 700 /root/live
          cp ${data}/tls-certificate.pem /root/live/fullchain.pem && cp ${data}/tls-key.pem /root/live/privkey.pem
          RENEWED_LINEAGE=/root/live sh ${hook}
          sed -i 's/^#TLS_/TLS_/' /etc/muster-collector/collector.env && systemctl restart ${unit}`);
        await eventually('it answers', async () => (await health()) === 200);
        // It has to read the certificate.
        expect(parseToken(newToken())?.pin).toMatch(/^[0-9a-f]{64}$/);
        expect(debian.must('collector', 'doctor')).toContain(
          'cert /etc/muster-collector/tls/certificate.pem',
        );
      });

      test('where the backup cannot be written nothing is upgraded, and the old one goes on', async () => {
        shell('echo age1nobody > /etc/muster-collector/backup-recipient');
        const { code, output } = debian.run('dpkg', '-i', '/root/0.deb');
        expect(code).not.toBe(0);
        expect(output).toContain('nothing was changed');
        expect(
          debian.must(
            'dpkg-query',
            '-f',
            '$' + '{db:Status-Status} $' + '{Version}',
            '-W',
            'muster-collector',
          ),
        ).toBe('installed 0.2.0');
        await eventually('it answers', async () => (await health()) === 200);
        shell('rm /etc/muster-collector/backup-recipient');
      });

      test('removed, the evidence stays; installed again, it goes on; purged, only the evidence is left', async () => {
        debian.must('dpkg', '-r', 'muster-collector');
        expect(debian.has('/usr/lib/muster-collector')).toBe(false);
        expect(debian.has('/usr/bin/collector')).toBe(false);
        expect(debian.run('systemctl', 'is-active', unit).code).not.toBe(0);
        expect(await health()).toBeUndefined();
        expect(debian.has(data)).toBe(true);
        expect(debian.has('/etc/muster-collector/collector.env')).toBe(true);

        debian.must('dpkg', '-i', '/root/1.deb');
        await eventually('it answers', async () => (await health()) === 200);
        debian.must('agent', '--report');

        const said = debian.must('dpkg', '-P', 'muster-collector');
        expect(said).toContain(`${data} is kept`);
        expect(debian.has(`${data}/collector.db`)).toBe(true);
        const left = shell(
          'find / -xdev -name "*muster-collector*" -not -path "/proc/*" -not -path "/root/*"',
        );
        expect(left.split('\n').filter(Boolean).sort()).toEqual([backups, data]);
      });
    },
  );
});

test.skipIf(!isReady('bookworm'))(
  'two builds of the collector’s package are the same, byte for byte',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-packages-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const digests = [];
    for (const name of ['first', 'second']) {
      const staged = join(folder, name, 'staged');
      await stageCollector(target, builtAs('0.1.0'), staged);
      const path = buildDeb(collectorPackage, target, staged, builtAs('0.1.0'), join(folder, name), 'none');
      digests.push(createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
    expect(digests[1]).toBe(digests[0]);
  },
  120_000,
);
