import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildUpdateArchive } from '../../installers/archives.ts';
import {
  archiveOf,
  type ReleaseKeys,
  releaseKeys,
  writeRelease,
} from '../../installers/release-repository.ts';
import { stageAgent } from '../../installers/stage.ts';
import { type Target, targets } from '../../installers/targets.ts';
import { buildMsi } from '../../installers/windows/package.ts';
import { tokenPrefix } from '../../shared/api.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { hasTar, ready as hasWine, OwnWindows, where } from '../wine/wine.ts';

const hasTools = ['wixl', 'msibuild', 'msiinfo'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);
const ready = hasWine && hasTools;
const title = hasTools ? where : 'under Wine (skipped: apt-get install wixl msitools)';

/** Asks until it is so, at most a minute and a half. */
async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`not within a minute and a half: ${what}`);
}

/** Makes a bundle be of another version than this project is just now. */
function sayVersion(bundle: string, version: string): void {
  for (const name of readdirSync(bundle).filter((file) => file.endsWith('.js'))) {
    const text = readFileSync(join(bundle, name), 'utf8');
    const changed = text.replace(/(name:"muster",version:")[^"]+/, `$1${version}`);
    if (changed !== text) writeFileSync(join(bundle, name), changed);
  }
}

/** What the life cycle below has in common; each test goes on where the one before ended. */
describe.skipIf(!ready)(`the package for Windows ${title}`, { timeout: 180_000 }, () => {
  let folder: string;
  let windows: OwnWindows;
  let collector: CollectorProcess;
  let keys: ReleaseKeys;
  let update = '';
  const tokens: string[] = [];
  const releases = () => join(folder, 'collector/updates');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-msi-'));
    const target = targets.find(({ os }) => os === 'windows');
    if (target === undefined) throw new Error('no target for Windows');
    windows = new OwnWindows('life-cycle');
    collector = await CollectorProcess.at(join(folder, 'collector'));
    await collector.run(['setup', '--organization', 'Acme', '--admin', 'admin@acme.example']);
    keys = releaseKeys(join(folder, 'keys'), true);
    process.env['MUSTER_RELEASE_ROOT'] = writeRelease(releases(), keys, [], new Date());
    const staged = join(folder, 'staged');
    for (const version of ['0.1.0', '0.2.0', '0.3.0']) {
      const moment = { version, commit: 'test', epoch: 1_790_000_000 };
      await stageAgent(target, moment, staged);
      sayVersion(join(staged, 'dist/agent'), version);
      if (version !== '0.3.0')
        copyFileSync(buildMsi(target, staged, moment, folder), join(windows.folder, `${version}.msi`));
      else if (hasTar) update = buildUpdateArchive(target, staged, moment, folder);
    }
    await collector.serve();
  }, 300_000);
  afterAll(async () => {
    delete process.env['MUSTER_RELEASE_ROOT'];
    await windows?.stop();
    windows?.remove();
    await collector?.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  let logs = 0;
  /** Runs the Windows Installer without asking anybody; its log is kept. */
  const msiexec = (action: '/i' | '/x', version: string, ...properties: readonly string[]) => {
    logs += 1;
    const log = windows.path(`install-${logs}.log`);
    return windows.run(
      'msiexec',
      'msiexec',
      action,
      windows.path(`${version}.msi`),
      '/qn',
      '/l*v',
      log,
      ...properties,
    ).status;
  };
  const home = () => join(windows.drive, 'Program Files/Muster');
  const state = (file = '') => join(windows.drive, 'ProgramData/Muster', file);
  const log = () => readFileSync(state('agent.log'), 'utf8');
  /** `agent` as a person types it: found on the machine's PATH. */
  const agent = (...args: readonly string[]) => windows.run('agent', 'cmd', '/c', 'agent', ...args);
  const service = () => {
    const { stdout } = windows.run('service', 'sc', 'query', 'MusterAgent');
    return {
      state: /STATE\s+: \d+\s+(\w+)/.exec(stdout)?.[1],
      exitCode: /WIN32_EXIT_CODE\s+: (\d+)/.exec(stdout)?.[1],
    };
  };
  const registry = (key: string, value: string) =>
    windows.run('query', 'reg', 'query', key, '/v', value).stdout;
  const path = () =>
    registry('HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment', 'PATH');
  const newToken = async () => {
    const { stdout } = await collector.run(['token', '--owner', 'company']);
    const token = stdout.split(/\s+/).find((word) => word.startsWith(tokenPrefix)) ?? '';
    tokens.push(token);
    return token;
  };
  const devices = async () => {
    const { stdout } = await collector.run(['status', '--json']);
    return (
      JSON.parse(stdout) as {
        organizations: [{ devices: { system: string; lastReportAt: string | null }[] }];
      }
    ).organizations[0].devices;
  };

  test('a version that cannot be set up is not installed, and leaves nothing behind', () => {
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'bin/node.exe'), 'no program at all');
    const moment = { version: '0.0.9', commit: 'test', epoch: 1_790_000_000 };
    const target = targets.find(({ os }) => os === 'windows') as Target;
    copyFileSync(buildMsi(target, broken, moment, folder), join(windows.folder, '0.0.9.msi'));
    expect(msiexec('/i', '0.0.9')).not.toBe(0);
    expect(existsSync(home()) ? readdirSync(home(), { recursive: true }) : []).toEqual([]);
    expect(service().state).toBeUndefined();
    expect(path()).not.toContain('Muster');
  });

  test('with a token that is none it is installed all the same, says why it is not enrolled, and waits', async () => {
    // Everybody may make folders beside the state's: one that is there already is not to be believed.
    mkdirSync(state(), { recursive: true });
    writeFileSync(state('enrollment.json'), '{}');
    chownSync(state(), 65_534, 65_534);
    expect(msiexec('/i', '0.1.0', 'ENROLL=nonsense-1234567')).toBe(0);
    expect(log()).toMatch(/folder belonged to somebody else; it is .*\.foreign-/);
    expect(existsSync(state('enrollment.json'))).toBe(false);
    tokens.push('nonsense-1234567');
    expect(log()).toContain('enroll did not work: that is no enrollment token');
    expect(service().state).toBe('RUNNING');
    expect(path()).toContain('C:\\Program Files\\Muster\\current\\agent');
    expect(agent('--version').stdout.trim()).toBe('0.1.0');
    expect(agent('--status').status).toBe(78);
    const { status, stdout } = agent('--check', '--format', 'json');
    expect([0, 1, 2]).toContain(status);
    expect(JSON.parse(stdout).platform).toBe('win32');
  });

  test('the service is one of the system, starts with it, and is started again when it fails', () => {
    const key = 'HKLM\\System\\CurrentControlSet\\Services\\MusterAgent';
    expect(registry(key, 'ObjectName')).toContain('LocalSystem');
    expect(registry(key, 'Start')).toContain('0x2');
    expect(registry(key, 'ImagePath')).toContain(
      '"C:\\Program Files\\Muster\\current\\bin\\node.exe" --max-semi-space-size=1 --jitless --optimize-for-size',
    );
    // Wine keeps no recovery options; what it was told of them is held against the headers in windows-calls.test.ts.
    expect(log()).not.toContain('setting of the service: recovery\n');
    // Nobody but the system and administrators looks into the state; on this side of Wine: others may not.
    expect(statSync(state()).mode & 0o007).toBe(0);
  });

  test('with a token it is enrolled, and the service reports by itself', async () => {
    expect(msiexec('/i', '0.1.0', `ENROLL=${await newToken()}`)).toBe(0);
    expect(log()).toContain('enrolled by the installer');
    await eventually('a report has come', async () => (await devices())[0]?.lastReportAt != null);
    expect((await devices())[0]?.system).toMatch(/^Windows/);
    expect(service().state).toBe('RUNNING');
    expect(agent('--status').stdout).toContain('Acme');
  });

  test('an upgrade keeps the enrollment, and the service reports again', async () => {
    const enrollment = readFileSync(state('enrollment.json'), 'utf8');
    const before = (await devices())[0]?.lastReportAt;
    // Due at once: the service would report within the hour.
    rmSync(state('schedule.json'));
    expect(msiexec('/i', '0.2.0')).toBe(0);
    expect(readdirSync(join(home(), 'versions'))).toEqual(['0.2.0']);
    expect(agent('--version').stdout.trim()).toBe('0.2.0');
    expect(service().state).toBe('RUNNING');
    expect(readFileSync(state('enrollment.json'), 'utf8')).toBe(enrollment);
    await eventually('the new one has reported', async () => (await devices())[0]?.lastReportAt !== before);
    expect(await devices()).toHaveLength(1);
    expect(path().match(/Muster/g)).toHaveLength(1);
  });

  test('an older version is refused, and nothing changes', () => {
    expect(msiexec('/i', '0.1.0')).not.toBe(0);
    expect(readdirSync(join(home(), 'versions'))).toEqual(['0.2.0']);
    expect(service().state).toBe('RUNNING');
  });

  test.skipIf(!hasTar)(
    'an update from the collector is tried and put in place, the version before stays, and the service goes on with it (needs gcc-mingw-w64)',
    async () => {
      const none = agent('--update');
      expect(none.stdout + none.stderr).toContain('This is the newest version, 0.2.0.');
      const archive = archiveOf(update);
      if (archive === undefined) throw new Error('that is no archive of a release');
      writeRelease(releases(), keys, [archive], new Date());
      const updated = agent('--update');
      expect(updated.stdout + updated.stderr).toContain('Version 0.3.0 is in place; 0.2.0 stays beside it.');
      expect(updated.status).toBe(76);
      expect(readdirSync(join(home(), 'versions'))).toEqual(['0.2.0', '0.3.0']);
      expect(agent('--version').stdout.trim()).toBe('0.3.0');
      // The package of the version before does not set it back.
      expect(msiexec('/i', '0.2.0')).toBe(0);
      expect(agent('--version').stdout.trim()).toBe('0.3.0');
    },
  );

  test('told to stop, it stops in order', async () => {
    windows.run('stop', 'sc', 'stop', 'MusterAgent');
    await eventually('it has stopped', () => service().state === 'STOPPED');
    expect(service().exitCode).toBe('0');
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(running).not.toContain('Muster\\current');
    windows.run('start', 'sc', 'start', 'MusterAgent');
    await eventually('it runs again', () => service().state === 'RUNNING');
  });

  test('removed, it is gone but for its state; with PURGE=1 that is gone, too', async () => {
    const enrollment = readFileSync(state('enrollment.json'), 'utf8');
    const expectGone = () => {
      // The link that stands in for a junction: Wine's rmdir removes none.
      rmSync(join(home(), 'current'), { force: true });
      expect(existsSync(home()) ? readdirSync(home()) : []).toEqual([]);
      expect(service().state).toBeUndefined();
      expect(path()).not.toContain('Muster');
    };
    expect(msiexec('/x', '0.2.0')).toBe(0);
    expectGone();
    expect(readFileSync(state('enrollment.json'), 'utf8')).toBe(enrollment);
    expect(msiexec('/i', '0.2.0')).toBe(0);
    expect(agent('--status').stdout).toContain('Acme');
    expect(msiexec('/x', '0.2.0', 'PURGE=1')).toBe(0);
    expectGone();
    expect(existsSync(state())).toBe(false);
  });

  test('no token stayed behind: not in a log of the installer, not in the registry, not on the disk', async () => {
    await windows.stop();
    const lines = windows.registry().split('\n');
    for (let number = 1; number <= logs; number += 1) {
      const log = readFileSync(join(windows.folder, `install-${number}.log`), 'utf8').split(/\r?\n/);
      // Wine's list of properties does not keep those back that MsiHiddenProperties names; that of Windows does.
      lines.push(...log.filter((line) => !line.startsWith('Property(S): ENROLL = ')));
    }
    expect(tokens).toHaveLength(2);
    expect(lines.filter((line) => tokens.some((token) => line.includes(token)))).toEqual([]);
    for (const token of tokens) {
      expect(spawnSync('grep', ['-rlF', token, windows.drive], { encoding: 'utf8' }).stdout).toBe('');
    }
  });
});
