import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * The Windows side of the agent on Node for Windows under Wine: the real registry API and the real libraries' calling conventions,
 * not Windows' own answers. Wine lacks accounts, BitLocker, Security Center and PowerShell; there it must say so.
 */
const repository = join(import.meta.dirname, '../../..');
const home = process.env['MUSTER_WINE'] ?? '/var/tmp/muster-wine';
const folder = join(home, 'root/muster');
const ready = process.geteuid?.() === 0 && existsSync(join(folder, 'ready'));
const where = ready ? 'under Wine' : 'under Wine (skipped: run test/wine/prepare as root first)';

interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
}

/** What a read answered; fails the test when it did not. */
function answered<T>(outcome: Outcome | undefined): T {
  expect(outcome?.error).toBeUndefined();
  return outcome?.result as T;
}

interface RegistryOutcome {
  readonly values: Record<string, { type: string; data: unknown }>;
  readonly subkeys: readonly string[];
}

/** Runs a program under Wine, its output in files: Node for Windows cannot write to a pipe there. */
function wine(name: string, ...command: string[]): { status: number | null; stdout: string; stderr: string } {
  const file = (kind: string) => join(folder, 'test', `${name}.${kind}`);
  const line = '"$0" "$@" >"$OUT" 2>"$ERR"';
  const { status } = spawnSync('bash', ['-c', line, join(repository, 'test/wine/run'), ...command], {
    env: { ...process.env, OUT: file('out'), ERR: file('err') },
    timeout: 60_000,
  });
  return {
    status,
    stdout: readFileSync(file('out'), 'utf8'),
    stderr: readFileSync(file('err'), 'utf8'),
  };
}

function reads(name: string, list: readonly (readonly unknown[])[]): Outcome[] {
  writeFileSync(join(folder, `test/${name}.json`), JSON.stringify(list));
  const run = wine(
    name,
    'wine',
    'Z:\\muster\\node.exe',
    'Z:\\muster\\test\\read.js',
    `Z:\\muster\\test\\${name}.json`,
    `Z:\\muster\\test\\${name}.result`,
  );
  expect(run.stderr).toBe('');
  return JSON.parse(readFileSync(join(folder, `test/${name}.result`), 'utf8'));
}

function importRegistry(text: string): void {
  writeFileSync(
    join(folder, 'test/import.reg'),
    Buffer.from(`\uFEFFWindows Registry Editor Version 5.00\r\n${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
  );
  expect(wine('import', 'wine', 'regedit', '/S', 'Z:\\muster\\test\\import.reg').status).toBe(0);
}

async function bundle(): Promise<void> {
  await build({
    absWorkingDir: repository,
    entryPoints: { read: 'test/wine/read.ts', agent: 'agent/main.ts' },
    outdir: join(folder, 'test'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: ['koffi', 'systeminformation', '@napi-rs/keyring'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);",
    },
  });
  writeFileSync(join(folder, 'test/package.json'), '{ "type": "module" }');
}

describe.skipIf(!ready)(`Windows reads ${where}`, { timeout: 120_000 }, () => {
  beforeAll(async () => {
    rmSync(join(folder, 'test'), { recursive: true, force: true });
    mkdirSync(join(folder, 'test'), { recursive: true });
    await bundle();
  }, 120_000);

  it('reads every type of registry value as recordings have it', () => {
    const long = 'x'.repeat(20_000);
    importRegistry(`
[-HKEY_LOCAL_MACHINE\\SOFTWARE\\MusterTest]

[HKEY_LOCAL_MACHINE\\SOFTWARE\\MusterTest]
@="default"
"dword"=dword:ffffffff
"qword"=hex(b):ff,ff,ff,ff,ff,ff,ff,ff
"text"="Überprüft ✓"
"expand"=hex(2):25,00,54,00,45,00,4d,00,50,00,25,00,00,00
"list"=hex(7):61,00,00,00,62,00,20,00,63,00,00,00,00,00
"binary"=hex:00,ab,ff
"empty"=""
"short"=hex(4):01
"long"="${long}"
"DefaultPassword"="hunter2"

[HKEY_LOCAL_MACHINE\\SOFTWARE\\MusterTest\\Größe]

[HKEY_LOCAL_MACHINE\\SOFTWARE\\MusterTest\\plain]

[HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\MusterTest]
"dword"=dword:00000020
`);
    const [key, lower, missing, narrow, wrongRoot] = reads('registry', [
      ['registry', 'HKLM\\SOFTWARE\\MusterTest'],
      ['registry', 'hklm\\software\\mustertest'],
      ['registry', 'HKLM\\SOFTWARE\\MusterTest\\nothing'],
      ['registry', 'HKLM\\SOFTWARE\\WOW6432Node\\MusterTest'],
      ['registry', 'HKCU\\Software'],
    ]);
    const found = answered<RegistryOutcome>(key);
    expect(found.values).toEqual({
      '': { type: 'REG_SZ', data: 'default' },
      dword: { type: 'REG_DWORD', data: 4_294_967_295 },
      qword: { type: 'REG_QWORD', data: '18446744073709551615' },
      text: { type: 'REG_SZ', data: 'Überprüft ✓' },
      expand: { type: 'REG_EXPAND_SZ', data: '%TEMP%' },
      list: { type: 'REG_MULTI_SZ', data: ['a', 'b c'] },
      binary: { type: 'REG_BINARY', data: '00abff' },
      empty: { type: 'REG_SZ', data: '' },
      short: { type: 'REG_DWORD', data: '01' },
      long: { type: 'REG_SZ', data: long },
      DefaultPassword: { type: 'REG_SZ', data: '<redacted>' },
    });
    expect(found.subkeys.toSorted()).toEqual(['Größe', 'plain']);
    expect(lower).toEqual(key);
    expect(missing).toEqual({ error: 'not-found' });
    expect(answered<RegistryOutcome>(narrow).values['dword']?.data).toBe(32);
    expect(wrongRoot).toEqual({ error: '0x57' });
  });

  it('reads what Wine knows of the machine, in the documented shapes', () => {
    const [sessions, joined, power, drives, services, firmware, wlan, connections, profiles, adapters, tcp] =
      reads('machine', [
        ['listen', 5986, '127.0.0.1'],
        ['listen', 5985, '0.0.0.0'],
        ['listen', 8_099, '127.0.0.1'],
        ['win32', 'WTSEnumerateSessions', []],
        ['win32', 'NetGetJoinInformation', []],
        ['win32', 'CallNtPowerInformation', [4]],
        ['win32', 'GetLogicalDrives', []],
        ['win32', 'EnumServicesStatusEx', []],
        ['win32', 'GetFirmwareType', []],
        ['win32', 'WlanEnumInterfaces', []],
        ['win32', 'WlanQueryInterface', [7]],
        ['win32', 'WlanGetProfileList', []],
        ['win32', 'GetIfTable2', []],
        ['win32', 'GetExtendedTcpTable', []],
      ])
        .slice(3)
        .map(({ result, error }) => result ?? error);
    expect(sessions).toEqual({
      sessions: [
        {
          id: 1,
          state: 0,
          remote: false,
          sid: expect.stringMatching(/^S-1-5-21-[\d-]+$/),
          administrator: expect.any(Boolean),
          // Wine calls the person root.
          genericName: true,
        },
      ],
    });
    expect(joined).toEqual({ status: 2 });
    expect(power).toEqual({
      AoAc: expect.any(Boolean),
      SystemS3: expect.any(Boolean),
      SystemBatteriesPresent: expect.any(Boolean),
    });
    expect(drives).toMatchObject({ systemDrive: 'C:' });
    const { drives: found } = drives as { drives: Record<string, unknown>[] };
    expect(found.find(({ letter }) => letter === 'C:')).toEqual({
      letter: 'C:',
      driveType: 3,
      busType: expect.any(Number),
      removableMedia: false,
      readOnly: false,
      ready: true,
    });
    // Two that checks ask for, and one that test/wine/prepare made and nobody asks for.
    const names = Object.keys((services as { services: Record<string, number> }).services);
    expect(names).toEqual(expect.arrayContaining(['MpsSvc', 'wlansvc']));
    expect(names).not.toContain('SomebodysBusiness');
    expect(firmware).toEqual({ type: expect.any(Number) });
    expect([wlan, connections, profiles]).toEqual([
      { interfaces: [] },
      { connections: [] },
      { profiles: [] },
    ]);
    expect((adapters as { interfaces: unknown[] }).interfaces).toContainEqual({
      type: 24,
      operStatus: 1,
      hardware: false,
    });
    expect(tcp).toEqual({
      listeners: [
        { port: 5985, loopback: false },
        { port: 5986, loopback: true },
      ],
    });
  });

  it('says what Wine does not have, by error number and never as an answer', () => {
    const outcomes = reads('refused', [
      ['win32', 'NetUserModalsGet', [0]],
      ['win32', 'NetUserModalsGet', [3]],
      ['win32', 'NetUserEnum', [20]],
      [
        'win32',
        'PowerReadACValueIndex',
        ['7516b95f-f776-4464-8c53-06167f40cc99', '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e'],
      ],
      ['win32', 'Tbsi_GetDeviceInfo', []],
      ['win32', 'WscGetSecurityProviderHealth', [4]],
      ['win32', 'IsDeviceRegisteredWithManagement', []],
      ['win32', 'EvtQuery', ['Security']],
      ['powershell', 'language-mode'],
      ['powershell', 'bitlocker-status'],
      ['wmi', 'SELECT displayName, productState FROM AntiVirusProduct', 'root\\SecurityCenter2'],
    ]);
    for (const { error, result } of outcomes) {
      expect(result).toBeUndefined();
      expect(error).toMatch(/^(?:0x[1-9a-f][0-9a-f]{0,7}|blocked)$/);
    }
    expect(outcomes.map(({ error }) => error)).toEqual([
      '0x85c',
      '0x85c',
      '0x7c',
      '0x78',
      '0x8028400f',
      '0x7f',
      '0x7f',
      '0x1f',
      'blocked',
      'blocked',
      'blocked',
    ]);
  });

  it.skipIf(!existsSync(join(folder, 'stand-in.dll')))(
    'calls what Wine lacks by the prototypes and structures of the Windows headers (needs gcc-mingw-w64)',
    () => {
      const guids = ['7516b95f-f776-4464-8c53-06167f40cc99', '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e'];
      const hidden = ['fea3413e-7e05-4911-9a71-700331f1c294', '0e796bdb-100d-47d6-a2d5-f7d2daa51f51'];
      const calls: [name: string, args: unknown[], expected: unknown][] = [
        [
          'NetUserModalsGet',
          [0],
          {
            usrmod0_min_passwd_len: 14,
            usrmod0_max_passwd_age: 4_294_967_295,
            usrmod0_min_passwd_age: 86_400,
            usrmod0_password_hist_len: 24,
          },
        ],
        [
          'NetUserModalsGet',
          [3],
          {
            usrmod3_lockout_threshold: 10,
            usrmod3_lockout_duration: 900,
            usrmod3_lockout_observation_window: 600,
          },
        ],
        [
          'NetUserEnum',
          [20],
          {
            users: [
              { rid: 500, flags: 0x203, internetIdentity: false },
              { rid: 501, flags: 0x223, internetIdentity: false },
              { rid: 1001, flags: 0x201, internetIdentity: true },
            ],
          },
        ],
        ['NetGetJoinInformation', [], { status: 3 }],
        ['NetGetAadJoinInformation', [null], { joinType: 1 }],
        ['NetShareEnum', [1], { disk: 2, printer: 1 }],
        ['CallNtPowerInformation', [4], { AoAc: true, SystemS3: true, SystemBatteriesPresent: true }],
        ['PowerReadACValueIndex', guids, { value: 600 }],
        ['PowerReadDCValueIndex', guids, { value: 300 }],
        ['PowerReadDCValueIndex', hidden, '0x2'],
        ['Tbsi_GetDeviceInfo', [], { tpmVersion: 2 }],
        ['WscGetSecurityProviderHealth', [4], { health: 0 }],
        ['WscGetSecurityProviderHealth', [1], '0x1'],
        ['IsDeviceRegisteredWithManagement', [], { registered: true }],
        ['EvtQuery', ['Security'], { oldest: '2026-08-02T11:20:09Z' }],
        ['WlanEnumInterfaces', [], { interfaces: [{ state: 4 }, { state: 1 }] }],
        ['WlanQueryInterface', [7], { connections: [{ auth: 7, cipher: 4 }] }],
        [
          'WlanGetProfileList',
          [],
          {
            profiles: [
              { authentication: 'WPA2PSK', encryption: 'AES' },
              { authentication: 'open', encryption: 'none' },
            ],
          },
        ],
        [
          'WTSEnumerateSessions',
          [],
          {
            sessions: [
              {
                id: 1,
                state: 0,
                remote: false,
                sid: expect.any(String),
                administrator: true,
                genericName: false,
              },
              {
                id: 5,
                state: 4,
                remote: true,
                sid: expect.any(String),
                administrator: true,
                genericName: true,
              },
            ],
          },
        ],
      ];
      const outcomes = reads(
        'stand-in',
        calls.map(([name, args]) => ['standIn', name, args]),
      );
      expect(outcomes.map(({ result, error }) => result ?? error)).toEqual(
        calls.map(([, , expected]) => expected),
      );
    },
  );

  it.skipIf(!existsSync(join(folder, 'stand-in.dll')))(
    'hands PowerShell its whole script and takes each answer when it comes (needs gcc-mingw-w64)',
    () => {
      const tpm = 'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm';
      const outcomes = reads('shell', [
        ['standInPowershell', 'language-mode'],
        ['standInPowershell', 'windows-update'],
        ['standInWmi', 'SELECT displayName, productState FROM AntiVirusProduct', 'root\\SecurityCenter2'],
        ['standInWmi', tpm, 'root\\cimv2\\Security\\MicrosoftTpm'],
        ['hangingPowershell', 'language-mode'],
        ['hangingPowershell', 'windows-update'],
      ]);
      const answer = (name: string) => ({
        result: expect.objectContaining({
          exitCode: 0,
          stderr: '',
          stdout: expect.stringContaining(`"Query":"${name}"`),
        }),
      });
      expect(outcomes).toEqual([
        answer('language-mode'),
        answer('windows-update'),
        { result: [{ Query: 'wmi-antivirus', Text: 'ü@' }] },
        { error: '0x80041003' },
        answer('language-mode'),
        { error: 'timeout' },
      ]);
    },
  );

  it('finds the person, elevation and folders', () => {
    const [person, elevated] = reads('person', [['personAtScreen'], ['isElevated']]);
    const { sid } = answered<{ sid: string }>(person);
    expect(person?.result).toEqual({ name: 'generic', sid: expect.stringMatching(/^S-1-5-21-/) });
    expect(elevated?.result).toEqual(expect.any(Boolean));
    const [data, profile, nobody, hive] = reads('folders', [
      ['expand', '%ProgramData%\\Muster\\secedit.inf'],
      ['expand', `%PROFILE:${sid}%\\.ssh`],
      ['expand', '%PROFILE:S-1-5-21-9-9-9-9%\\.ssh'],
      ['registry', `HKU\\${sid}\\Control Panel\\Desktop`],
    ]);
    expect(data).toEqual({ result: 'C:\\ProgramData\\Muster\\secedit.inf' });
    expect(profile).toEqual({ result: 'C:\\users\\root\\.ssh' });
    expect(nobody).toEqual({ error: 'ENOENT' });
    expect(answered<RegistryOutcome>(hive).values).toBeTypeOf('object');
  });

  it('starts programs of Windows itself, wherever the environment says Windows is', () => {
    const [, , run, missing] = reads('environment', [
      ['setEnvironment', 'SystemRoot', 'C:\\elsewhere'],
      ['setEnvironment', 'windir', 'C:\\elsewhere'],
      ['command', 'cmd.exe', '/c', 'echo', '%SystemRoot%;%windir%;%PATH%'],
      ['command', 'nothing.exe'],
    ]);
    expect(answered<{ stdout: string }>(run).stdout.toLowerCase().trim()).toBe(
      'c:\\windows;c:\\windows;c:\\windows\\system32',
    );
    expect(missing).toEqual({ error: 'ENOENT' });
  });

  const settings = ({ inactivity = 0, autoRun = 145, autoLogon = 0, denyRemote = 1, denyWrite = 0 }) =>
    importRegistry(`
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
    const run = wine(
      'check',
      'wine',
      'Z:\\muster\\node.exe',
      'Z:\\muster\\test\\agent.js',
      '--check',
      '--format',
      'json',
    );
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
    const path = join(folder, 'test/recording.json');
    const live = wine(
      'record',
      'wine',
      'Z:\\muster\\node.exe',
      'Z:\\muster\\test\\agent.js',
      '--check',
      '--format',
      'json',
      '--record',
      'Z:\\muster\\test\\recording.json',
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
