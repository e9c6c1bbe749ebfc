import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, isObject, parsedJson } from './answered.ts';

/** A block device as lsblk shows it; one that stands in the tree several times (RAID, LVM) is one device with several parents. */
export interface BlockDevice {
  readonly name: string;
  /** `disk`, `part`, `crypt`, `lvm`, `raid1`, `loop`, `rom`. */
  readonly type: string;
  readonly fsType: string | undefined;
  /** `[SWAP]` stands for swap in use. */
  readonly mountPoints: readonly string[];
  readonly transport: string | undefined;
  readonly hotplug: boolean;
  readonly readOnly: boolean;
  readonly parents: readonly BlockDevice[];
}

export type BlockDevices = ReadonlyMap<string, BlockDevice>;

const columns = [
  'NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN,RO',
  'NAME,TYPE,FSTYPE,MOUNTPOINT,RM,HOTPLUG,TRAN,RO',
] as const;

/**
 * `lsblk -J -b -o ...` (util-linux 2.27 to 2.41). Before 2.37 there is one mount point a device (`unknown column`), before 2.33
 * booleans are text (`"0"`). Throws SourceError.
 */
export async function readBlockDevices(sources: Sources): Promise<BlockDevices> {
  const result = await sources.command(['lsblk', '-J', '-b', '-o', columns[0]]);
  if (result.exitCode === 0) return parseBlockDevices(result.stdout);
  if (!/unknown column/.test(result.stderr)) throw new SourceError('failed', 'lsblk failed');
  const { stdout } = await answered(sources, ['lsblk', '-J', '-b', '-o', columns[1]]);
  return parseBlockDevices(stdout);
}

type Growing = { -readonly [K in keyof BlockDevice]: BlockDevice[K] } & {
  parents: BlockDevice[];
  mountPoints: string[];
};

/** See `readBlockDevices`. A tree without any device is no answer. */
export function parseBlockDevices(stdout: string): BlockDevices {
  const parsed = parsedJson(stdout, 'lsblk');
  const list = isObject(parsed) ? parsed['blockdevices'] : undefined;
  if (!Array.isArray(list)) throw unparseable('lsblk');
  const devices = new Map<string, Growing>();
  const add = (node: unknown, parent: Growing | undefined, depth: number) => {
    if (
      !isObject(node) ||
      typeof node['name'] !== 'string' ||
      typeof node['type'] !== 'string' ||
      depth > 32
    ) {
      throw unparseable('lsblk');
    }
    const mounts = [node['mountpoints'] ?? node['mountpoint']]
      .flat()
      .filter((mount): mount is string => typeof mount === 'string' && mount !== '');
    const device = devices.get(node['name']) ?? {
      name: node['name'],
      type: node['type'],
      fsType: textOf(node['fstype']),
      mountPoints: [],
      transport: textOf(node['tran']),
      hotplug: flagOf(node['hotplug']),
      readOnly: flagOf(node['ro']),
      parents: [],
    };
    devices.set(device.name, device);
    for (const mount of mounts) if (!device.mountPoints.includes(mount)) device.mountPoints.push(mount);
    if (parent !== undefined && !device.parents.includes(parent)) device.parents.push(parent);
    const children = node['children'] ?? [];
    if (!Array.isArray(children)) throw unparseable('lsblk');
    for (const child of children) add(child, device, depth + 1);
  };
  for (const node of list) add(node, undefined, 0);
  if (devices.size === 0) throw unparseable('lsblk');
  return devices;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function flagOf(value: unknown): boolean {
  if (value === true || value === '1') return true;
  if (value === false || value === '0' || value === null || value === undefined) return false;
  throw unparseable('lsblk');
}

/** Everything the device lies on, itself first. */
export function ancestry(device: BlockDevice): BlockDevice[] {
  const found = new Set<BlockDevice>();
  const visit = (each: BlockDevice) => {
    if (found.has(each)) return;
    found.add(each);
    for (const parent of each.parents) visit(parent);
  };
  visit(device);
  return [...found];
}

/** The disks a device lies on. */
export function disksOf(device: BlockDevice): BlockDevice[] {
  return ancestry(device).filter(({ parents }) => parents.length === 0);
}

/**
 * True when every way from the device down to a disk passes a dm-crypt mapping that encrypts: one that lies on LUKS or BitLocker, or
 * is swap (a random key). dm-verity shows as `crypt` too and encrypts nothing.
 */
export function isEncrypted(device: BlockDevice, seen: ReadonlySet<BlockDevice> = new Set()): boolean {
  if (seen.has(device)) return false;
  if (device.type === 'crypt' && encrypts(device)) return true;
  const onTheWay = new Set([...seen, device]);
  return device.parents.length > 0 && device.parents.every((parent) => isEncrypted(parent, onTheWay));
}

function encrypts(mapping: BlockDevice): boolean {
  if (mapping.mountPoints.includes('[SWAP]') || mapping.fsType === 'swap') return true;
  return (
    mapping.parents.length > 0 &&
    mapping.parents.every(({ fsType }) => fsType === 'crypto_LUKS' || fsType === 'BitLocker')
  );
}

/** The LUKS volumes a device lies on. */
export function luksBelow(device: BlockDevice): BlockDevice[] {
  return ancestry(device).filter(({ fsType }) => fsType === 'crypto_LUKS');
}

/** Where the device node is. Mapped devices (LVM, crypt, multipath) have their names below /dev/mapper. */
export function devicePath({ type, name }: BlockDevice): string {
  return ['lvm', 'crypt', 'mpath', 'dm'].includes(type) ? `/dev/mapper/${name}` : `/dev/${name}`;
}

/** The device a mount source such as `/dev/mapper/crypt1` or `/dev/sda2` names; undefined when lsblk has none of the name. */
export function deviceAt(devices: BlockDevices, source: string): BlockDevice | undefined {
  const name = /^\/dev\/(?:mapper\/)?([^/]+)$/.exec(source)?.[1];
  return name === undefined ? undefined : devices.get(name);
}

/**
 * A stick, card or external disk: the top of its tree is on USB, or is a memory card (`mmcblk` that can be unplugged). RM and
 * HOTPLUG alone decide nothing, and the disk the system runs from never is one.
 */
export function isRemovable(device: BlockDevice, systemDisks: ReadonlySet<BlockDevice>): boolean {
  const disks = disksOf(device);
  return disks.some(
    (disk) =>
      !systemDisks.has(disk) &&
      (disk.transport === 'usb' || (disk.name.startsWith('mmcblk') && disk.hotplug)),
  );
}

/**
 * Whether what is mounted from a stick or card is encrypted: any dm-crypt mapping on every way down to it counts, VeraCrypt's among
 * them, which lies on a partition without a name for its content; so does a BitLocker volume that is mounted through FUSE.
 */
export function isMediumEncrypted(device: BlockDevice, seen: ReadonlySet<BlockDevice> = new Set()): boolean {
  if (seen.has(device)) return false;
  if (device.type === 'crypt' || device.fsType === 'BitLocker') return true;
  const onTheWay = new Set([...seen, device]);
  return device.parents.length > 0 && device.parents.every((parent) => isMediumEncrypted(parent, onTheWay));
}
