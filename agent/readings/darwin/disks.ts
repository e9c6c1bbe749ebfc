import { type Sources, unparseable } from '../../probe.ts';
import {
  commandPropertyList,
  dictionaryOf,
  listIn,
  type PropertyListDictionary,
  type PropertyListValue,
  switchIn,
  textIn,
} from './property-list.ts';

/** A volume of `diskutil apfs list`. `fileVault` is the encryption that asks for a password; `Encryption` alone is hardware. */
export interface ApfsVolume {
  readonly device: string;
  readonly roles: readonly string[];
  readonly fileVault: boolean | undefined;
  readonly converting: boolean | undefined;
  readonly locked: boolean | undefined;
}

export interface ApfsContainer {
  /** The synthesized disk, `disk3`. */
  readonly device: string;
  readonly volumes: readonly ApfsVolume[];
}

const items = (dictionary: PropertyListDictionary, key: string) =>
  (listIn(dictionary, key) ?? []).map(dictionaryOf);

function required(dictionary: PropertyListDictionary, key: string): string {
  const value = textIn(dictionary, key);
  if (value === undefined || value === '') throw unparseable('diskutil');
  return value;
}

function texts(list: readonly PropertyListValue[]): string[] {
  return list.map((item) => {
    if (typeof item !== 'string') throw unparseable('diskutil');
    return item;
  });
}

/** `diskutil apfs list -plist`, macOS 12 to 27, any user. Throws SourceError. */
export async function apfsContainers(sources: Sources): Promise<readonly ApfsContainer[]> {
  const list = dictionaryOf(
    await commandPropertyList(sources, ['/usr/sbin/diskutil', 'apfs', 'list', '-plist']),
  );
  if (listIn(list, 'Containers') === undefined) throw unparseable('diskutil apfs list');
  return items(list, 'Containers').map((container) => ({
    device: required(container, 'ContainerReference'),
    volumes: items(container, 'Volumes').map((volume) => ({
      device: required(volume, 'DeviceIdentifier'),
      roles: texts(listIn(volume, 'Roles') ?? []),
      fileVault: switchIn(volume, 'FileVault'),
      converting: switchIn(volume, 'CryptoMigrationOn'),
      locked: switchIn(volume, 'Locked'),
    })),
  }));
}

/** What `/` is: `diskutil info -plist /`. Throws SourceError. */
export async function rootVolume(sources: Sources): Promise<PropertyListDictionary> {
  return dictionaryOf(await commandPropertyList(sources, ['/usr/sbin/diskutil', 'info', '-plist', '/']));
}

/**
 * The container macOS runs from: the one with a Data volume; where a second system is installed, the one `/` is on. Throws
 * SourceError.
 */
export async function bootContainer(
  sources: Sources,
  containers: readonly ApfsContainer[],
): Promise<ApfsContainer> {
  const systems = containers.filter(({ volumes }) => volumes.some(({ roles }) => roles.includes('Data')));
  const [only] = systems;
  if (only === undefined) throw unparseable('diskutil apfs list');
  if (systems.length === 1) return only;
  const root = required(await rootVolume(sources), 'DeviceIdentifier');
  const boot = systems.find(({ device }) => root.startsWith(`${device}s`));
  if (boot === undefined) throw unparseable('diskutil apfs list');
  return boot;
}

/** A partition or volume of `diskutil list`. */
export interface Partition {
  readonly device: string;
  readonly content: string;
  readonly mountPoint: string | undefined;
}

/** A whole disk of `diskutil list`: physical, with partitions, or synthesized, with the APFS volumes of its stores. */
export interface Disk extends Partition {
  readonly partitions: readonly Partition[];
  readonly apfsVolumes: readonly Partition[];
  /** Partitions a synthesized disk is made of; empty for a physical one. */
  readonly stores: readonly string[];
}

const partition = (dictionary: PropertyListDictionary): Partition => ({
  device: required(dictionary, 'DeviceIdentifier'),
  content: textIn(dictionary, 'Content') ?? '',
  mountPoint: textIn(dictionary, 'MountPoint') || undefined,
});

/** `diskutil list -plist`, macOS 12 to 27, any user. Throws SourceError. */
export async function disks(sources: Sources): Promise<readonly Disk[]> {
  const list = dictionaryOf(await commandPropertyList(sources, ['/usr/sbin/diskutil', 'list', '-plist']));
  const all = items(list, 'AllDisksAndPartitions');
  // A Mac always has a disk: an empty list is no answer.
  if (all.length === 0) throw unparseable('diskutil list');
  return all.map((disk) => ({
    ...partition(disk),
    partitions: items(disk, 'Partitions').map(partition),
    apfsVolumes: items(disk, 'APFSVolumes').map(partition),
    stores: items(disk, 'APFSPhysicalStores').map((store) => required(store, 'DeviceIdentifier')),
  }));
}

/** `diskutil info` of a disk or volume. A key that is not there is undefined; a volume without FileVault key has none. */
export interface DiskInfo {
  readonly internal: boolean | undefined;
  readonly removable: boolean | undefined;
  readonly diskImage: boolean;
  readonly writable: boolean | undefined;
  readonly fileVault: boolean;
  readonly mountPoint: string | undefined;
}

/** `diskutil info -plist disk4s1`, macOS 12 to 27, any user. Throws SourceError. */
export async function diskInfo(sources: Sources, device: string): Promise<DiskInfo> {
  if (!/^disk\d{1,4}(s\d{1,4}){0,3}$/.test(device)) throw unparseable('diskutil list');
  const info = dictionaryOf(
    await commandPropertyList(sources, ['/usr/sbin/diskutil', 'info', '-plist', device]),
  );
  if (textIn(info, 'DeviceIdentifier') !== device) throw unparseable('diskutil info');
  const media = switchIn(info, 'RemovableMedia');
  const mediaOrExternal = switchIn(info, 'RemovableMediaOrExternalDevice');
  return {
    internal: switchIn(info, 'Internal'),
    removable:
      media === true || mediaOrExternal === true
        ? true
        : media === undefined || mediaOrExternal === undefined
          ? undefined
          : false,
    diskImage: textIn(info, 'BusProtocol') === 'Disk Image',
    writable: switchIn(info, 'WritableVolume'),
    fileVault: switchIn(info, 'FileVault') ?? false,
    mountPoint: textIn(info, 'MountPoint') || undefined,
  };
}

/** Volumes mounted where the system itself does not mount its own. */
export function mountedElsewhere(all: readonly Disk[]): readonly Partition[] {
  return all
    .flatMap((disk) => [disk, ...disk.partitions, ...disk.apfsVolumes])
    .filter(
      ({ mountPoint }) =>
        mountPoint !== undefined &&
        mountPoint !== '/' &&
        mountPoint !== '/System/Volumes' &&
        !mountPoint.startsWith('/System/Volumes/'),
    );
}
