import { linesOf } from '../../readings/darwin/lines.ts';
import {
  consoleUser,
  disabledServices,
  energy,
  hardwarePorts,
  hints,
  holders,
  latestBackup,
  lines,
  linesAndMarks,
  openPorts,
  type Rewrite,
  rowsOf,
  running,
  securityInfo,
  service,
  sudo,
  text,
  word,
} from './darwin-rewriters.ts';

/** Commands that answer in text, by program name and arguments, and what stays of each. */
export const textKeeps: Readonly<Record<string, Rewrite>> = {
  sw_vers: lines(/^(?:Product|Build)Version:\s+[\w.]{1,20}$/),
  'scutil <- show State:/Users/ConsoleUser\n': consoleUser,
  'stat -f %Su /dev/console': ({ stdout }, names) => ({
    stdout: `${names.account(stdout.trim())}\n`,
    stderr: '',
  }),
  'fdesetup status': (output, names) =>
    linesAndMarks(
      /^FileVault is (?:On|Off)(?:\.|, but (?:needs to be restarted to finish|will be enabled after the next restart)\.?)$/,
      /^(?:En|De)cryption in progress: (?:[Pp]ercent [Cc]ompleted? ?= ?[\d.]{1,8}|Pending|Paused)$/,
      /^FileVault master keychain appears to be installed\.$/,
      /^Deferred enablement appears to be active for user 'user'\.$/,
    )(
      {
        ...output,
        stdout: output.stdout.replace(
          /^(Deferred enablement appears to be active) .*$/m,
          "$1 for user 'user'.",
        ),
      },
      names,
    ),
  'fdesetup isactive': word(/^(?:true|false)\n$/),
  'mdmclient QuerySecurityInfo': securityInfo,
  'pmset -g custom': energy,
  'socketfilterfw --getglobalstate': lines(
    /^Firewall is (?:enabled|disabled|blocking all non-essential incoming connections)\. \(State = [012]\)$/,
    /^Must be root to change settings\.$/,
  ),
  'socketfilterfw --getblockall': lines(
    /^Firewall has block all state set to (?:en|dis)abled\.$/,
    /^Block all DISABLED!$/,
    /^Must be root to change settings\.$/,
  ),
  'socketfilterfw --getstealthmode': lines(
    /^Firewall stealth mode is (?:on|off)$/,
    /^Stealth mode (?:en|dis)abled$/,
    /^Must be root to change settings\.$/,
  ),
  'csrutil status': linesAndMarks(
    /^System Integrity Protection status: (?:enabled|disabled|\w+ \((?:Custom Configuration|Apple Internal)\))\.$/,
    /^Configuration:$/,
    /^\s+(?:Apple Internal|Kext Signing|Filesystem Protections|Debugging Restrictions|DTrace Restrictions|NVRAM Protections|BaseSystem Verification): (?:enabled|disabled)$/,
  ),
  'csrutil authenticated-root status': lines(/^Authenticated Root status: (?:en|dis)abled\.?$/),
  'spctl --status': lines(/^assessments (?:en|dis)abled$/),
  'xprotect status': lines(/^XProtect (?:launch|background) scans: (?:en|dis)abled$/),
  'xprotect version': lines(/^Version: \d{1,8} Installed: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$/),
  'launchctl list': ({ stdout }) => ({
    stdout: text([
      'PID\tStatus\tLabel',
      ...linesOf(stdout).flatMap((line) => {
        const label =
          /\s(?:\S*\.)?(com\.apple\.XprotectFramework\.PluginService|com\.apple\.XProtect\.daemon\.scan)$/.exec(
            line,
          )?.[1];
        return label === undefined ? [] : [`-\t0\t${label}`];
      }),
    ]),
    stderr: '',
  }),
  'softwareupdate --schedule': lines(/^Automatic (?:checking for updates is turned|check is) (?:on|off)$/),
  'tmutil latestbackup': latestBackup,
  'launchctl print-disabled system': disabledServices,
  ...Object.fromEntries(
    [...rowsOf, 'com.apple.auditd'].map((label) => [`launchctl print system/${label}`, service]),
  ),
  'netstat -an -p tcp': openPorts,
  'lsof -nP -iTCP:22 -iTCP:3283 -iTCP:5900 -sTCP:LISTEN -Fcn': holders,
  cupsctl: lines(/^_(?:share_printers|remote_any)=[01]$/),
  'dscl . -list /Users hint': hints,
  'id -G user': ({ stdout }) => ({
    stdout: /^\d{1,10}(?: \d{1,10})*\n$/.test(stdout)
      ? `${
          stdout
            .trim()
            .split(' ')
            .filter((group) => group === '20' || group === '80')
            .join(' ') || '20'
        }\n`
      : '',
    stderr: '',
  }),
  'systemsetup -getusingnetworktime': lines(
    /^Network Time: (?:On|Off)$/,
    /^You need administrator access to run this tool\b.{0,20}$/,
  ),
  'profiles status -type enrollment': lines(
    /^Enrolled via DEP: (?:Yes|No)$/,
    /^MDM enrollment: (?:Yes \(User Approved\)|Yes|No)$/,
  ),
  'networksetup -listallhardwareports': hardwarePorts,
  'scutil --nwi': ({ stdout }) => {
    const names = /^Network interfaces:((?: [a-z]+\d{0,3})*)\s*\n/m.exec(stdout)?.[1];
    return {
      stdout: names === undefined ? '' : text(['Network information', '', `Network interfaces:${names}`]),
      stderr: '',
    };
  },
  'ps -axo comm=': running,
  'sudo -n -l -U user': sudo,
  'sysadminctl -screenLock status': ({ stderr }) => ({
    stdout: '',
    stderr: text(
      linesOf(stderr).flatMap((line) => {
        const said =
          /\] (screenLock (?:is off|delay is (?:immediate|-?\d{1,10}(?:\.\d{1,9})? seconds?))|Unknown state for screenLock \(\d+\)|Password is required!)$/.exec(
            line,
          )?.[1];
        const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}/.exec(line)?.[0] ?? '2000-01-01 00:00:00.000';
        return said === undefined ? [] : [`${at} sysadminctl[1:1] ${said}`];
      }),
    ),
  }),
  'defaults -currentHost read com.apple.screensaver idleTime': word(/^\d{1,10}\n$/),
  'defaults -currentHost read com.apple.Bluetooth PrefKeyServicesEnabled': word(/^[01]\n$/),
};

/** `ipconfig getsummary en0`: the three keys that say how the link is protected. */
export const interfaceSummary: Rewrite = ({ stdout }) => ({
  stdout: text([
    '<dictionary> {',
    ...linesOf(stdout).filter((line) =>
      /^ {2}(?:InterfaceType : \w{1,20}|LinkStatusActive : (?:TRUE|FALSE)|Security : [A-Z0-9_]{1,30})$/.test(
        line,
      ),
    ),
    '}',
  ]),
  stderr: '',
});

/** Text files. */
export const textFileKeeps: Readonly<Record<string, (content: string) => string>> = {
  '/etc/kcpassword': () => '',
  '/etc/security/audit_control': (content) =>
    text(linesOf(content).filter((line) => /^expire-after:[0-9a-zA-Z ]{1,30}$/.test(line))),
  '/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd': () => '',
  '/Library/Backblaze.bzpkg/bzdata/bzreports/bzstat_lastbackupcompleted.xml': (content) => {
    const millis = /\bgmt_millis(?:="|>)(\d{12,14})["<]/.exec(content)?.[1];
    return millis === undefined ? '' : `<contents><lastbackupcompleted gmt_millis="${millis}"/></contents>\n`;
  },
};
