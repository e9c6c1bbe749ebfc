import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildMacInstaller } from '../../installers/archives.ts';
import { stageAgent } from '../../installers/stage.ts';
import { targets } from '../../installers/targets.ts';
import { Debian, isReady, where } from './debian.ts';

const scripts = join(import.meta.dirname, '../../installers/macos');
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

test.each(['install', 'uninstall', 'make-package'])('the script %s is well-formed', (name) => {
  execFileSync('sh', ['-n', join(scripts, name)]);
});
test.skipIf(!hasShellcheck)('shellcheck finds nothing in the scripts (skipped without shellcheck)', () => {
  const names = ['install', 'uninstall', 'make-package'].map((name) => join(scripts, name));
  const linux = ['agent', 'collector'].flatMap((folder) =>
    readdirSync(join(scripts, '../linux', folder), { withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path, 'utf8').startsWith('#!/bin/sh')),
  );
  expect(linux.map((path) => basename(path)).sort()).toEqual(
    expect.arrayContaining([
      'certbot-hook',
      'collector',
      'keep-backup',
      'postinst',
      'postrm',
      'preinst',
      'prerm',
    ]),
  );
  const { stdout, stderr } = spawnSync('shellcheck', ['-e', 'SC2012', ...names, ...linux], {
    encoding: 'utf8',
  });
  expect(stdout + stderr).toBe('');
});
test('the property list is one, and starts what the installer installs', () => {
  const text = execFileSync(
    'python3',
    [
      '-c',
      'import plistlib,sys,json; print(json.dumps(plistlib.load(open(sys.argv[1],"rb"))))',
      join(scripts, 'org.muster.agent.plist'),
    ],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(text)).toMatchObject({
    Label: 'org.muster.agent',
    ProgramArguments: ['/opt/muster/current/agent/agent', '--service'],
  });
});

/** The scripts' own logic, on a system that is thrown away, with stand-ins for the two programs only a Mac has. */
describe.skipIf(!isReady('bookworm'))(
  `the scripts for a Mac, with the files of a Linux, ${where('bookworm')}`,
  { timeout: 180_000 },
  () => {
    let folder: string;
    let debian: Debian;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'muster-mac-'));
      const target = targets.find(
        ({ id }) => id === (process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64'),
      );
      if (target === undefined) throw new Error('no target for this processor');
      debian = await Debian.boot();
      for (const version of ['0.1.0', '0.2.0']) {
        const moment = { version, commit: 'test', epoch: 1_790_000_000 };
        await stageAgent(target, moment, join(folder, 'staged'));
        writeFileSync(join(folder, 'installer.tar.gz'), '');
        const path = buildMacInstaller(target, join(folder, 'staged'), moment, folder);
        debian.copy(path, `/root/${version}.tar.gz`);
        debian.must('tar', '-xzf', `/root/${version}.tar.gz`, '-C', '/root');
      }
      debian.must('groupadd', 'wheel');
      for (const [name, body] of [
        ['uname', 'echo Darwin'],
        ['launchctl', 'echo "$@" >> /root/launchctl.log'],
      ]) {
        debian.must(
          'sh',
          '-c',
          `mkdir -p /Library/LaunchDaemons; printf '#!/bin/sh\\n%s\\n' '${body}' > /usr/sbin/${name}; chmod 755 /usr/sbin/${name}`,
        );
      }
    }, 180_000);
    afterAll(async () => {
      await debian?.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const from = (version: string) =>
      `/root/muster-agent-installer-${version}-${process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64'}`;

    test('installs, upgrades beside the old version, and removes everything', () => {
      expect(debian.run(`${from('0.1.0')}/install`, '--nonsense').code).toBe(64);
      expect(debian.must(`${from('0.1.0')}/install`)).toContain('sudo agent --enroll TOKEN');
      expect(debian.must('/usr/local/bin/agent', '--version')).toContain('0.1.0');
      expect(
        debian.must(
          'find',
          '/opt/muster',
          '(',
          '-perm',
          '/go+w',
          '-o',
          '!',
          '-user',
          'root',
          ')',
          '!',
          '-type',
          'l',
        ),
      ).toBe('');
      debian.must(`${from('0.2.0')}/install`);
      expect(debian.must('readlink', '/opt/muster/current').trim()).toBe('/opt/muster/versions/0.2.0');
      expect(debian.must('ls', '/opt/muster/versions').trim().split('\n')).toEqual(['0.1.0', '0.2.0']);
      expect(debian.must('cat', '/root/launchctl.log')).toContain(
        'bootstrap system /Library/LaunchDaemons/org.muster.agent.plist',
      );
      debian.must(`${from('0.2.0')}/uninstall`);
      expect(debian.has('/opt/muster')).toBe(false);
      expect(debian.has('/Library/LaunchDaemons/org.muster.agent.plist')).toBe(false);
      expect(debian.has('/usr/local/bin/agent')).toBe(false);
    });
  },
);
