import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const file = join(import.meta.dirname, '../../installers/linux/agent/muster-agent.service');
const unit = readFileSync(file, 'utf8');
const settings = new Map<string, string[]>();
for (const line of unit.split('\n')) {
  const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
  if (name !== undefined && value !== undefined)
    settings.set(name, [...(settings.get(name) ?? []), value.trim()]);
}

const analyze = '/usr/bin/systemd-analyze';
const hasAnalyze = existsSync(analyze);
describe.skipIf(!hasAnalyze)(
  `systemd-analyze${hasAnalyze ? '' : ' (skipped: the package systemd is not installed)'}`,
  () => {
    test('rates the unit 4 or better', () => {
      const { stdout } = spawnSync(analyze, ['security', '--offline=true', '--no-pager', file], {
        encoding: 'utf8',
      });
      const score = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
      expect(score).toBeLessThanOrEqual(4);
    });

    test('understands every line of it', () => {
      const folder = mkdtempSync(join(tmpdir(), 'unit-'));
      const copy = join(folder, 'muster-agent.service');
      writeFileSync(copy, unit.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
      const { stderr } = spawnSync(analyze, ['verify', '--man=no', copy], { encoding: 'utf8' });
      rmSync(folder, { recursive: true });
      // Other units of this machine may have their own faults.
      expect(stderr.split('\n').filter((line) => line.includes('muster-agent'))).toEqual([]);
    });
  },
);

test('nothing hides a mounted stick or makes it look read-only', () => {
  expect(settings.get('ProtectSystem')).toEqual(['full']);
  const hiding = [
    'ProtectHome',
    'PrivateTmp',
    'PrivateDevices',
    'ReadOnlyPaths',
    'InaccessiblePaths',
    'TemporaryFileSystem',
    'RootDirectory',
    'RootImage',
    'MountFlags',
    'ProtectProc',
    'ProcSubset',
  ];
  expect(hiding.filter((name) => settings.has(name))).toEqual([]);
});

test('the state, the socket and the program are where the agent has them', () => {
  expect(settings.get('StateDirectory')).toEqual(['muster']);
  expect(settings.get('RuntimeDirectory')).toEqual(['muster']);
  expect(settings.get('ExecStart')).toEqual(['/bin/sh /usr/lib/muster/agent/agent --service']);
  // Memory that is writable and executable is denied, so no compiler may run.
  expect(settings.get('MemoryDenyWriteExecute')).toEqual(['yes']);
  expect(readFileSync(join(import.meta.dirname, '../../agent/agent'), 'utf8')).toMatch(
    /--service .*--jitless/,
  );
});

const setpriv = '/usr/bin/setpriv';
const canDrop = process.platform === 'linux' && process.geteuid?.() === 0 && existsSync(setpriv);
test.skipIf(!canDrop)(
  `with the unit’s rights nothing is told that full rights do not tell, and nothing less${canDrop ? '' : ' (skipped: needs root and setpriv)'}`,
  () => {
    const state = mkdtempSync(join(tmpdir(), 'unit-'));
    const main = join(import.meta.dirname, '../../agent/main.ts');
    const checks =
      'accounts,password-policy,firewall,admin-rights,removable-media,disk-encryption,remote-access';
    const command = [process.execPath, main, '--check', '--only', checks, '--format', 'json'];
    const run = ([program = '', ...args]: readonly string[]) => {
      const { stdout } = spawnSync(program, args, {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], MUSTER_STATE: state, HOME: '/root' },
      });
      return JSON.parse(stdout).findings.map(({ check, facts }: { check: string; facts: unknown }) => [
        check,
        facts,
      ]);
    };
    const kept = (settings.get('CapabilityBoundingSet')?.[0] ?? '')
      .split(' ')
      .map((name) => `+${name.replace(/^CAP_/, '').toLowerCase()}`)
      .join(',');
    const inTheBox = [
      setpriv,
      `--bounding-set=-all,${kept}`,
      '--inh-caps=-all',
      '--no-new-privs',
      ...command,
    ];
    try {
      expect(run(inTheBox)).toEqual(run(command));
      const asPerson = spawnSync(
        setpriv,
        [...inTheBox.slice(1, 4), 'runuser', '-u', 'nobody', '--', 'id', '-u'],
        {
          encoding: 'utf8',
        },
      );
      expect(asPerson.stdout.trim(), 'a person’s settings are asked for as that person').toBe('65534');
    } finally {
      rmSync(state, { recursive: true });
    }
  },
  120_000,
);
