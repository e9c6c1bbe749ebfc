import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import { attempt } from './attempt.ts';
import {
  type BlockDevice,
  type BlockDevices,
  deviceAt,
  disksOf,
  isEncrypted,
  isRemovable,
  readBlockDevices,
} from './block-devices.ts';
import { type Mount, readMounts } from './mounts.ts';

/** The machine's disks and what is mounted from them. */
export interface Volumes {
  readonly devices: BlockDevices;
  /** Empty where the mount table could not be read: lsblk's mount points have to do. */
  readonly mounts: readonly Mount[];
  readonly root: Root;
}

/** What the system runs from. */
export type Root =
  /** The file system's devices; several for btrfs over more than one. */
  | { readonly kind: 'devices'; readonly devices: readonly BlockDevice[] }
  /** A ZFS data set, which has no device of its own. */
  | { readonly kind: 'zfs'; readonly dataset: string };

/** Throws SourceError where the disks could not be read, or the root is something else (a live system's overlay). */
export async function readVolumes(sources: Sources): Promise<Volumes> {
  const [devices, mounted] = await Promise.all([readBlockDevices(sources), attempt(readMounts(sources))]);
  const mounts = 'value' in mounted ? mounted.value : [];
  return { devices, mounts, root: rootOf(devices, mounts) };
}

function rootOf(devices: BlockDevices, mounts: readonly Mount[]): Root {
  const mount = mounts.findLast(({ target }) => target === '/');
  if (mount?.fsType === 'zfs') return { kind: 'zfs', dataset: mount.source };
  // Image-based systems (Fedora Atomic) put the root together from what is mounted at /sysroot.
  const place =
    mount !== undefined && /^(overlay|composefs|none|tmpfs)$/.test(mount.fsType) ? '/sysroot' : '/';
  const found = new Set([...devices.values()].filter(({ mountPoints }) => mountPoints.includes(place)));
  for (const { target, source } of mounts) {
    const device = target === place ? deviceAt(devices, source) : undefined;
    if (device !== undefined) found.add(device);
  }
  if (found.size === 0) {
    throw new SourceError(place === '/' ? 'missing' : 'unsupported', 'the disk of the system was not found');
  }
  return { kind: 'devices', devices: [...found, ...btrfsMembers(devices, mounts, found)] };
}

/** btrfs over several devices is mounted from one of them; the others stand beside it without a mount point. */
function btrfsMembers(
  devices: BlockDevices,
  mounts: readonly Mount[],
  root: ReadonlySet<BlockDevice>,
): BlockDevice[] {
  if (![...root].some(({ fsType }) => fsType === 'btrfs')) return [];
  const disks = new Set([...root].flatMap(disksOf));
  return [...devices.values()].filter(
    (device) =>
      device.fsType === 'btrfs' &&
      !root.has(device) &&
      !isRemovable(device, disks) &&
      placesOf(device, devices, mounts).length === 0,
  );
}

/** Where a device is mounted, by lsblk and by the mount table. */
export function placesOf(device: BlockDevice, devices: BlockDevices, mounts: readonly Mount[]): string[] {
  const places = mounts.filter(({ source }) => deviceAt(devices, source) === device);
  return [...new Set([...device.mountPoints, ...places.map(({ target }) => target)])];
}

/** The disks the system runs from. */
export function systemDisks({ root, devices }: Volumes): ReadonlySet<BlockDevice> {
  if (root.kind === 'devices') return new Set(root.devices.flatMap(disksOf));
  const members = [...devices.values()].filter(({ fsType }) => fsType === 'zfs_member');
  return new Set(members.flatMap(disksOf));
}

/**
 * `zfs get -H -o name,value encryption`: `pool1/root<TAB>aes-256-gcm`, `off` = not encrypted. Throws SourceError, also for a data set
 * that is not in the list.
 */
export async function readIsDatasetEncrypted(
  sources: Sources,
  volumes: Volumes,
): Promise<(dataset: string) => boolean> {
  const { stdout } = await answered(sources, ['zfs', 'get', '-H', '-o', 'name,value', 'encryption']);
  const values = new Map(stdout.split('\n').map((line) => line.split(/\t+/) as [string, string | undefined]));
  const members = [...volumes.devices.values()].filter(({ fsType }) => fsType === 'zfs_member');
  const poolIsEncrypted = members.length > 0 && members.every((member) => isEncrypted(member));
  return (dataset) => {
    const value = values.get(dataset)?.trim();
    if (value === undefined || value === '' || value === '-') throw unparseable('zfs get');
    return poolIsEncrypted || /^(on|aes-(128|192|256)-(ccm|gcm))$/.test(value);
  };
}
