import { SourceError, type Sources } from '../probe.ts';
import { diskInfo, disks, mountedElsewhere } from '../readings/darwin/disks.ts';
import { appVersion, listedApps, productOf } from '../readings/darwin/installed-apps.ts';
import { hardwarePorts, isWifi } from '../readings/darwin/network.ts';
import { told } from '../readings/darwin/told.ts';

const forAll = [
  'com.apple.loginwindow',
  'com.apple.MCX',
  'com.apple.security.firewall',
  'com.apple.systempolicy.control',
  'com.apple.SoftwareUpdate',
  'com.apple.timed',
];
const forPerson = [
  'com.apple.screensaver',
  'com.apple.mobiledevice.passwordpolicy',
  'com.apple.systemuiserver',
  'com.apple.applicationaccess',
  'com.apple.Safari',
];
const files = [
  '/System/Library/CoreServices/SystemVersion.plist',
  '/Library/Preferences/com.apple.loginwindow.plist',
  '/Library/Preferences/com.apple.alf.plist',
  '/var/db/SystemPolicyConfiguration/SystemPolicy-prefs.plist',
  '/var/db/SystemPolicy-prefs.plist',
  '/Library/Preferences/com.apple.SoftwareUpdate.plist',
  '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist',
  '/Library/Preferences/com.apple.TimeMachine.plist',
  '/Library/Preferences/SystemConfiguration/com.apple.nat.plist',
  '/etc/kcpassword',
  '/etc/security/audit_control',
  '/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd',
  '/Library/Backblaze.bzpkg/bzdata/bzreports/bzstat_lastbackupcompleted.xml',
];
const ownFiles = [
  'MobileMeAccounts.plist',
  'com.apple.finder.plist',
  'com.apple.sharingd.plist',
  'com.apple.amp.mediasharingd.plist',
].map((name) => `/Users/user/Library/Preferences/${name}`);
const commands = [
  '/usr/bin/sw_vers',
  '/usr/bin/stat -f %Su /dev/console',
  '/usr/bin/fdesetup status',
  '/usr/bin/fdesetup isactive',
  '/usr/sbin/diskutil apfs list -plist',
  '/usr/sbin/diskutil info -plist /',
  '/usr/sbin/diskutil apfs listCryptoUsers -plist /',
  '/usr/libexec/mdmclient QuerySecurityInfo',
  '/usr/bin/pmset -g custom',
  '/usr/bin/pwpolicy -getaccountpolicies',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getblockall',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode',
  '/usr/sbin/system_profiler SPFirewallDataType -json',
  '/usr/bin/csrutil status',
  '/usr/bin/csrutil authenticated-root status',
  '/usr/sbin/spctl --status',
  '/usr/bin/xprotect status',
  '/usr/bin/xprotect version',
  '/usr/sbin/system_profiler SPInstallHistoryDataType -json',
  '/bin/launchctl list',
  '/usr/sbin/softwareupdate --schedule',
  '/usr/bin/tmutil destinationinfo -X',
  '/usr/bin/tmutil latestbackup',
  '/bin/launchctl print-disabled system',
  ...['com.openssh.sshd', 'com.apple.screensharing', 'com.apple.smbd', 'com.apple.AEServer'].map(
    (label) => `/bin/launchctl print system/${label}`,
  ),
  '/bin/launchctl print system/com.apple.auditd',
  '/usr/sbin/netstat -an -p tcp',
  '/usr/sbin/lsof -nP -iTCP:22 -iTCP:3283 -iTCP:5900 -sTCP:LISTEN -Fcn',
  '/usr/sbin/cupsctl',
  '/usr/bin/dscl -plist . -readall /Users RecordName UniqueID UserShell AuthenticationAuthority',
  '/usr/bin/dscl . -list /Users hint',
  '/usr/sbin/systemsetup -getusingnetworktime',
  '/usr/bin/profiles status -type enrollment',
  '/usr/sbin/system_profiler SPAirPortDataType -json',
  '/usr/sbin/scutil --nwi',
  '/bin/ps -axo comm=',
];
const aboutPerson = ['/usr/bin/id -G user', '/usr/bin/sudo -n -l -U user'];
const asPerson = [
  '/usr/sbin/sysadminctl -screenLock status',
  '/usr/bin/defaults -currentHost read com.apple.screensaver idleTime',
  '/usr/bin/defaults -currentHost read com.apple.Bluetooth PrefKeyServicesEnabled',
];

const argv = (line: string) => line.split(' ') as [string, ...string[]];

/**
 * Makes every read the agent has on a Mac, also those that no check needed this time: a recording is to answer what another
 * version of the agent asks of it. What refuses is part of the answer. Never throws.
 */
export async function readAllMac(sources: Sources): Promise<void> {
  const seconds = (line: string) => ({ timeoutMs: line.includes('system_profiler') ? 60_000 : 10_000 });
  const here = sources.user !== null;
  const managed = [
    ...[...forAll, ...forPerson].map((domain) => `/Library/Managed Preferences/${domain}.plist`),
    ...(here ? forPerson : []).map((domain) => `/Library/Managed Preferences/user/${domain}.plist`),
  ];
  const safari =
    '/Users/user/Library/Containers/com.apple.Safari/Data/Library/Preferences/com.apple.Safari.plist';
  const reads: (() => Promise<unknown>)[] = [
    ...[...files, ...managed, ...(here ? [...ownFiles, safari] : [])].map(
      (path) => () => sources.fileBytes(path),
    ),
    ...(here ? ['/Users/user', '/Users/user/Library/CloudStorage', '/Users/user/.ssh'] : []).map(
      (path) => () => sources.directory(path),
    ),
    () => sources.command(['/usr/sbin/scutil'], { stdin: 'show State:/Users/ConsoleUser\n' }),
    ...[...commands, ...(here ? aboutPerson : [])].map(
      (line) => () => sources.command(argv(line), seconds(line)),
    ),
    ...(here ? asPerson : []).map(
      (line) => () => sources.command(argv(line), { as: 'user', ...seconds(line) }),
    ),
    () => everyDisk(sources),
    () => everyApp(sources),
    async () => {
      const wifi = (await hardwarePorts(sources)).find(isWifi);
      if (wifi !== undefined) await sources.command(['/usr/sbin/ipconfig', 'getsummary', wifi.device]);
    },
  ];
  for (const read of reads) {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
}

async function everyDisk(sources: Sources): Promise<void> {
  const all = await disks(sources);
  for (const { device } of [...all, ...mountedElsewhere(all)]) await told(diskInfo(sources, device));
}

async function everyApp(sources: Sources): Promise<void> {
  const kinds = ['sync', 'backup', 'passwordManagers', 'apps'] as const;
  for (const app of (await listedApps(sources)).apps) {
    if (kinds.some((kind) => productOf(kind, app) !== undefined)) await told(appVersion(sources, app));
  }
}
