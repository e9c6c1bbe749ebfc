import type { Sources } from '../probe.ts';
import { powershellKeeps, registryKeeps, win32Keeps } from './scrub/win32-keeps.ts';

/** Arguments of the native calls that take any. */
const callArguments: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  NetGetAadJoinInformation: [[null]],
  CallNtPowerInformation: [[4]],
  ...Object.fromEntries(
    ['PowerReadACValueIndex', 'PowerReadDCValueIndex'].map((call) => [
      call,
      [
        ['7516b95f-f776-4464-8c53-06167f40cc99', '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e'],
        ['238c9fa8-0aad-41ed-83f4-97be242c8f20', '29f6c1db-86da-48c5-9fdb-f2b67b1f44da'],
        ['fea3413e-7e05-4911-9a71-700331f1c294', '0e796bdb-100d-47d6-a2d5-f7d2daa51f51'],
      ],
    ]),
  ),
  NetUserModalsGet: [[0], [3]],
  NetUserEnum: [[20]],
  WscGetSecurityProviderHealth: [[1], [4]],
  NetShareEnum: [[1]],
  WlanQueryInterface: [[7]],
  EvtQuery: [['Security']],
};

const queries: readonly (readonly [query: string, namespace: string])[] = [
  [
    'SELECT DriveLetter, VolumeType, ProtectionStatus FROM Win32_EncryptableVolume',
    'root\\cimv2\\Security\\MicrosoftVolumeEncryption',
  ],
  ['SELECT displayName, productState FROM AntiVirusProduct', 'root\\SecurityCenter2'],
  ['SELECT displayName, productState FROM FirewallProduct', 'root\\SecurityCenter2'],
  ['SELECT SID, Disabled, PasswordRequired FROM Win32_UserAccount WHERE LocalAccount = TRUE', 'root\\cimv2'],
  [
    'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm',
    'root\\cimv2\\Security\\MicrosoftTpm',
  ],
];

const commands: readonly (readonly [string, ...string[]])[] = [
  ['powercfg.exe', '/query', 'SCHEME_CURRENT', 'SUB_VIDEO', 'VIDEOIDLE'],
  ['powercfg.exe', '/query', 'SCHEME_CURRENT', 'SUB_SLEEP', 'STANDBYIDLE'],
  ['powercfg.exe', '/query', 'SCHEME_CURRENT', 'SUB_NONE', 'CONSOLELOCK'],
  ['net.exe', 'accounts'],
  ['netsh.exe', 'wlan', 'show', 'interfaces'],
  ['wbadmin.exe', 'get', 'versions'],
  [
    'secedit.exe',
    '/export',
    '/areas',
    'SECURITYPOLICY',
    '/cfg',
    '%ProgramData%\\Muster\\secedit.inf',
    '/quiet',
  ],
];

/** The person at the screen and whoever else has a hive loaded. */
async function people(sources: Sources): Promise<string[]> {
  const hives = await sources.registry('HKU').then(
    ({ subkeys }) => subkeys.filter((name) => /^S-1-(?:5-21|12-1)-[\d-]+$/i.test(name)),
    () => [],
  );
  return [...new Set([...hives, ...(sources.user?.sid === undefined ? [] : [sources.user.sid])])];
}

/**
 * Asks for everything a recording of a Windows machine holds, answered or not: the fallbacks no probe needed today, and
 * what is denied without administrator rights, with its error. A bug report needs them all.
 */
export async function readAllWindows(sources: Sources): Promise<void> {
  const sids = await people(sources);
  const keys = registryKeeps
    .filter(({ program }) => program !== true)
    .flatMap(({ key }) => (key.includes('<SID>') ? sids.map((sid) => key.replace('<SID>', sid)) : [key]))
    // Only Windows 10 22H2 has extended updates; its probe asks when it is one.
    .filter((key) => !key.endsWith('\\ESU'));
  await Promise.allSettled([
    ...keys.map((key) => sources.registry(key)),
    ...Object.keys(win32Keeps).flatMap((call) =>
      (callArguments[call] ?? [[]]).map((args) => sources.win32(call, args)),
    ),
    ...queries.map(([query, namespace]) => sources.wmi(query, namespace)),
    ...Object.keys(powershellKeeps).map((name) => sources.powershell(name)),
    ...sids.flatMap((sid) => [
      sources.fileBytes(`%PROFILE:${sid}%\\AppData\\Local\\Dropbox\\info.json`),
      sources.directory(`%PROFILE:${sid}%\\.ssh`),
    ]),
  ]);
  // One after the other: each is a process of its own, and the export has to be there before it is read.
  for (const command of commands) await sources.command(command).catch(() => undefined);
  await sources.fileBytes('%ProgramData%\\Muster\\secedit.inf').catch(() => undefined);
}
