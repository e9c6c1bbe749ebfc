import { isDesktopWord } from '../../readings/linux/desktop.ts';
import { suseUpdater, unitNames } from '../../readings/linux/services.ts';
import { type LinuxNames, redacted } from './linux-names.ts';
import { nftRuleset, savedRules, ufwStatus, zoneNames, zoneRules } from './linux-rules.ts';
import {
  advisories,
  aptSettings,
  flatpakIds,
  mdatpHealth,
  newerPackages,
  packages,
  pendingPackages,
  snapNames,
} from './linux-software.ts';
import { keptLines, linesLike, onlyLinesLike, plainValue, type Rewrite } from './linux-text.ts';

const units = new Set([...unitNames, suseUpdater]);

/** `loginctl list-sessions`: ids, people and seats; later columns differ between versions and are left out. */
const sessionList: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const [, id, uid, name] = /^\s*([A-Za-z0-9]{1,32})\s+(\d+)\s+(\S+)/.exec(line) ?? [];
    if (id === undefined || uid === undefined || name === undefined) return undefined;
    return `${id} ${names.uid(Number(uid))} ${names.account(name)}`;
  });

const desktopWords = (list: string): string =>
  list
    .split(':')
    .map((word) => (word === '' || isDesktopWord(word) ? word : 'other'))
    .join(':');

const sessionShow: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === 'Name') return `Name=${names.account(value)}`;
    if (key === 'User') return /^\d{1,10}$/.test(value) ? `User=${names.uid(Number(value))}` : undefined;
    if (key === 'Desktop') return `Desktop=${desktopWords(value)}`;
    const plain: Record<string, RegExp> = {
      Id: /^[A-Za-z]{0,2}\d{1,8}$/,
      Type: /^(?:unspecified|tty|x11|wayland|mir|web)$/,
      Class:
        /^(?:user|user-early|user-incomplete|greeter|lock-screen|background|background-light|manager|manager-early|none)$/,
      Active: /^(?:yes|no)$/,
      State: /^(?:online|active|closing|opening)$/,
      Remote: /^(?:yes|no)$/,
      Seat: /^(?:seat\d{1,3})?$/,
    };
    return Object.hasOwn(plain, key) && plain[key]?.test(value) ? line : undefined;
  });

/** Command lines of lockers: options, numbers and programs everybody has; somebody's own scripts and texts are left out. */
const lockerWord =
  /^(?:--?(?:w|d|S|C|c|n|f|l|u|O|time|locker|notify|notifier|detectsleep|corners|killtime|killer|transfer-sleep-lock|nofork|grace(?:=\d{1,6})?|lock-after-screensaver(?:=\d{1,6})?|no-daemon|replace|no-respawn|no-splash|color|config|daemonize|ignore-sleep|noclose|secure)?|\d{1,7}|timeout|resume|before-sleep|after-resume|lock|unlock|idlehint|exec|sh|bash|loginctl|lock-sessions?|pidof|pgrep|pkill|killall|echo|swaymsg|hyprctl|output|power|on|off|dpms|dispatch|swayidle|hypridle|xautolock|xss-lock|light-locker|xscreensaver|xfce4-screensaver|mate-screensaver|cinnamon-screensaver(?:\.py|-main\.py)?|gnome-shell|plasmashell|cinnamon|sway|Hyprland|i3|python3?(?:\.\d+)?|swaylock|hyprlock|gtklock|waylock|physlock|i3lock(?:-color|-fancy)?|betterlockscreen|slock|xlock|xsecurelock|xtrlock|\|\||&&|;)$/;

const programs: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, pid, rest] = /^\s*(\d+)\s+(.+)$/.exec(line) ?? [];
    if (pid === undefined || rest === undefined) return undefined;
    const words = rest
      .trim()
      .split(/\s+/)
      .map((word) => {
        const base =
          word
            .replace(/^-(?=\w+$)/, (dash) => dash)
            .split('/')
            .at(-1) ?? '';
        return lockerWord.test(base) ? base : 'x';
      });
    return `${pid} ${words.join(' ')}`;
  });

/** Rebuilds lsblk's tree from the columns that were asked for. */
const blockDevices: Rewrite = (text, names) => {
  const tree = (node: Record<string, unknown>): Record<string, unknown> => {
    const name = typeof node['name'] === 'string' ? names.device(node['name']) : '';
    const places = (value: unknown) => (typeof value === 'string' ? names.mountPoint(value) : null);
    const word = (value: unknown) =>
      typeof value === 'string' && /^[\w-]{1,24}$/.test(value) ? value : null;
    const flag = (value: unknown) => (/^(?:true|false|0|1)$/.test(String(value)) ? value : null);
    return {
      name,
      type: word(node['type']) ?? '',
      fstype: word(node['fstype']),
      ...('mountpoints' in node && { mountpoints: [node['mountpoints']].flat().map(places) }),
      ...('mountpoint' in node && { mountpoint: places(node['mountpoint']) }),
      rm: flag(node['rm']),
      hotplug: flag(node['hotplug']),
      tran: word(node['tran']),
      ro: flag(node['ro']),
      ...(Array.isArray(node['children']) && { children: node['children'].map(tree) }),
    };
  };
  const parsed = JSON.parse(text) as { blockdevices: Record<string, unknown>[] };
  return `${JSON.stringify({ blockdevices: parsed.blockdevices.map(tree) }, null, 1)}\n`;
};

const luksHeader = linesLike(
  /^(?:LUKS header information|Version:\s+\d|Keyslots:|Tokens:|Data segments:|Digests:|\s+\d+: (?:crypt|luks2|systemd-[a-z0-9]+|clevis|pbkdf2)(?: \(unbound\))?|Key Slot \d+: (?:ENABLED|DISABLED)|\s*[Cc]ipher(?: name)?:\s+[a-z0-9_-]{1,40})$/,
);

/** Accounts: what a program or the name service says of people, without their names, homes and descriptions. */
const accounts: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const [name = '', password, uid = '', , , , shell = ''] = line.split(':');
    if (!/^\d{1,10}$/.test(uid)) return undefined;
    const account = names.account(name);
    // Services somebody installed are no account of a person.
    if (!names.isPerson(name) && !/^[a-z_]{1,20}$/i.test(account)) return undefined;
    const kept = /^\/[\w./-]{1,40}$/.test(shell) ? shell : '';
    const id = names.uid(Number(uid));
    // A password kept here and not in /etc/shadow leaves its mark.
    const kind = password === '' ? '' : /^(?:x|[*!].*)$/.test(password ?? '') ? 'x' : redacted;
    return `${account}:${kind}:${id}:${id}::${names.isPerson(name) ? `/home/${account}` : '/'}:${kept}`;
  });

export const shadow: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const [name = '', hash = '', ...rest] = line.split(':');
    if (rest.length < 6 || (!names.isPerson(name) && !/^[a-z_]{1,20}$/i.test(names.account(name))))
      return undefined;
    const kind =
      hash === ''
        ? ''
        : /^[!*]/.test(hash)
          ? hash.length > 2
            ? '!<redacted>'
            : hash
          : `${/^\$[\w]{1,3}\$/.exec(hash)?.[0] ?? ''}<redacted>`;
    const days = rest.slice(0, 6).map((field) => (/^\d{0,6}$/.test(field) ? field : ''));
    return `${names.account(name)}:${kind}:${days.join(':')}:`;
  });

const groups: Rewrite = (text, names) =>
  `${text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((group) => {
      if (/^(?:sudo|wheel|admin|adm|root|users)$/.test(group)) return group;
      return names.isPerson(group) ? names.account(group) : names.other('group', group);
    })
    .join(' ')}\n`;

const unitStates: Rewrite = (text) =>
  text
    .split('\n')
    .flatMap((line) => {
      if (line === '') return [''];
      const id = /^Id=(.*)$/.exec(line)?.[1];
      if (id !== undefined) return [units.has(id) ? line : 'Id=other.service'];
      return /^(?:LoadState|ActiveState|UnitFileState)=[a-z-]{0,20}$/.test(line) ? [line] : [];
    })
    .join('\n');

const driverRules: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, word, module, command = ''] =
      /^(install|blacklist) (usb[_-]storage|uas)(?: (.*))?$/.exec(line.trim()) ?? [];
    if (word === undefined) return undefined;
    if (word === 'blacklist') return `blacklist ${module}`;
    return `install ${module} ${/^(?:\/usr)?\/bin\/(?:true|false)$/.test(command) ? command : '/usr/bin/command'}`;
  });

const dataSets: Rewrite = (text, names) =>
  keptLines(text, (line) => {
    const [, name, value] = /^([^\t]+)\t+(off|on|-|aes-\d{3}-[a-z]{3})$/.exec(line) ?? [];
    return name === undefined ? undefined : `${names.dataset(name)}\t${value}`;
  });

const listening: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, , , local = ''] = line.trim().split(/\s+/);
    const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(local) ?? [];
    if (port === '') return line.trim() === '' ? undefined : redacted;
    const bare = host.replace(/%.*$/, '').replace(/^\[|\]$/g, '');
    const kept = /^(?:\*|0\.0\.0\.0|::|127\.\d+\.\d+\.\d+|::1)$/.test(bare)
      ? bare
      : bare.includes(':')
        ? '2001:db8::1'
        : '192.0.2.1';
    return `LISTEN 0 128 ${kept.includes(':') ? `[${kept}]` : kept}:${port} *:*`;
  });

const routes: Rewrite = (text, names) => {
  const parsed = JSON.parse(text) as { dev?: unknown; type?: unknown }[];
  const kept = parsed.map(({ dev, type }) => ({
    ...(/^(?:unreachable|prohibit|blackhole|throw)$/.test(String(type)) && { type }),
    ...(typeof dev === 'string' && { dev: names.networkInterface(dev) }),
  }));
  return `${JSON.stringify(kept)}\n`;
};

/** What the units of display managers are called; `display-manager` itself on NixOS. */
const displayManagers =
  /^(?:gdm3?|sddm|lightdm|lxdm|greetd|ly|xdm|slim|nodm|cosmic-greeter|plasmalogin|display-manager)$/;

/** What is kept of a command, by its program and arguments. First match wins; no match = the read is left out. */
export const commandKeeps: readonly (readonly [RegExp, Rewrite])[] = [
  [/^loginctl list-sessions --no-legend$/, sessionList],
  [/^loginctl show-session [A-Za-z0-9]{1,32}( -p [A-Z][A-Za-z]+)+$/, sessionShow],
  [/^systemctl get-default$/, linesLike(/^[a-z-]{1,30}\.target$/)],
  [
    /^readlink -e \/etc\/systemd\/system\/display-manager\.service$/,
    (text) =>
      keptLines(text, (line) => {
        const name = /^(?:\/(?:.*\/)?)?([\w@.-]+)\.service$/.exec(line)?.[1];
        if (name === undefined) return undefined;
        return `${displayManagers.test(name) ? name : 'other'}.service`;
      }),
  ],
  [
    /^systemctl --user show-environment$/,
    (text) =>
      keptLines(text, (line) => {
        const list = /^XDG_CURRENT_DESKTOP=(.*)$/.exec(line)?.[1];
        if (list !== undefined) return `XDG_CURRENT_DESKTOP=${desktopWords(list)}`;
        return /^XDG_SESSION_TYPE=(?:x11|wayland|tty|mir)$/.test(line) ? line : undefined;
      }),
  ],
  [/^pgrep -a -x -u \d+ \S+$/, programs],
  [/^gsettings get org\.[A-Za-z.-]+ [a-z-]+$/, plainValue],
  [/^gsettings writable org\.[A-Za-z.-]+ [a-z-]+$/, plainValue],
  [
    /^gsettings list-recursively apps\.light-locker$/,
    linesLike(/^apps\.light-locker [a-z-]+ (?:true|false|uint32 \d{1,9})$/),
  ],
  [/^kreadconfig[56] --file kscreenlockerrc --group Daemon --key [A-Za-z]+$/, plainValue],
  [
    /^xfconf-query -c xfce4-screensaver -l -v$/,
    linesLike(/^\/(?:saver|lock)\/[a-z/-]{1,60}\s+(?:true|false|\d{1,5})$/),
  ],
  [/^xset q$/, linesLike(/^\s*timeout:\s+\d+\s+cycle:\s+\d+$/)],
  [/^lsblk -J -b -o [A-Z,]+$/, blockDevices],
  [/^cryptsetup luksDump \S+$/, luksHeader],
  [
    /^fscrypt status \/home\/user$/,
    (text) =>
      /^"[^"]*" is encrypted with fscrypt/.test(text) ? '"/home/user" is encrypted with fscrypt.\n' : '',
  ],
  [/^zfs get -H -o name,value encryption$/, dataSets],
  [/^modprobe --showconfig$/, driverRules],
  [/^getent passwd$/, accounts],
  [/^getent shadow$/, shadow],
  [/^id -Gn$/, groups],
  [/^systemctl show -p Id,LoadState,ActiveState,UnitFileState /, unitStates],
  [/^ufw status verbose$/, ufwStatus],
  [/^firewall-cmd --state$/, linesLike(/^running$/)],
  [/^firewall-cmd --get-(?:default-zone|active-zones)$/, zoneNames],
  [/^firewall-cmd --zone=\S+ --list-all$/, zoneRules],
  [/^nft -j list ruleset$/, nftRuleset],
  [/^ip6?tables(?:-legacy)?-save$/, savedRules],
  [/^ss -H -ltn$/, listening],
  [
    /^sshd -T$/,
    linesLike(
      /^(?:port \d{1,5}|permitrootlogin [a-z-]+|passwordauthentication (?:yes|no)|listenaddress (?:0\.0\.0\.0|127\.0\.0\.1|\[::1?\]):\d{1,5})$/,
    ),
  ],
  [
    /^nmcli -t -f ACTIVE,SECURITY,WPA-FLAGS,RSN-FLAGS dev wifi list --rescan no$/,
    onlyLinesLike(
      /^(?:yes|no):(?:(?:WPA[123]?|WEP|OWE(?:-TM)?|SAE|802\.1X) ?)*(?::(?:\(none\)|(?:(?:(?:pair|group)_[a-z0-9]{1,12}|psk|sae|owe|owe_tm|802\.1X|802_1x|eap_suite_b_192) ?)+)){2}$/,
    ),
  ],
  [
    /^nmcli -t -f TYPE,STATE dev$/,
    onlyLinesLike(
      /^(?:wifi|wifi-p2p|ethernet|loopback|tun|wireguard|bridge|bt|gsm|cdma|vlan|vpn|dummy|bond|team|veth|ip-tunnel|macvlan|infiniband|ovs-[a-z]+):(?:connected|connected \(externally\)|connected \(local only\)|disconnected|unavailable|unmanaged|connecting \([a-z ]{1,40}\)|deactivating)$/,
    ),
  ],
  [/^ip -j (?:-6 )?route get (?:192\.0\.2\.1|2001:db8::1)$/, routes],
  [/^timedatectl show -p NTPSynchronized -p NTP$/, linesLike(/^NTP(?:Synchronized)?=(?:yes|no)$/)],
  [/^apt-config dump [\w:-]+$/, aptSettings],
  [/^stat -c %Y \/var\/[\w/-]+$/, linesLike(/^\d{1,12}$/)],
  [/^apt-get -s -o Debug::NoLocking=true upgrade$/, pendingPackages],
  [/^apt-check$/, () => ''],
  [/^dnf -q -C updateinfo list --security$/, advisories],
  [/^zypper -n patch-check$/, linesLike(/^\d+ patch(?:es)? needed(?: \(\d+ security patch(?:es)?\))?$/)],
  [/^pacman -Qu$/, newerPackages],
  [/^flatpak remote-ls --updates --columns=application$/, flatpakIds],
  [/^snap refresh --list$/, snapNames],
  [
    /^mokutil --sb-state$/,
    onlyLinesLike(
      /^(?:SecureBoot (?:enabled|disabled)|SecureBoot validation is disabled in shim|Platform is in Setup Mode)$/,
    ),
  ],
  [/^getenforce$/, linesLike(/^(?:Enforcing|Permissive|Disabled)$/)],
  [/^mdatp health --output json$/, mdatpHealth],
  [
    /^clamdscan --version$/,
    linesLike(
      /^ClamAV [\d.]+(?:\/\d+\/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})?$/,
    ),
  ],
  [/^dpkg-query -W -f \$\{db:Status-Abbrev\} \$\{Package\} \$\{Version\}\\n$/, packages],
  [/^rpm -qa --qf %\{NAME\} %\{VERSION\}\\n$/, packages],
];

/** Files that are commands' business elsewhere: how names in arguments become stand-ins. */
export function commandKey(argv: readonly string[], names: LinuxNames): string[] {
  const [program = '', ...args] = argv;
  const line = args.join(' ');
  if (/pgrep$/.test(program))
    return [
      program,
      ...args.map((arg, at) => (args[at - 1] === '-u' ? String(names.uid(Number(arg))) : arg)),
    ];
  if (/cryptsetup$/.test(program))
    return [
      program,
      ...args.map((arg) => (arg.startsWith('/') ? (names.devicePath(arg) ?? '/dev/other') : arg)),
    ];
  const zone = /^--zone=(\S+) --list-all$/.exec(line)?.[1];
  if (zone !== undefined) return [program, `--zone=${zoneKey(zone, names)}`, '--list-all'];
  return [program, ...args];
}

const zoneKey = (zone: string, names: LinuxNames): string => {
  const [kept = ''] = zoneNames(`${zone}\n`, names).split('\n');
  return kept;
};
