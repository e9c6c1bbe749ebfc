import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ready, repository, Wine, where } from '../../wine/wine.ts';

/**
 * Registry in, verdicts out, and a recording that comes to the same here.
 */
describe.skipIf(!ready)(`The whole agent on Windows ${where}`, { timeout: 120_000 }, () => {
  let wine: Wine;
  beforeAll(async () => {
    wine = new Wine('agent');
    await wine.bundle();
  }, 120_000);

  const settings = ({ inactivity = 0, autoRun = 145, autoLogon = 0, denyRemote = 1, denyWrite = 0 }) =>
    wine.importRegistry(`
[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System]
"InactivityTimeoutSecs"=dword:${inactivity.toString(16)}

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer]
"NoDriveTypeAutoRun"=dword:${autoRun.toString(16)}

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon]
"AutoAdminLogon"="${autoLogon}"

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]
"fDenyTSConnections"=dword:${denyRemote}

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Policies\\Microsoft\\FVE]
"RDVDenyWriteAccess"=dword:${denyWrite}
`);
  function check(): { status: number | null; points: Record<string, string> } {
    const run = wine.node('check', 'agent.js', '--check', '--format', 'json');
    const { platform, findings } = JSON.parse(run.stdout);
    expect(platform).toBe('win32');
    const points = findings.flatMap(
      ({ check: id, points: all }: { check: string; points: { point: string; status: string }[] }) =>
        all.map(({ point, status }) => [`${id}/${point}`, status]),
    );
    return { status: run.status, points: Object.fromEntries(points) };
  }

  it('the whole agent judges a machine by its registry, and nothing it could not read passes', () => {
    settings({ autoLogon: 1, denyRemote: 0 });
    const off = check();
    expect(off.status).toBe(1);
    settings({ inactivity: 600, autoRun: 255, denyWrite: 1 });
    const on = check();
    for (const point of [
      'screen-lock/idle',
      'removable-media/autorun',
      'removable-media/write-policy',
      'auto-login/off',
      'remote-access/off',
    ]) {
      expect([point, off.points[point], on.points[point]]).toEqual([point, 'fail', 'pass']);
    }
    for (const { points } of [off, on]) {
      expect(points).toMatchObject({
        'disk-encryption/system': 'unknown',
        'password-policy/min-length': 'unknown',
        'firewall/enabled': 'unknown',
        'malware-protection/active': 'unknown',
        'os-updates/pending': 'unknown',
        'security-log/retained': 'unknown',
      });
    }
  });

  it('a recording made there replays here to the same verdicts, and names nobody', async () => {
    const path = join(wine.folder, 'recording.json');
    const live = wine.node(
      'record',
      'agent.js',
      '--check',
      '--format',
      'json',
      '--record',
      wine.path('recording.json'),
    );
    const written = readFileSync(path, 'utf8');
    expect(written).not.toMatch(/S-1-5-21-0-0-0|\\\\users\\\\root|"root"/i);
    const replayed = spawnSync(
      process.execPath,
      [join(repository, 'agent/main.ts'), '--check', '--format', 'json', '--replay', path],
      { encoding: 'utf8' },
    );
    expect(replayed.status).toBe(live.status);
    expect(JSON.parse(replayed.stdout).findings).toEqual(JSON.parse(live.stdout).findings);
  });
});
