import { beforeAll, describe, expect, it } from 'vitest';
import { answered, type RegistryOutcome, ready, Wine, where } from '../../wine/wine.ts';

/**
 * The Windows sources on Node for Windows under Wine: the real registry API and whatever of the machine Wine knows. Wine lacks accounts,
 * BitLocker, Security Center and PowerShell; there they must say so.
 */
describe.skipIf(!ready)(`Windows reads ${where}`, { timeout: 120_000 }, () => {
  let wine: Wine;
  beforeAll(async () => {
    wine = new Wine('reads');
    await wine.bundle();
  }, 120_000);

  it('reads every type of registry value as recordings have it', () => {
    const long = 'x'.repeat(20_000);
    wine.importRegistry(`
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
    const [key, lower, missing, narrow, wrongRoot] = wine.reads('registry', [
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
      wine
        .reads('machine', [
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
    const outcomes = wine.reads('refused', [
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

  it('finds the person, elevation and folders', () => {
    const [person, elevated] = wine.reads('person', [['personAtScreen'], ['isElevated']]);
    const { sid } = answered<{ sid: string }>(person);
    expect(person?.result).toEqual({ name: 'generic', sid: expect.stringMatching(/^S-1-5-21-/) });
    expect(elevated?.result).toEqual(expect.any(Boolean));
    const [data, profile, nobody, hive] = wine.reads('folders', [
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
    const [, , run, missing] = wine.reads('environment', [
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
});
