import { SourceError, type Sources } from '../../probe.ts';
import { type BlockDevice, readBlockDevices } from '../../readings/linux/block-devices.ts';
import { parseColumns, wholeNumber } from '../../readings/linux/configuration.ts';
import { readLoginSessions, signedIn } from '../../readings/linux/sessions.ts';
import { isSharedName } from '../../readings/shared-names.ts';

/** What a recording says in place of anything that is nobody's business. */
export const redacted = '<redacted>';

/** Accounts of the system itself; they are called the same everywhere. */
const systemAccounts =
  /^(?:root|daemon|bin|sys|sync|games|man|lp|mail|nobody|gdm|Debian-gdm|gnome-initial-setup|sddm|lightdm|lxdm|greeter)$/;

/** Where every system mounts something. */
const commonPlaces = new Set(
  '/ /boot /boot/efi /efi /home /var /usr /srv /opt /tmp /sysroot /recovery /etc /run/mnt/ubuntu-boot /run/mnt/ubuntu-seed [SWAP]'.split(
    ' ',
  ),
);

/** Stand-ins are given out in the order in which names turn up, and are the same in every read of one recording. */
class StandIns {
  private readonly given = new Map<string, string>();

  of(name: string, make: (number: number) => string): string {
    const known = this.given.get(name);
    if (known !== undefined) return known;
    const number = [...this.given.values()].filter(
      (each) => each.replace(/\d+$/, '') === make(0).replace(/\d+$/, ''),
    ).length;
    const standIn = make(number);
    this.given.set(name, standIn);
    return standIn;
  }

  set(name: string, standIn: string): void {
    this.given.set(name, standIn);
  }

  get(name: string): string | undefined {
    return this.given.get(name);
  }
}

/** What people, disks, places and network interfaces of this machine are called in a recording. */
export class LinuxNames {
  private readonly people = new Map<string, { name: string; uid: number }>();
  private readonly uids = new Map<number, number>();
  private readonly devices = new StandIns();
  private readonly places = new StandIns();
  private readonly interfaces = new StandIns();
  private readonly others = new StandIns();
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  /** Gives a person the next stand-in: `user`, or `generic` for a name that says a role, then `user2`, `user3`. */
  addPerson(name: string, uid: number, standIn?: string): void {
    if (this.people.has(name)) return;
    const number = this.people.size;
    // People of a directory keep a UID that no local account can have.
    const kept = uid > this.max ? 200_000 + number : 1_000 + number;
    this.people.set(name, { name: standIn ?? (number === 0 ? 'user' : `user${number + 1}`), uid: kept });
    this.uids.set(uid, kept);
  }

  /** `user`, `generic`, `user2`; an account of the system keeps its name, any other name is nobody's business. */
  account(name: string): string {
    return this.people.get(name)?.name ?? (systemAccounts.test(name) ? name : redacted);
  }

  isPerson(name: string): boolean {
    return this.people.has(name);
  }

  uid(uid: number): number {
    return this.uids.get(uid) ?? (uid < 1_000 || uid === 65_534 ? uid : 1_900);
  }

  /** Names of homes in a path become stand-ins; a home elsewhere than /home is not known here. */
  path(path: string): string {
    return path.replace(/^\/home\/([^/]+)/, (_, name: string) => `/home/${this.homeName(name)}`);
  }

  /** Probes ask for `/home/user` already; other homes go by their people. */
  private homeName(name: string): string {
    return name === 'user' ? name : this.account(name);
  }

  /** Disks and partitions keep the kernel's names; what people named (LVM, crypt) becomes `lvm1`, `crypt1`. */
  addDevice({ name, type }: BlockDevice): void {
    if (type === 'crypt' || type === 'lvm') this.devices.of(name, (number) => `${type}${number + 1}`);
  }

  device(name: string): string {
    const known = this.devices.get(name);
    if (known !== undefined) return known;
    const kernel =
      /^(?:[shv]d[a-z]{1,3}\d*|nvme\d+n\d+(?:p\d+)?|mmcblk\d+(?:p\d+|boot\d)?|md\d+(?:p\d+)?|dm-\d+|loop\d+|sr\d+|z?ram\d+|nbd\d+|root)$/;
    return kernel.test(name) ? name : this.devices.of(name, (number) => `mapped${number + 1}`);
  }

  /** `/dev/mapper/vg-root` and the like; anything that is no device of /dev is left out. */
  devicePath(path: string): string | undefined {
    const [, mapper, name] = /^\/dev\/(mapper\/)?([^/]+)$/.exec(path) ?? [];
    return name === undefined ? undefined : `/dev/${mapper ?? ''}${this.device(name)}`;
  }

  /** ZFS pools and data sets. */
  dataset(name: string): string {
    return this.others.of(`zfs ${name}`, (number) => `pool1/set${number + 1}`);
  }

  mountPoint(path: string): string {
    if (commonPlaces.has(path)) return path;
    const person = /^\/home\/([^/]+)$/.exec(path)?.[1];
    if (person !== undefined) return `/home/${this.account(person)}`;
    return /^\/(?:run\/)?media\//.test(path)
      ? this.places.of(path, (number) => `/media/user/VOLUME${number + 1}`)
      : this.places.of(path, (number) => `/mnt/volume${number + 1}`);
  }

  /** Network interfaces keep their kind: `eth0`, `wlan0`, `tun0`. */
  networkInterface(name: string): string {
    if (name === 'lo' || name === '*') return name;
    const kinds: readonly (readonly [RegExp, string])[] = [
      [/^(?:en|eth)/, 'eth'],
      [/^wl/, 'wlan'],
      [/^ww/, 'wwan'],
      [/^usb/, 'usb'],
      [/^ib/, 'ib'],
      [/^ppp/, 'ppp'],
      [/^wg/, 'wg'],
      [/^ipsec/, 'ipsec'],
      [/^(?:tun|tap|vpn|tailscale|proton|nordlynx|mullvad|zt)/, 'tun'],
      [/^(?:docker|br-|virbr|veth|vnet|lxc|podman|cni)/, 'docker'],
    ];
    const kind = kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'if';
    return this.interfaces.of(name, (number) => `${kind}${number}`);
  }

  /** Chains, zones, groups and files that somebody here named. */
  other(kind: string, name: string): string {
    return this.others.of(`${kind} ${name}`, (number) => `${kind}${number + 1}`);
  }
}

async function orNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

/** Finds out, once, what must not be written down and what stands in its place. Never throws. */
export async function linuxNames(sources: Sources): Promise<LinuxNames> {
  const [sessions, passwd, definitions, devices] = await Promise.all([
    orNothing(readLoginSessions(sources)),
    orNothing(sources.command(['getent', 'passwd'])),
    orNothing(sources.file('/etc/login.defs')),
    orNothing(readBlockDevices(sources)),
  ]);
  const limits = parseColumns(definitions ?? '');
  const min = wholeNumber(limits.get('UID_MIN')) ?? 1_000;
  const max = wholeNumber(limits.get('UID_MAX')) ?? 60_000;
  const names = new LinuxNames(max);
  const people = (passwd?.stdout ?? '').split('\n').flatMap((line) => {
    const [name = '', , text] = line.split(':');
    const uid = wholeNumber(text);
    return uid !== undefined && name !== '' && uid >= min && uid !== 65_534 ? [{ name, uid }] : [];
  });
  const { user } = sources;
  const present = signedIn(sessions ?? []);
  const atScreen = present.find(({ uid }) => uid === user?.uid) ?? (await personAtScreen(sources, people));
  if (atScreen !== undefined)
    names.addPerson(atScreen.name, atScreen.uid, standIn(atScreen.name, user?.name));
  else if (user?.uid !== undefined) names.addPerson(user.name, user.uid, standIn(user.name, user.name));
  for (const { name, uid } of people.toSorted((a, b) => a.uid - b.uid)) names.addPerson(name, uid);
  for (const { name, uid } of present) names.addPerson(name, uid);
  for (const device of devices?.values() ?? []) names.addDevice(device);
  return names;
}

/** The account of the person at the screen; people of a directory are in no list and are asked for by UID. */
async function personAtScreen(sources: Sources, people: readonly { name: string; uid: number }[]) {
  const uid = sources.user?.uid;
  if (uid === undefined) return undefined;
  const listed = people.find((person) => person.uid === uid);
  if (listed !== undefined) return listed;
  const asked = await orNothing(sources.command(['getent', 'passwd', String(uid)]));
  const name = asked?.exitCode === 0 ? asked.stdout.split(':')[0] : undefined;
  return name ? { name, uid } : undefined;
}

/** The live session has said already whether the name is a shared one; a recording keeps its own stand-ins. */
function standIn(name: string, known: string | undefined): string {
  if (known === 'generic' || name === 'generic') return 'generic';
  return !/^user\d*$/.test(name) && isSharedName(name) ? 'generic' : 'user';
}
