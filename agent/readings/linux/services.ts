import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';

/** The units every run asks about, in this order and in one call. */
export const unitNames = [
  'ufw.service firewalld.service nftables.service iptables.service ip6tables.service usbguard.service',
  'ssh.service sshd.service ssh.socket sshd.socket xrdp.service gnome-remote-desktop.service',
  'vncserver-x11-serviced.service x11vnc.service smbd.service smb.service nfs-server.service vsftpd.service',
  'minidlna.service cups.service cups-browsed.service mdatp.service falcon-sensor.service',
  'clamav-daemon.service clamav-clamonacc.service clamav-freshclam.service apt-daily.timer',
  'apt-daily-upgrade.timer unattended-upgrades.service dnf-automatic.timer dnf-automatic-install.timer',
  'dnf5-automatic.timer rpm-ostreed-automatic.timer snapd.service systemd-timesyncd.service chronyd.service',
  'chrony.service ntpd.service sssd.service borgmatic.timer restic.timer',
].flatMap((line) => line.split(' '));

/**
 * openSUSE's own updater (package os-update), asked for in a call of its own: what the other units were asked with is how recordings
 * know them.
 */
export const suseUpdater = 'os-update.timer';

/** A unit of systemd. Installed or enabled proves nothing; `active` says that it runs now. */
export interface Unit {
  readonly installed: boolean;
  readonly active: boolean;
  /** `enabled`, `disabled`, `masked`, `static`, ...; '' for a unit that does not exist. */
  readonly fileState: string;
}

export interface Services {
  /** Throws SourceError when the answer did not hold this unit. */
  unit(name: string): Unit;
}

/**
 * `systemctl show -p Id,LoadState,ActiveState,UnitFileState <units>` (systemd 252 to 257): one block a unit, in the order
 * asked, an empty line between; the Id of an alias is the real name. Throws SourceError where systemd does not run.
 */
export async function readServices(
  sources: Pick<Sources, 'command'>,
  names: readonly string[] = unitNames,
): Promise<Services> {
  const { stdout } = await answered(sources, [
    'systemctl',
    'show',
    '-p',
    'Id,LoadState,ActiveState,UnitFileState',
    ...names,
  ]);
  return parseServices(stdout, names);
}

/** See `readServices`; `asked` is the order in which the units were named. */
export function parseServices(stdout: string, asked: readonly string[]): Services {
  const blocks = stdout
    .trim()
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          block.split('\n').flatMap((line): [string, string][] => {
            const at = line.indexOf('=');
            return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
          }),
        ),
    )
    .filter((block) => block.has('LoadState') && block.has('ActiveState'));
  if (blocks.length === 0) throw unparseable('systemctl show');
  const units = new Map<string, Unit>();
  const add = (name: string | undefined, block: Map<string, string>) => {
    if (name === undefined) return;
    units.set(name, {
      installed: block.get('LoadState') !== 'not-found',
      active: block.get('ActiveState') === 'active',
      fileState: block.get('UnitFileState') ?? '',
    });
  };
  for (const block of blocks) add(block.get('Id'), block);
  // An alias answers under its real name: only the order tells what was asked for.
  if (blocks.length === asked.length)
    blocks.forEach((block, index) => {
      add(asked[index], block);
    });
  return {
    unit(name) {
      const unit = units.get(name);
      if (unit === undefined) throw new SourceError('missing', `systemctl did not answer for ${name}`);
      return unit;
    },
  };
}
