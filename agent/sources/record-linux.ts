import type { CommandOptions, Sources } from '../probe.ts';
import { suseUpdater, unitNames } from '../readings/linux/services.ts';

type Argv = readonly [string, ...string[]];

const words = (line: string): Argv => {
  const [program = '', ...args] = line.split(' ');
  return [program, ...args];
};

/** Answered or refused, whoever asks: the fallbacks, and what only root is told. */
const commands: readonly Argv[] = [
  'loginctl list-sessions --no-legend',
  'systemctl get-default',
  'readlink -e /etc/systemd/system/display-manager.service',
  'lsblk -J -b -o NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN,RO',
  'modprobe --showconfig',
  'getent passwd',
  `systemctl show -p Id,LoadState,ActiveState,UnitFileState ${unitNames.join(' ')}`,
  `systemctl show -p Id,LoadState,ActiveState,UnitFileState ${suseUpdater}`,
  'ufw status verbose',
  'firewall-cmd --state',
  'firewall-cmd --get-default-zone',
  'firewall-cmd --get-active-zones',
  'nft -j list ruleset',
  'iptables-save',
  'ip6tables-save',
  'ss -H -ltn',
  'sshd -T',
  'nmcli -t -f ACTIVE,SECURITY,WPA-FLAGS,RSN-FLAGS dev wifi list --rescan no',
  'nmcli -t -f TYPE,STATE dev',
  'ip -j route get 192.0.2.1',
  'ip -j -6 route get 2001:db8::1',
  'timedatectl show -p NTPSynchronized -p NTP',
  'apt-config dump APT::Periodic',
  'apt-config dump Unattended-Upgrade::Allowed-Origins',
  'apt-config dump Unattended-Upgrade::Origins-Pattern',
  'apt-config dump APT::Get::AllowUnauthenticated',
  'apt-config dump Acquire::AllowInsecureRepositories',
  ...['apt/periodic/update-success-stamp', 'apt/lists', 'pacman/sync'].map(
    (path) => `stat -c %Y /var/lib/${path}`,
  ),
  ...['libdnf5', 'dnf', 'zypp/solv'].map((path) => `stat -c %Y /var/cache/${path}`),
  'apt-get -s -o Debug::NoLocking=true upgrade',
  '/usr/lib/update-notifier/apt-check',
  'dnf -q -C updateinfo list --security',
  'flatpak remote-ls --updates --columns=application',
  'snap refresh --list',
  'mokutil --sb-state',
  'getenforce',
].map(words);

/** With a blank in an argument. */
const moreCommands: readonly Argv[] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders.
  ['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package} ${Version}\\n'],
  ['rpm', '-qa', '--qf', '%{NAME} %{VERSION}\\n'],
];

const inSession: readonly Argv[] = [
  'systemctl --user show-environment',
  'id -Gn',
  ...['idle-delay'].map((key) => `gsettings get org.gnome.desktop.session ${key}`),
  ...['lock-enabled', 'lock-delay', 'idle-activation-enabled'].map(
    (key) => `gsettings get org.gnome.desktop.screensaver ${key}`,
  ),
  'gsettings get org.gnome.desktop.lockdown disable-lock-screen',
  ...['automount', 'automount-open', 'autorun-never'].map(
    (key) => `gsettings get org.gnome.desktop.media-handling ${key}`,
  ),
  'gsettings get org.gnome.DejaDup last-backup',
  'gsettings get org.gnome.DejaDup backend',
  ...['remove-old-trash-files', 'remove-old-temp-files', 'old-files-age'].map(
    (key) => `gsettings get org.gnome.desktop.privacy ${key}`,
  ),
].map(words);

const files: readonly string[] = [
  '/etc/os-release',
  '/proc/self/mountinfo',
  '/proc/swaps',
  '/etc/usbguard/usbguard-daemon.conf',
  '/etc/usbguard/rules.conf',
  ...['common-password', 'common-auth', 'common-account', 'system-auth', 'password-auth', 'passwd'].map(
    (name) => `/etc/pam.d/${name}`,
  ),
  ...['pwquality', 'faillock', 'pwhistory'].map((name) => `/etc/security/${name}.conf`),
  '/etc/login.defs',
  '/etc/shadow',
  '/etc/sudoers',
  '/etc/lightdm/lightdm.conf',
  '/etc/gdm3/custom.conf',
  '/etc/gdm3/daemon.conf',
  '/etc/gdm/custom.conf',
  '/etc/sddm.conf',
  '/etc/greetd/config.toml',
  '/etc/lxdm/lxdm.conf',
  '/etc/ufw/ufw.conf',
  '/etc/default/ufw',
  '/proc/net/ip_tables_names',
  '/proc/net/ip6_tables_names',
  '/proc/sys/net/ipv6/conf/all/disable_ipv6',
  '/etc/cups/cupsd.conf',
  '/etc/exports',
  '/etc/dnf/automatic.conf',
  '/etc/dnf/dnf5-plugins/automatic.conf',
  '/etc/dnf/dnf.conf',
  '/etc/apt/sources.list',
  '/run/reboot-required',
  ...['lockdown', 'lsm'].map((name) => `/sys/kernel/security/${name}`),
  '/sys/module/apparmor/parameters/enabled',
  '/sys/fs/selinux/enforce',
  ...[
    'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c',
    'SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c',
    'MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23',
  ].map((name) => `/sys/firmware/efi/efivars/${name}`),
  '/etc/timeshift/timeshift.json',
  '/etc/systemd/journald.conf',
  '/etc/crypto-policies/state/current',
  '/etc/ssl/openssl.cnf',
];

const ownFiles = [
  '.dropbox/info.json',
  '.config/Nextcloud/nextcloud.cfg',
  '.config/onedrive/refresh_token',
  '.config/rclone/rclone.conf',
  '.local/state/syncthing/config.xml',
].map((path) => `/home/user/${path}`);

/** Folders, and which of their files are read too. */
const directories: readonly (readonly [string, RegExp?])[] = [
  ['/usr/share/xsessions'],
  ['/usr/share/wayland-sessions'],
  ['/etc/security/pwquality.conf.d', /\.conf$/],
  ['/etc/sudoers.d', /^[^.]*[^.~]$/],
  ['/etc/lightdm/lightdm.conf.d', /\.conf$/],
  ['/etc/sddm.conf.d', /\.conf$/],
  ['/etc/systemd/system/getty@tty1.service.d', /\.conf$/],
  ['/etc/apt/sources.list.d', /\.(?:list|sources)$/],
  ['/etc/yum.repos.d', /\.repo$/],
  ['/sys/class/ieee80211'],
  ['/sys/firmware/efi'],
  ['/var/log/journal'],
];

/**
 * Asks for everything a recording of a Linux machine holds, answered or not: the fallbacks no probe needed today, and what is
 * denied without root, with its error. A bug report needs them all. What the probes have asked already is asked again, but kept once.
 */
export async function readAllLinux(sources: Sources): Promise<void> {
  const run = (argv: Argv, options?: CommandOptions) => sources.command(argv, options);
  const within = directories.map(async ([path, wanted]) => {
    const names = await sources.directory(path);
    const read = names.filter((name) => wanted?.test(name) === true);
    await Promise.allSettled(read.map((name) => sources.fileBytes(`${path}/${name}`)));
  });
  await Promise.allSettled([
    ...within,
    ...files.map((path) => sources.fileBytes(path)),
    ...[...commands, ...moreCommands].map((argv) => run(argv)),
    ...(sources.user === null
      ? []
      : [
          ...inSession.map((argv) => run(argv, { as: 'user' })),
          ...ownFiles.map((path) => sources.fileBytes(path)),
          sources.directory('/home/user/.ssh'),
        ]),
  ]);
}
