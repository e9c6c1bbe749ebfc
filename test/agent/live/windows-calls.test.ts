import { beforeAll, describe, expect, it } from 'vitest';
import { hasStandIns, ready, Wine, where } from '../../wine/wine.ts';

/**
 * What Wine lacks, answered by libraries and a program built from the public Windows headers: test/wine/*.c.
 */
describe.skipIf(!ready)(`Windows calls ${where}`, { timeout: 120_000 }, () => {
  let wine: Wine;
  beforeAll(async () => {
    wine = new Wine('calls');
    await wine.bundle();
  }, 120_000);

  it.skipIf(!hasStandIns)(
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
      const outcomes = wine.reads(
        'stand-in',
        calls.map(([name, args]) => ['standIn', name, args]),
      );
      expect(outcomes.map(({ result, error }) => result ?? error)).toEqual(
        calls.map(([, , expected]) => expected),
      );
    },
  );

  it.skipIf(!hasStandIns)(
    'hands PowerShell its whole script and takes each answer when it comes (needs gcc-mingw-w64)',
    () => {
      const tpm = 'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm';
      const outcomes = wine.reads('shell', [
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

  it.skipIf(!hasStandIns)(
    'registers the service with its recovery options, as the headers lay them out (needs gcc-mingw-w64)',
    () => {
      expect(wine.reads('service', [['standInService']])).toEqual([{ result: [] }]);
    },
  );
});
