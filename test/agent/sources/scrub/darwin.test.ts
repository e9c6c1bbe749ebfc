import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMachine } from '../../../../agent/readings/machine.ts';
import { runChecks } from '../../../../agent/runner.ts';
import { recordSources } from '../../../../agent/sources/record.ts';
import { readAllMac } from '../../../../agent/sources/record-mac.ts';
import { type Recording, RecordingFile, replaySources } from '../../../../agent/sources/recording.ts';
import { scrubMac } from '../../../../agent/sources/scrub/darwin.ts';
import { judge } from '../../../../shared/judge.ts';
import { basePolicy } from '../../../../shared/policy.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/darwin');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .toSorted();
const recordingOf = (name: string): Recording =>
  RecordingFile.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')));

async function verdicts(recording: Recording) {
  const sources = replaySources(recording);
  const policy = basePolicy();
  const facts = await runChecks(sources, policy);
  const findings = judge(facts, policy, { now: sources.now, machine: await readMachine(sources) });
  return {
    facts,
    points: findings.flatMap(({ check, points }) =>
      points.map(({ point, status, observed }) => `${check}/${point}: ${status}, ${observed}`),
    ),
  };
}

async function scrubbed(recording: Recording): Promise<Recording> {
  const scrub = await scrubMac(replaySources(recording));
  const reads = recording.reads.map((read) => scrub.read(read)).filter((read) => read !== undefined);
  return RecordingFile.parse({ ...recording, reads });
}

describe('what is kept is enough', () => {
  test.each(files)('%s comes to the same, scrubbed', async (name) => {
    const recording = recordingOf(name);
    const { points } = await verdicts(recording);
    expect((await verdicts(await scrubbed(recording))).points).toEqual(points);
  });

  test('a recording that was scrubbed is scrubbed to itself', async () => {
    for (const name of files.filter((file) => file.endsWith('odd.json'))) {
      const once = await scrubbed(recordingOf(name));
      expect(await scrubbed(once), name).toEqual(once);
    }
  });
});

/** Things no recording may hold. Each stands in the reads below where a real Mac would have its like. */
const canaries = [
  'ada.lovelace',
  'Ada Lovelace',
  'grace.hopper',
  'Canary-Laptop',
  'canary.example',
  'ada@canary.example',
  'C02CANARY01',
  'CanaryNet',
  'Canary Backup Disk',
  'canary-secret',
  '4D5E6F70-1111-2222-3333-444455556666',
  '192.0.2.77',
  'de:ad:be:ef:00:01',
  'CanaryCorp',
  'canary-tenant',
];

const list = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n${body}\n</plist>\n`;
const uuid = '4D5E6F70-1111-2222-3333-444455556666';
const volume = '/Volumes/Canary Backup Disk';
const junk = `<key>Junk</key><string>ada@canary.example</string><key>${uuid}</key><string>Ada Lovelace</string>`;
const dictionary = (body: string) => list(`<dict>${body}${junk}</dict>`);
const person = (name: string, uid: number, authority: string) =>
  `<dict><key>dsAttrTypeStandard:RecordName</key><array><string>${name}</string><string>ada@canary.example</string></array>` +
  `<key>dsAttrTypeStandard:UniqueID</key><array><string>${uid}</string></array>` +
  '<key>dsAttrTypeStandard:UserShell</key><array><string>/bin/zsh</string></array>' +
  `<key>dsAttrTypeStandard:AuthenticationAuthority</key><array><string>${authority}</string></array></dict>`;
const out = (command: string, stdout: string, more: object = {}) => ({
  command: command.split(' '),
  stdout,
  stderr: 'Canary-Laptop: ada.lovelace 192.0.2.77\n',
  exitCode: 0,
  ...more,
});
const file = (path: string, body: string) => ({ file: path, content: dictionary(body) });
const managed = (domain: string, body: string) => [
  file(`/Library/Managed Preferences/${domain}.plist`, body),
  file(`/Library/Managed Preferences/user/${domain}.plist`, body),
];
const label = (name: string) =>
  out(
    `/bin/launchctl print system/${name}`,
    `system/${name} = {\n\tprogram = /Users/ada.lovelace/x\n\tstate = running\n}\n`,
  );

/** A Mac as its owner sees it, with real names in every read the agent has. */
const laptop = {
  recording: 1,
  platform: 'darwin',
  osVersion: '15.7.1',
  elevated: true,
  user: { name: 'ada.lovelace', uid: 501 },
  recordedAt: '2026-11-18T08:00:00Z',
  reads: [
    file(
      '/System/Library/CoreServices/SystemVersion.plist',
      '<key>ProductVersion</key><string>15.7.1</string>',
    ),
    file(
      '/Library/Preferences/com.apple.loginwindow.plist',
      '<key>autoLoginUser</key><string>ada.lovelace</string><key>lastUserName</key><string>ada.lovelace</string>',
    ),
    ...managed('com.apple.loginwindow', '<key>LoginwindowText</key><string>CanaryCorp</string>'),
    ...managed('com.apple.MCX', '<key>DisableGuestAccount</key><true/>'),
    ...managed(
      'com.apple.screensaver',
      '<key>idleTime</key><integer>600</integer><key>modulePath</key><string>/Users/ada.lovelace/x</string>',
    ),
    ...managed('com.apple.mobiledevice.passwordpolicy', '<key>maxInactivity</key><integer>10</integer>'),
    ...managed('com.apple.security.firewall', '<key>EnableFirewall</key><true/>'),
    ...managed('com.apple.systempolicy.control', '<key>EnableAssessment</key><true/>'),
    ...managed('com.apple.SoftwareUpdate', '<key>CatalogURL</key><string>https://canary.example/</string>'),
    ...managed('com.apple.timed', ''),
    ...managed('com.apple.applicationaccess', '<key>allowAirDrop</key><false/>'),
    ...managed(
      'com.apple.systemuiserver',
      '<key>mount-controls</key><dict><key>harddisk-external</key><string>canary-secret</string></dict>',
    ),
    ...managed('com.apple.Safari', '<key>HomePage</key><string>https://canary.example/</string>'),
    file('/Library/Preferences/com.apple.alf.plist', '<key>globalstate</key><integer>1</integer>'),
    file(
      '/var/db/SystemPolicyConfiguration/SystemPolicy-prefs.plist',
      '<key>enabled</key><string>CanaryCorp</string>',
    ),
    file('/var/db/SystemPolicy-prefs.plist', '<key>enabled</key><string>yes</string>'),
    file(
      '/Library/Preferences/com.apple.SoftwareUpdate.plist',
      '<key>RecommendedUpdates</key><array><dict><key>Identifier</key><string>CanaryCorp_minor</string><key>Display Version</key><string>Ada Lovelace</string><key>Product Key</key><string>C02CANARY01</string></dict></array><key>FirstOfferDateDictionary</key><dict><key>CanaryCorp_minor</key><date>2026-11-11T00:00:00Z</date></dict><key>LastSuccessfulDate</key><date>2026-11-17T00:00:00Z</date>',
    ),
    file(
      '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist',
      '<key>SUCorePersistedStatePolicyFields</key><dict><key>Organization</key><string>CanaryCorp</string></dict>',
    ),
    file(
      '/Library/Preferences/com.apple.TimeMachine.plist',
      `<key>Destinations</key><array><dict><key>DestinationID</key><string>${uuid}</string><key>LastKnownVolumeName</key><string>Canary Backup Disk</string><key>NetworkURL</key><string>smb://ada@canary.example/</string><key>LastKnownEncryptionState</key><string>canary-secret</string><key>DiskImageKeychainUUID</key><string>${uuid}</string><key>SnapshotDates</key><array><date>2026-11-17T00:00:00Z</date></array></dict></array>`,
    ),
    file(
      '/Library/Preferences/SystemConfiguration/com.apple.nat.plist',
      '<key>NAT</key><dict><key>Enabled</key><integer>0</integer><key>PrimaryService</key><string>canary-secret</string></dict>',
    ),
    file(
      '/Users/user/Library/Preferences/MobileMeAccounts.plist',
      '<key>Accounts</key><array><dict><key>AccountID</key><string>ada@canary.example</string><key>Services</key><array><dict><key>Name</key><string>MOBILE_DOCUMENTS</string><key>Enabled</key><true/></dict></array></dict></array>',
    ),
    file(
      '/Users/user/Library/Preferences/com.apple.finder.plist',
      '<key>FXICloudDriveDesktop</key><true/><key>FXConnectToLastURL</key><string>smb://canary.example</string>',
    ),
    file(
      '/Users/user/Library/Preferences/com.apple.sharingd.plist',
      '<key>DiscoverableMode</key><string>ada.lovelace</string>',
    ),
    file(
      '/Users/user/Library/Preferences/com.apple.amp.mediasharingd.plist',
      '<key>shared-library-name</key><string>Ada Lovelace</string>',
    ),
    file(
      '/Users/user/Library/Containers/com.apple.Safari/Data/Library/Preferences/com.apple.Safari.plist',
      '<key>RecentSearchStrings</key><array><string>canary-secret</string></array>',
    ),
    file(
      '/Applications/Firefox.app/Contents/Info.plist',
      '<key>CFBundleIdentifier</key><string>org.mozilla.firefox</string><key>CFBundleShortVersionString</key><string>154.0</string>',
    ),
    file(
      '/Applications/CanaryCorp Tool.app/Contents/Info.plist',
      '<key>CFBundleIdentifier</key><string>example.canary</string>',
    ),
    { directory: '/Applications', entries: ['Firefox.app', 'CanaryCorp Tool.app', 'Dropbox.app'] },
    { directory: '/Users/user/Applications', entries: ['Ada Lovelace.app'] },
    { directory: '/Users/user', entries: ['Dropbox', 'CanaryCorp papers', 'canary-secret.txt'] },
    {
      directory: '/Users/user/Library/CloudStorage',
      entries: ['OneDrive-canary-tenant', 'GoogleDrive-ada@canary.example', 'CanaryCorp-x'],
    },
    { directory: '/Users/user/.ssh', entries: ['key-plain', 'id_canary-secret'] },
    { file: '/etc/kcpassword', content: 'canary-secret' },
    { file: '/etc/security/audit_control', content: 'host:Canary-Laptop\nexpire-after:60d OR 10M\n' },
    {
      file: '/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd',
      content: 'ada.lovelace',
    },
    {
      file: '/Library/Backblaze.bzpkg/bzdata/bzreports/bzstat_lastbackupcompleted.xml',
      content: '<contents><lastbackupcompleted host="Canary-Laptop" gmt_millis="1794909600000" /></contents>',
    },
    out(
      '/usr/bin/sw_vers',
      'ProductName: macOS\nProductVersion: 15.7.1\nBuildVersion: 24G231\nHost: Canary-Laptop\n',
    ),
    out(
      '/usr/sbin/scutil',
      '<dictionary> {\n  Name : grace.hopper\n  SessionInfo : <array> {\n    0 : <dictionary> {\n      kCGSSessionOnConsoleKey : TRUE\n      kCGSSessionUserIDKey : 501\n      kCGSSessionUserNameKey : ada.lovelace\n      kCGSessionLongUserNameKey : Ada Lovelace\n    }\n    1 : <dictionary> {\n      kCGSSessionOnConsoleKey : FALSE\n      kCGSSessionUserIDKey : 502\n      kCGSSessionUserNameKey : grace.hopper\n    }\n  }\n}\n',
      { stdin: 'show State:/Users/ConsoleUser\n' },
    ),
    out('/usr/bin/stat -f %Su /dev/console', 'ada.lovelace\n'),
    out(
      '/usr/bin/fdesetup status',
      "FileVault is Off.\nDeferred enablement appears to be active for user 'ada.lovelace'.\nKey: canary-secret\n",
    ),
    out('/usr/bin/fdesetup isactive', 'false\n', { exitCode: 1 }),
    out(
      '/usr/sbin/diskutil apfs list -plist',
      dictionary(
        `<key>Containers</key><array><dict><key>ContainerReference</key><string>disk3</string><key>APFSContainerUUID</key><string>${uuid}</string><key>Volumes</key><array><dict><key>DeviceIdentifier</key><string>disk3s5</string><key>Name</key><string>CanaryCorp</string><key>Roles</key><array><string>Data</string></array><key>FileVault</key><false/><key>CryptoMigrationOn</key><false/></dict></array></dict></array>`,
      ),
    ),
    out(
      '/usr/sbin/diskutil list -plist',
      dictionary(
        `<key>AllDisksAndPartitions</key><array><dict><key>DeviceIdentifier</key><string>disk4</string><key>Content</key><string>FDisk_partition_scheme</string><key>Partitions</key><array><dict><key>DeviceIdentifier</key><string>disk4s1</string><key>Content</key><string>Windows_FAT_32</string><key>MountPoint</key><string>${volume}</string><key>VolumeName</key><string>Canary Backup Disk</string></dict></array></dict></array><key>VolumesFromDisks</key><array><string>Canary Backup Disk</string></array>`,
      ),
    ),
    ...['/', 'disk4', 'disk4s1'].map((device) =>
      out(
        `/usr/sbin/diskutil info -plist ${device}`,
        dictionary(
          `<key>DeviceIdentifier</key><string>${device === '/' ? 'disk3s1s1' : device}</string><key>MountPoint</key><string>${device === '/' ? '/' : volume}</string><key>BusProtocol</key><string>CanaryCorp</string><key>MediaName</key><string>C02CANARY01</string><key>Content</key><string>${uuid}</string><key>Internal</key><false/><key>RemovableMedia</key><true/><key>RemovableMediaOrExternalDevice</key><true/><key>WritableVolume</key><true/><key>Sealed</key><string>Ada Lovelace</string><key>VolumeUUID</key><string>${uuid}</string>`,
        ),
      ),
    ),
    out(
      '/usr/sbin/diskutil apfs listCryptoUsers -plist /',
      dictionary(
        `<key>Users</key><array><dict><key>APFSCryptoUserType</key><string>LocalOpenDirectory</string><key>APFSCryptoUserUUID</key><string>${uuid}</string><key>Hint</key><string>canary-secret</string></dict></array>`,
      ),
    ),
    out(
      '/usr/libexec/mdmclient QuerySecurityInfo',
      'Daemon response: {\n    SecurityInfo =     {\n        "FDE_HasPersonalRecoveryKey" = 1;\n        "FDE_PersonalRecoveryKeyDeviceKey" = C02CANARY01;\n        FirewallSettings =         {\n            Applications =             (\n                                {\n                    Name = CanaryCorp;\n                }\n            );\n        };\n        ManagementStatus =         {\n            IsUserEnrollment = 0;\n        };\n        RemoteDesktopEnabled = 0;\n    };\n}\n',
    ),
    out(
      '/usr/bin/pmset -g custom',
      'Battery Power:\n displaysleep         5\n hibernatefile        /Users/ada.lovelace/x\nAC Power:\n displaysleep         10\n',
    ),
    out(
      '/usr/bin/pwpolicy -getaccountpolicies',
      `Getting account policies for user <ada.lovelace>\n${dictionary(`<key>policyCategoryPasswordContent</key><array><dict><key>policyContent</key><string>policyAttributePassword matches '^(?!.*CanaryCorp).{12,}$'</string><key>policyIdentifier</key><string>CanaryCorp rule</string><key>policyContentDescription</key><dict><key>English</key><string>Ask Ada Lovelace</string></dict></dict><dict><key>policyContent</key><string>CanaryCorp == 'canary-secret'</string><key>policyIdentifier</key><string>ProfilePayload:${uuid}:minLength</string><key>policyParameters</key><dict><key>CanaryCorp</key><integer>1</integer></dict></dict></array>`)}`,
    ),
    ...['--getglobalstate', '--getblockall', '--getstealthmode'].map((option) =>
      out(
        `/usr/libexec/ApplicationFirewall/socketfilterfw ${option}`,
        'Firewall of Canary-Laptop is enabled. (State = 1)\nFirewall stealth mode is on\n',
      ),
    ),
    out(
      '/usr/sbin/system_profiler SPFirewallDataType -json',
      JSON.stringify({
        SPFirewallDataType: [
          {
            _name: 'CanaryCorp',
            spfirewall_globalstate: 'spfirewall_globalstate_limit_connections',
            spfirewall_applications: { 'Ada Lovelace': 1 },
          },
        ],
      }),
    ),
    out('/usr/bin/csrutil status', 'System Integrity Protection status: enabled.\nHost: Canary-Laptop\n'),
    out('/usr/bin/csrutil authenticated-root status', 'Authenticated Root status: enabled\nCanary-Laptop\n'),
    out('/usr/sbin/spctl --status', 'assessments enabled\nCanary-Laptop\n'),
    out(
      '/usr/bin/xprotect status',
      'XProtect launch scans: enabled\nXProtect background scans: enabled\nCanary-Laptop\n',
    ),
    out('/usr/bin/xprotect version', 'Version: 5371 Installed: 2026-11-12 18:20:31 +0000\nCanary-Laptop\n'),
    out(
      '/usr/sbin/system_profiler SPInstallHistoryDataType -json',
      JSON.stringify({
        SPInstallHistoryDataType: [
          { _name: 'CanaryCorp Agent', install_date: '2026-11-12T18:20:31Z' },
          { _name: 'XProtectPayloads', install_date: '2026-11-12T18:20:31Z', install_version: 'C02CANARY01' },
        ],
      }),
    ),
    out(
      '/bin/launchctl list',
      'PID\tStatus\tLabel\n1\t0\texample.canary.CanaryCorp\n-\t0\tcom.apple.XProtect.daemon.scan\n',
    ),
    out(
      '/usr/sbin/softwareupdate --schedule',
      'Automatic checking for updates is turned on\nCanary-Laptop\n',
    ),
    out(
      '/usr/bin/tmutil destinationinfo -X',
      dictionary(
        `<key>Destinations</key><array><dict><key>ID</key><string>${uuid}</string><key>Name</key><string>Canary Backup Disk</string><key>Kind</key><string>Local</string><key>URL</key><string>smb://ada@canary.example</string><key>MountPoint</key><string>${volume}</string></dict></array>`,
      ),
    ),
    out(
      '/usr/bin/tmutil latestbackup',
      '/Volumes/Canary Backup Disk/Backups.backupdb/Canary-Laptop/2026-11-16-221530.backup\n',
      { stderr: '' },
    ),
    out(
      '/bin/launchctl print-disabled system',
      '\n\tdisabled services = {\n\t\t"example.canary.CanaryCorp" => enabled\n\t\t"com.openssh.sshd" => disabled\n\t}\n',
    ),
    ...[
      'com.openssh.sshd',
      'com.apple.screensharing',
      'com.apple.smbd',
      'com.apple.AEServer',
      'com.apple.auditd',
    ].map(label),
    out(
      '/usr/sbin/netstat -an -p tcp',
      'Active Internet connections (including servers)\nProto Recv-Q Send-Q  Local Address          Foreign Address        (state)    \ntcp4       0      0  192.0.2.77.22         *.*                    LISTEN     \ntcp4       0      0  192.0.2.77.50123      192.0.2.77.443         ESTABLISHED\n',
    ),
    out(
      '/usr/sbin/lsof -nP -iTCP:22 -iTCP:3283 -iTCP:5900 -sTCP:LISTEN -Fcn',
      'p1\ncCanaryCorp\nf3\nn192.0.2.77:22\n',
    ),
    out('/usr/sbin/cupsctl', '_share_printers=0\n_remote_any=0\nServerName=Canary-Laptop\n'),
    out(
      '/usr/bin/dscl -plist . -readall /Users RecordName UniqueID UserShell AuthenticationAuthority',
      list(
        `<array>${person('_canary-secret', 300, ';ShadowHash;')}${person('ada.lovelace', 501, `;Kerberosv5;;ada.lovelace@LKDC:SHA1.C02CANARY01;;ShadowHash;HASHLIST:&lt;canary-secret&gt;`)}${person('grace.hopper', 502, ';ShadowHash;')}</array>`,
      ),
    ),
    out('/usr/bin/dscl . -list /Users hint', 'ada.lovelace  canary-secret\ngrace.hopper\n_canary-secret\n'),
    out('/usr/bin/id -G user', '20 501 12 61 80 7777\n'),
    out('/usr/sbin/systemsetup -getusingnetworktime', 'Network Time: On\nTime Server: canary.example\n'),
    out(
      '/usr/bin/profiles status -type enrollment',
      'Enrolled via DEP: Yes\nMDM enrollment: Yes (User Approved)\nMDM server: https://canary.example/mdm\n',
    ),
    out(
      '/usr/sbin/system_profiler SPAirPortDataType -json',
      JSON.stringify({
        SPAirPortDataType: [
          {
            spairport_airport_interfaces: [
              {
                _name: 'en0',
                spairport_wireless_mac_address: 'de:ad:be:ef:00:01',
                spairport_current_network_information: {
                  _name: 'CanaryNet',
                  spairport_security_mode: 'spairport_security_mode_wpa2_personal',
                },
                spairport_airport_other_local_wireless_networks: [{ _name: 'CanaryNet' }],
              },
            ],
          },
        ],
      }),
    ),
    out(
      '/usr/sbin/networksetup -listallhardwareports',
      '\nHardware Port: Ada Lovelace\nDevice: en5\nEthernet Address: de:ad:be:ef:00:01\n\nHardware Port: Wi-Fi\nDevice: en0\nEthernet Address: de:ad:be:ef:00:01\n',
    ),
    out(
      '/usr/sbin/ipconfig getsummary en0',
      '<dictionary> {\n  BSSID : de:ad:be:ef:00:01\n  InterfaceType : WiFi\n  LinkStatusActive : TRUE\n  SSID : CanaryNet\n  Security : WPA2_PSK\n}\n',
    ),
    out(
      '/usr/sbin/scutil --nwi',
      'Network information\n\n    en0 : flags      : 0x5 (IPv4,DNS)\n           address    : 192.0.2.77\n\nNetwork interfaces: en0\n',
    ),
    out(
      '/bin/ps -axo comm=',
      '/Users/ada.lovelace/Applications/Dropbox.app/Contents/MacOS/Dropbox\n/opt/CanaryCorp/agent\n',
    ),
    out(
      '/usr/bin/sudo -n -l -U user',
      'Matching Defaults entries for ada.lovelace on Canary-Laptop:\n    env_keep+=CanaryCorp, !authenticate\n\nUser ada.lovelace may run the following commands on Canary-Laptop:\n    (ALL) NOPASSWD: /usr/local/bin/CanaryCorp, ALL\n    (grace.hopper) /bin/ls\n',
    ),
    out('/usr/sbin/sysadminctl -screenLock status', '', {
      as: 'user',
      stderr: '2026-11-18 07:59:58.114 sysadminctl[812:44120] screenLock delay is immediate\nCanary-Laptop\n',
    }),
    out('/usr/bin/defaults -currentHost read com.apple.screensaver idleTime', '300\n', { as: 'user' }),
    out('/usr/bin/defaults -currentHost read com.apple.Bluetooth PrefKeyServicesEnabled', '0\n', {
      as: 'user',
    }),
    // Reads the agent does not have: a recording has no place for them.
    out('/usr/sbin/ioreg -l', 'IOPlatformSerialNumber = C02CANARY01\n'),
    { file: '/Users/user/notes.txt', content: 'canary-secret' },
    { directory: '/Users/user/Desktop', entries: ['canary-secret.txt'] },
    { systeminformation: 'system', result: { serial: 'C02CANARY01' } },
  ],
};

describe('canaries', () => {
  const original = RecordingFile.parse(laptop);
  const found = (text: string) =>
    canaries.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));

  test('stand in every read there is', () => {
    expect(found(JSON.stringify(laptop.reads))).toEqual(canaries);
  });

  test('are in no read that is kept', async () => {
    const { reads } = await scrubbed(original);
    expect(reads.flatMap((read) => found(JSON.stringify(read)))).toEqual([]);
    expect(reads.length).toBe(original.reads.length - 11);
  });

  test('are in no recording the agent writes, and in no fact', async () => {
    const live = replaySources(original);
    const recorder = recordSources(live, await scrubMac(live));
    const facts = await runChecks(recorder.sources, basePolicy());
    await readAllMac(recorder.sources);
    // Every read that stands above was made, so none of them hides a canary for another version of the agent.
    const made = recorder
      .recording()
      .reads.filter((read) => !('error' in read && read.error === 'not-recorded'));
    expect(made.length).toBe((await scrubbed(original)).reads.length);
    expect(found(JSON.stringify(recorder.recording()))).toEqual([]);
    expect(found(JSON.stringify(facts))).toEqual([]);
  });

  test('leave the verdicts as they were', async () => {
    const statuses = async (recording: Recording) =>
      (await verdicts(recording)).points.map((point) => point.split(',')[0]);
    expect(await statuses(await scrubbed(original))).toEqual(await statuses(original));
  });

  test('two people keep apart', async () => {
    const { reads } = await scrubbed(original);
    const accounts = reads.find(
      (read) => 'command' in read && read.command[0].endsWith('dscl') && read.command[1] === '-plist',
    );
    expect(JSON.stringify(accounts)).toMatch(/<string>user<\/string>.*<string>user2<\/string>/s);
  });
});
