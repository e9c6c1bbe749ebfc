import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceName } from '../../agent/windows/agent-service.ts';
import { settle } from '../../installers/stage.ts';
import { type Target, targets } from '../../installers/targets.ts';
import { buildMsi } from '../../installers/windows/package.ts';

const hasTools = ['wixl', 'msibuild', 'msiinfo'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

/** The package as a package: what it says of itself, without a Windows. Few small files stand in for the agent's. */
describe.skipIf(!hasTools)(
  `the package for Windows${hasTools ? '' : ' (skipped: apt-get install wixl msitools)'}`,
  () => {
    let folder: string;
    const target = targets.find(({ os }) => os === 'windows') as Target;
    const moment = (version: string) => ({ version, commit: 'test', epoch: 1_790_000_000 });
    const files = [
      'bin/node.exe',
      'dist/agent/set-up.js',
      'dist/agent/chunk-ABCDEFGH.js',
      'agent/agent.cmd',
      'package.json',
    ];

    const stage = (content: string) => {
      const staged = join(folder, `staged-${content}`);
      for (const file of files) {
        mkdirSync(dirname(join(staged, file)), { recursive: true });
        writeFileSync(join(staged, file), `${content} ${file}`);
      }
      settle(staged, moment('').epoch);
      return staged;
    };
    const build = (name: string, version: string, content = 'a') => {
      mkdirSync(join(folder, name), { recursive: true });
      return buildMsi(target, stage(content), moment(version), join(folder, name));
    };
    /** Rows of a table, as objects of text. */
    const table = (path: string, name: string) => {
      const lines = execFileSync('msiinfo', ['export', path, name], { encoding: 'utf8' })
        .trimEnd()
        .split(/\r?\n/);
      const columns = (lines[0] ?? '').split('\t');
      return lines
        .slice(3)
        .map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [columns[index], cell])));
    };
    const property = (path: string, name: string) =>
      table(path, 'Property').find(({ Property }) => Property === name)?.['Value'];
    const packageCode = (path: string) =>
      /UUID\): (\S+)/.exec(execFileSync('msiinfo', ['suminfo', path], { encoding: 'utf8' }))?.[1];

    let path: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'muster-package-'));
      path = build('first', '1.2.3');
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('two builds are the same, byte for byte, a while apart', async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect(readFileSync(build('second', '1.2.3')).equals(readFileSync(path))).toBe(true);
      expect(
        execFileSync('msiinfo', ['suminfo', path], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } }),
      ).toContain('Created: Mon Sep 21 14:13:20 2026');
    });

    test('other content is another package, another version another product of the same kind', () => {
      const changed = build('changed', '1.2.3', 'b');
      expect(packageCode(changed)).not.toBe(packageCode(path));
      expect(property(changed, 'ProductCode')).toBe(property(path, 'ProductCode'));
      const next = build('next', '1.2.4');
      expect(property(next, 'ProductCode')).not.toBe(property(path, 'ProductCode'));
      expect(property(next, 'UpgradeCode')).toBe(property(path, 'UpgradeCode'));
    });

    test('a token is in no log and reaches the part of the installer that runs as the system', () => {
      expect(property(path, 'MsiHiddenProperties')).toBe('ENROLL');
      expect(property(path, 'SecureCustomProperties')?.split(';')).toContain('ENROLL');
      const using = table(path, 'CustomAction').filter(({ Target }) => Target?.includes('[ENROLL]'));
      expect(using.map(({ Action }) => Action)).toEqual(['Enroll']);
      // msidbCustomActionTypeHideTarget, InScript, NoImpersonate.
      for (const flag of [0x2000, 0x400, 0x800]) expect(Number(using[0]?.['Type']) & flag).toBe(flag);
      const elsewhere = ['Registry', 'Environment', 'ServiceControl', 'InstallExecuteSequence'].flatMap(
        (name) => table(path, name).filter((row) => JSON.stringify(row).includes('[ENROLL]')),
      );
      expect(elsewhere).toEqual([]);
    });

    test('an older version is refused in words, before anything is done', () => {
      const refusal = table(path, 'CustomAction').find(({ Action }) => Action === 'RefuseDowngrade');
      expect(refusal).toMatchObject({ Type: '19' });
      expect(refusal?.['Target']).toContain('A newer version of the Muster agent is installed.');
      const sequence = new Map(
        table(path, 'InstallExecuteSequence').map(({ Action, Sequence }) => [Action, Number(Sequence)]),
      );
      const at = (action: string) => sequence.get(action) ?? Number.NaN;
      expect(at('FindRelatedProducts')).toBeLessThan(at('RefuseDowngrade'));
      expect(at('RefuseDowngrade')).toBeLessThan(at('InstallInitialize'));
      // Inside the transaction: what fails brings the version before back.
      expect(at('InstallInitialize')).toBeLessThan(at('RemoveExistingProducts'));
      for (const action of ['SetUp', 'Enroll']) {
        expect(at('InstallFiles')).toBeLessThan(at(action));
        expect(at(action)).toBeLessThan(at('StartServices'));
      }
    });

    test('an upgrade leaves the service and the state alone; only removing removes', () => {
      const conditions = table(path, 'InstallExecuteSequence').filter(({ Action }) =>
        Action?.startsWith('Remove'),
      );
      for (const action of ['RemoveService', 'RemovePrograms', 'RemoveState']) {
        expect(conditions.find(({ Action }) => Action === action)?.['Condition']).toContain(
          'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE',
        );
      }
      expect(conditions.find(({ Action }) => Action === 'RemoveState')?.['Condition']).toContain('PURGE="1"');
      expect(table(path, 'ServiceControl')).toMatchObject([{ Name: serviceName, Event: '35' }]);
    });

    test('long names have a short one beside them, each its own', () => {
      const names = ['File', 'Directory'].flatMap((name) =>
        table(path, name).map((row) => row['FileName'] ?? row['DefaultDir'] ?? ''),
      );
      const short = names.filter((name) => name.includes('|')).map((name) => name.split('|')[0]);
      expect(names.find((name) => name.endsWith('|chunk-ABCDEFGH.js'))).toMatch(/^F\d{6}\.JS\|/);
      expect(new Set(short).size).toBe(short.length);
      for (const name of names.filter((one) => !one.includes('|') && one !== 'SourceDir' && one !== '.')) {
        expect(name).toMatch(/^\w{1,8}(?:\.\w{1,3})?$/);
      }
    });

    test('a version that the Windows Installer cannot compare is refused', () => {
      expect(() => build('odd', '1.2.3-rc.1')).toThrow('versions such as 1.2.3');
    });
  },
);
