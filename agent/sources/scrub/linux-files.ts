import { shellWords } from '../../readings/linux/configuration.ts';
import { parseLockCommand } from '../../readings/linux/lock-commands.ts';
import { pamWords } from '../../readings/linux/pam.ts';
import { shadow } from './linux-commands.ts';
import { type LinuxNames, redacted } from './linux-names.ts';
import { greetdSessions, sudoers } from './linux-rules.ts';
import { aptSources } from './linux-software.ts';
import { iniSettings, keptLines, linesLike, plainValue, type Rewrite, settings } from './linux-text.ts';

const pamArgument =
  /^\[?(?:(?:minlen|minclass|[dulo]credit|remember|deny|unlock_time|fail_interval|retry|enforcing)=(?:-?\d{1,10}|never)|preauth|authfail|authsucc|nullok|use_authtok|try_first_pass|obscure|yescrypt|sha512|shadow|enforce_for_root|local_users_only|even_deny_root|silent)\]?$/;
const pamModule =
  /^pam_(?:unix|pwquality|cracklib|passwdqc|pwhistory|faillock|tally2?|faildelay|deny|permit|env|localuser|usertype|succeed_if|sss|winbind|ldap|krb5|fprintd|systemd|systemd_home|gnome_keyring|kwallet5|cap|ecryptfs|limits|keyinit|access|nologin|time|umask|selinux|loginuid|oddjob_mkhomedir|mkhomedir)\.so$/;
const pamFile = /^(?:common-(?:password|auth|account|session)|system-auth|password-auth|postlogin|passwd)$/;
const pamControl =
  /^(?:required|requisite|sufficient|optional|\[(?:\s*(?:success|default|ignore|die|bad|ok|done|new_authtok_reqd|user_unknown|auth_err|perm_denied|acct_expired|authinfo_unavail|maxtries)=(?:ignore|die|bad|ok|done|reset|\d{1,2}))+\s*\])$/;

/** An argument that decides something; a value nobody knows stays one, so that its default is not taken for it. */
function pamArgumentOf(arg: string): string[] {
  if (pamArgument.test(arg)) return [arg];
  const name = /^\[?(minlen|minclass|[dulo]credit|remember|deny|unlock_time)=/.exec(arg)?.[1];
  return name === undefined ? [] : [`${name}=${redacted}`];
}

/** PAM lines: what is called, how it counts, and the arguments that decide something. Paths, names and groups are left out. */
const pam: Rewrite = (text) =>
  pamWords(text)
    .flatMap(([type = '', control = '', module = '', ...args]) => {
      const file = (name: string) => (pamFile.test(name) ? name : 'other');
      if (type === '@include') return [`@include ${file(control)}\n`];
      if (!/^-?(?:auth|account|password|session)$/.test(type)) return [];
      if (/^(?:include|substack)$/.test(control)) return [`${type} ${control} ${file(module)}\n`];
      if (!pamControl.test(control)) return [];
      const base = module.split('/').at(-1) ?? '';
      const kept = [
        type,
        control,
        pamModule.test(base) ? base : 'pam_other.so',
        ...args.flatMap(pamArgumentOf),
      ];
      return [`${kept.join(' ')}\n`];
    })
    .join('');

const mounts: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const fields = line.trim().split(' ');
    const dash = fields.indexOf('-');
    const [, , , , target = '', options = ''] = fields;
    const [fsType = '', source = '', more = ''] = dash < 0 ? [] : fields.slice(dash + 1);
    if (!/^[\w.]{1,24}$/.test(fsType)) return undefined;
    const place = names.mountPoint(target.replace(/\\040/g, ' '));
    const flags = (list: string) =>
      list
        .split(',')
        .filter((option) => /^(?:ro|rw|nosuid|nodev|noexec|relatime|noatime)$/.test(option))
        .join(',') || 'rw';
    const kept = keptSource(fsType, source, place, names);
    if (kept === undefined) return undefined;
    return `1 1 0:0 / ${place} ${flags(options)} - ${fsType} ${kept} ${flags(more)}`;
  });

function keptSource(fsType: string, source: string, place: string, names: LinuxNames): string | undefined {
  if (source.startsWith('/dev/')) return names.devicePath(source);
  if (fsType === 'zfs') return names.dataset(source);
  if (fsType === 'ecryptfs') return 'ecryptfs';
  // Overlays of containers say nothing; the root and what it is made of does.
  return place === '/' || place === '/sysroot' ? 'none' : undefined;
}

const swaps: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    if (/^Filename\s+Type\s/.test(line)) return 'Filename\tType\tSize\tUsed\tPriority';
    const [path = '', kind] = line.trim().split(/\s+/);
    if (kind === 'partition') {
      const device = names.devicePath(path);
      return device === undefined ? undefined : `${device}\tpartition\t1\t0\t-2`;
    }
    return kind === 'file'
      ? `${/^\/(?:swapfile|swap\.img|swap\/swapfile|var\/swap)$/.test(path) ? path : '/swapfile'}\tfile\t1\t0\t-2`
      : undefined;
  });

const usbGuardRules: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, target] = /^(allow|block|reject)\b/.exec(line.trim()) ?? [];
    if (target === undefined) return undefined;
    const list = /\bwith-interface\s+((?:[a-z-]+\s+)?\{[\s0-9a-f*:]*\}|[0-9a-f*:]+)/i.exec(line)?.[1];
    return list === undefined ? target : `${target} with-interface ${list}`;
  });

/** A flatpak, a client, a key: that the file is there is all there is to know. */
const presence: Rewrite = () => '<redacted>';

/** Idle programs' files: when they act, and whether what they then start locks. Nobody's own commands are kept. */
const idleFile: Rewrite = (text, names) => {
  const reduced = (command: string): string | undefined => {
    const variable = /^\$(\w+)$/.exec(command.trim())?.[1];
    if (variable !== undefined) return `$${names.other('command', variable)}`;
    const { locker, asksLogind, graceSeconds } = parseLockCommand(command);
    if (locker) return graceSeconds > 0 ? `swaylock --grace ${graceSeconds}` : 'swaylock';
    return asksLogind ? 'loginctl lock-session' : undefined;
  };
  return keptLines(text, (line) => {
    const content = line.replace(/(?<!#)#(?!#).*$/, '').trim();
    if (/^(?:general|listener) \{$|^\}$|^timeout\s*=\s*\d{1,7}$/.test(content)) return content;
    if (/^source\s*=/.test(content)) return 'source = x';
    const [, set = '', value = ''] = /^(on-timeout|lock_cmd|\$\w+)\s*=\s*(.*)$/.exec(content) ?? [];
    const [, event = '', rest = ''] = /^(timeout \d{1,7}|lock)\s+(.*)$/.exec(content) ?? [];
    const command = reduced(set === '' ? (shellWords(rest)[0] ?? '') : value);
    if (command === undefined) return undefined;
    if (set !== '')
      return `${set.startsWith('$') ? `$${names.other('command', set.slice(1))}` : set} = ${command}`;
    return event === '' ? undefined : `${event} '${command}'`;
  });
};

/** A version that is left out would make a rolling distribution of it. */
const releases: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, key, value = ''] =
      /^(ID|ID_LIKE|VERSION_ID|VERSION_CODENAME|VARIANT_ID|BUILD_ID|SUPPORT_END|PRETTY_NAME)=(.*)$/.exec(
        line,
      ) ?? [];
    if (key === undefined) return undefined;
    return /^["']?[\w .:+()/-]{0,80}["']?$/.test(value) ? line : `${key}=${redacted}`;
  });

const securityModules = linesLike(
  /^(?:(?:\[?(?:none|integrity|confidentiality|lockdown|capability|landlock|yama|apparmor|selinux|bpf|ipe|ima|evm|tomoyo|smack|safesetid|loadpin)\]?)[ ,]?)+$/,
);

/** What is kept of a file, by its path. First match wins; no match = the read is left out. */
export const fileKeeps: readonly (readonly [RegExp, Rewrite])[] = [
  [/^\/etc\/os-release$/, releases],
  [
    /^\/(?:home\/user\w*\/\.config|etc\/xdg)\/kscreenlockerrc$/,
    iniSettings(/^Daemon$/, ['Autolock', 'Timeout', 'LockGrace', 'RequirePassword', 'LockOnResume', 'Lock']),
  ],
  [
    /^\/(?:home\/user\w*\/\.config|etc\/xdg)\/xfce4\/xfconf\/xfce-perchannel-xml\/xfce4-screensaver\.xml$/,
    xfceChannel,
  ],
  [/^\/home\/user\w*\/\.config\/(?:swayidle\/config|hypr\/hypridle\.conf)$/, idleFile],
  [
    /^\/home\/user\w*\/\.xscreensaver$/,
    linesLike(
      /^(?:(?:timeout|lockTimeout):\s*\d{1,3}:\d\d:\d\d|lock:\s*(?:True|False)|mode:\s*(?:off|blank|one|random|random-same))$/,
    ),
  ],
  [/^\/home\/user\w*\/\.config\/kded_device_automounterrc$/, iniSettings(/^General$/, ['AutomountEnabled'])],
  [/^\/proc\/self\/mountinfo$/, mounts],
  [/^\/proc\/swaps$/, swaps],
  [
    /^\/etc\/usbguard\/usbguard-daemon\.conf$/,
    settings(
      'ImplicitPolicyTarget InsertedDevicePolicy RuleFile',
      /^(?:allow|block|reject|apply-policy|\/etc\/usbguard\/rules\.conf)$/,
    ),
  ],
  [/^\/etc\/usbguard\/rules\.conf$/, usbGuardRules],
  [/^\/etc\/pam\.d\/(?:common-(?:password|auth|account)|system-auth|password-auth|passwd)$/, pam],
  [
    /^\/etc\/security\/pwquality\.conf(?:\.d\/\d+\.conf)?$/,
    settings(
      'minlen minclass dcredit ucredit lcredit ocredit enforce_for_root dictcheck enforcing',
      /^(?:-?\d{1,10}|never|)$/,
    ),
  ],
  [
    /^\/etc\/security\/(?:faillock|pwhistory)\.conf$/,
    settings('deny unlock_time fail_interval even_deny_root remember', /^(?:-?\d{1,10}|never|)$/),
  ],
  [
    /^\/etc\/login\.defs$/,
    settings(
      'PASS_MAX_DAYS PASS_MIN_DAYS PASS_MIN_LEN ENCRYPT_METHOD UID_MIN UID_MAX SYS_UID_MAX',
      /^(?:\d{1,10}|SHA\d{3}|MD5|DES|BCRYPT|YESCRYPT)$/,
    ),
  ],
  [/^\/etc\/shadow$/, shadow],
  [/^\/etc\/ufw\/ufw\.conf$/, settings('ENABLED', /^(?:yes|no)$/i)],
  [/^\/etc\/default\/ufw$/, settings('IPV6 DEFAULT_INPUT_POLICY', /^(?:yes|no|ACCEPT|DROP|REJECT)$/i)],
  [/^\/etc\/sudoers(?:\.d\/[\w.~-]+)?$/, sudoers],
  [
    /^\/(?:etc|usr\/share)\/lightdm\/lightdm\.conf(?:\.d\/\d+\.conf)?$/,
    iniSettings(
      /^(?:Seat:\*|SeatDefaults)$/,
      ['allow-guest', 'autologin-guest', 'autologin-user-timeout'],
      ['autologin-user'],
    ),
  ],
  [
    /^\/etc\/gdm3?\/(?:custom|daemon)\.conf$/,
    iniSettings(/^daemon$/, ['AutomaticLoginEnable', 'TimedLoginEnable'], ['AutomaticLogin', 'TimedLogin']),
  ],
  [/^\/etc\/sddm\.conf(?:\.d\/\d+\.conf)?$/, iniSettings(/^Autologin$/, [], ['User'])],
  [/^\/etc\/greetd\/config\.toml$/, greetdSessions],
  [/^\/etc\/lxdm\/lxdm\.conf$/, iniSettings(/^base$/, [], ['autologin'])],
  [
    /^\/etc\/systemd\/system\/getty@tty1\.service\.d\/\d+\.conf$/,
    (text) =>
      keptLines(text.replace(/\\\n/g, ' '), (line) => {
        const command = /^\s*ExecStart\s*=(.*)$/.exec(line)?.[1];
        if (command === undefined) return undefined;
        if (command.trim() === '') return 'ExecStart=';
        return /(^|\s)(?:--autologin|-a)(\s|=|$)/.test(command)
          ? 'ExecStart=-/sbin/agetty --autologin user %I'
          : 'ExecStart=-/sbin/agetty %I';
      }),
  ],
  [/^\/proc\/net\/ip6?_tables_names$/, linesLike(/^(?:filter|nat|mangle|raw|security)$/)],
  [/^\/proc\/sys\/net\/ipv6\/conf\/all\/disable_ipv6$/, plainValue],
  [
    /^\/etc\/cups\/cupsd\.conf$/,
    (text) =>
      keptLines(text, (line) => {
        const [, key, value = ''] = /^\s*(Listen|Port|Browsing)\s+(\S+)\s*$/.exec(line) ?? [];
        if (key === undefined) return undefined;
        if (
          /^(?:localhost(?::\d+)?|\/run\/cups\/cups\.sock|\/var\/run\/cups\/cups\.sock|127\.0\.0\.1:\d+|\[::1\]:\d+|\*:\d+|0\.0\.0\.0:\d+|\d{1,5}|[Yy]es|[Nn]o|[Oo]n|[Oo]ff)$/.test(
            value,
          )
        )
          return `${key} ${value}`;
        return key === 'Listen' ? 'Listen 192.0.2.1:631' : undefined;
      }),
  ],
  [
    /^\/etc\/exports$/,
    (text) =>
      keptLines(text, (line) => {
        const counted = /^\s*#\s*\d+ lines?\s*$/.exec(line)?.[0];
        return counted ?? (/^\s*(#|$)/.test(line) ? undefined : '/srv *(ro)');
      }),
  ],
  [
    /^\/etc\/dnf\/(?:automatic|dnf5-plugins\/automatic)\.conf$/,
    iniSettings(/^commands$/, ['apply_updates', 'upgrade_type', 'download_updates']),
  ],
  [/^\/etc\/dnf\/dnf\.conf$/, iniSettings(/^main$/, ['gpgcheck', 'pkg_gpgcheck'])],
  [
    /^\/etc\/yum\.repos\.d\/\d+\.repo$/,
    (text) => {
      let number = 0;
      return keptLines(text, (line) => {
        if (/^\[.*\]$/.test(line.trim())) return `[${++number}]`;
        const [, key, value = ''] = /^\s*(enabled|(?:pkg_)?gpgcheck)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
        if (key === undefined) return undefined;
        return `${key}=${/^(?:[01]|yes|no|true|false|on|off)$/i.test(value) ? value : redacted}`;
      });
    },
  ],
  [/^\/etc\/apt\/sources\.list(?:\.d\/\d+\.(?:list|sources))?$/, aptSources],
  [/^\/run\/reboot-required$/, presence],
  [/^\/sys\/kernel\/security\/(?:lockdown|lsm)$/, securityModules],
  [/^\/sys\/module\/apparmor\/parameters\/enabled$/, linesLike(/^[YN]$/)],
  [/^\/sys\/fs\/selinux\/enforce$/, linesLike(/^[01]$/)],
  [/^\/etc\/timeshift\/timeshift\.json$/, presence],
  [
    /^\/home\/user\/\.(?:dropbox\/info\.json|config\/Nextcloud\/nextcloud\.cfg|config\/onedrive\/refresh_token|local\/state\/syncthing\/config\.xml)$/,
    presence,
  ],
  [
    /^\/home\/user\/\.config\/rclone\/rclone\.conf$/,
    (text) =>
      keptLines(text, (line) =>
        /^\[.*\]$/.test(line.trim())
          ? '[remote]'
          : /^\s*type\s*=\s*(?:drive|dropbox|onedrive|s3|b2|webdav|sftp|ftp|box|mega|pcloud|crypt|azureblob|jottacloud|koofr|protondrive|local|alias|union|smb)\s*$/.test(
                line,
              )
            ? line.trim()
            : undefined,
      ),
  ],
  [
    /^\/etc\/systemd\/journald\.conf(?:\.d\/\d+\.conf)?$/,
    iniSettings(/^Journal$/, ['Storage', 'MaxRetentionSec', 'SystemMaxUse']),
  ],
  [
    /^\/etc\/crypto-policies\/state\/current$/,
    linesLike(
      /^(?:DEFAULT|LEGACY|FUTURE|FIPS|BSI|NEXT|EMPTY)(?::(?:NO-SHA1|SHA1|AD-SUPPORT|AD-SUPPORT-LEGACY|GOST|PQ|TEST-PQ|OSPP|ECDHE-ONLY|NO-CAMELLIA|NO-ENFORCE-EMS))*$/,
    ),
  ],
  [/^\/etc\/ssl\/openssl\.cnf$/, linesLike(/^\s*MinProtocol\s*=\s*(?:None|SSLv3|D?TLSv1(?:\.[0-3])?)\s*$/)],
];

/** Properties of the screensaver, nested as they were. */
function xfceChannel(text: string): string {
  const tags = [
    ...text.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<(\/?)(property|channel)\b([^>]*?)(\/?)>/g),
  ];
  return tags
    .map(([, close, name, attributes = '', end]) => {
      if (close) return `</${name}>`;
      const kept = ['name', 'type', 'value', 'locked'].flatMap((key) => {
        const value = new RegExp(`\\b${key}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
        if (value === undefined) return [];
        return [`${key}="${/^(?:[a-z0-9-]{1,30}|\*)$/.test(value) ? value : 'x'}"`];
      });
      return `<${[name, ...kept].join(' ')}${end}>`;
    })
    .join('\n');
}
