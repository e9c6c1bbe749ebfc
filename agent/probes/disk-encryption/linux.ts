import type { z } from 'zod';
import { type Answer, known, notApplicable, type Reason } from '../../../shared/answer.ts';
import type { diskEncryption } from '../../../shared/checks/disk-encryption.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { answered } from '../../readings/linux/answered.ts';
import { attempt } from '../../readings/linux/attempt.ts';
import {
  type BlockDevice,
  deviceAt,
  devicePath,
  isEncrypted,
  isRemovable,
  luksBelow,
} from '../../readings/linux/block-devices.ts';
import { readLuksHeader } from '../../readings/linux/luks.ts';
import { mountOf, readSwaps, type Swap } from '../../readings/linux/mounts.ts';
import {
  placesOf,
  readIsDatasetEncrypted,
  readVolumes,
  systemDisks,
  type Volumes,
} from '../../readings/linux/volumes.ts';

type System = z.input<typeof diskEncryption.points.system.value>;
type OtherVolumes = z.input<(typeof diskEncryption.points)['other-volumes']['value']>;
type RecoveryKey = z.input<(typeof diskEncryption.points)['recovery-key']['value']>;

/** Encrypted = every way from a mounted file system down to the disk passes dm-crypt, or it is an encrypted ZFS data set. */
export const linux = {
  async system(sources: Sources): Promise<Answer<System>> {
    const volumes = await readVolumes(sources);
    const state = await systemState(sources, volumes);
    const isHomeOpen = state === 'encrypted' && (await hasOpenHome(sources, volumes));
    return known({ state: isHomeOpen ? 'home-open' : state });
  },

  async 'other-volumes'(sources: Sources): Promise<Answer<OtherVolumes>> {
    const volumes = await readVolumes(sources);
    const found: Volume[] = await internalVolumes(sources, volumes);
    let unread: Reason | undefined;
    const swaps = await attempt(swapVolumes(sources, volumes));
    if ('value' in swaps) found.push(...swaps.value);
    else unread = swaps.reason;
    const data = await attempt(datasetVolumes(sources, volumes));
    if ('value' in data) found.push(...data.value);
    else unread ??= data.reason;
    const open = found.filter(({ encrypted }) => !encrypted);
    if (unread !== undefined && open.length === 0)
      throw new SourceError(unread, 'not every volume could be read');
    if (found.length === 0) return notApplicable('none-present');
    return known({
      volumes: Math.min(found.length, 1_000),
      unencrypted: Math.min(open.length, 1_000),
      swap: open.some(({ swap }) => swap),
    });
  },

  async 'recovery-key'(sources: Sources): Promise<Answer<RecoveryKey>> {
    const volumes = await readVolumes(sources);
    if ((await systemState(sources, volumes)) !== 'encrypted') return notApplicable('not-encrypted');
    const { root } = volumes;
    const luks = root.kind === 'devices' ? [...new Set(root.devices.flatMap(luksBelow))] : [];
    if (luks.length === 0) throw new SourceError('unsupported', 'only LUKS tells of its keys');
    const headers = await Promise.all(luks.map((device) => readLuksHeader(sources, devicePath(device))));
    return known({ present: headers.every(({ slots, hasRecoveryToken }) => slots > 1 || hasRecoveryToken) });
  },
};

interface Volume {
  readonly encrypted: boolean;
  readonly swap: boolean;
}

async function systemState(sources: Sources, volumes: Volumes): Promise<System['state']> {
  const { root } = volumes;
  if (root.kind === 'zfs') {
    const isDatasetEncrypted = await readIsDatasetEncrypted(sources, volumes);
    return isDatasetEncrypted(root.dataset) ? 'encrypted' : 'not-encrypted';
  }
  if (root.devices.every((device) => isEncrypted(device))) {
    const nothing = await Promise.all(root.devices.map((device) => encryptsNothing(sources, device)));
    return nothing.includes(true) ? 'no-real-cipher' : 'encrypted';
  }
  return (await isHomeEncrypted(sources, volumes)) ? 'home-only' : 'not-encrypted';
}

/** A header with `cipher_null` looks like LUKS everywhere else. Without root the header stays unread, and lsblk's word holds. */
async function encryptsNothing(sources: Sources, device: BlockDevice): Promise<boolean> {
  const headers = await Promise.all(
    luksBelow(device).map((luks) => attempt(readLuksHeader(sources, devicePath(luks)))),
  );
  return headers.some((header) => 'value' in header && header.value.encryptsNothing);
}

async function isReallyEncrypted(sources: Sources, device: BlockDevice): Promise<boolean> {
  return isEncrypted(device) && !(await encryptsNothing(sources, device));
}

async function allEncrypted(sources: Sources, devices: readonly BlockDevice[]): Promise<boolean> {
  const each = await Promise.all(devices.map((device) => isReallyEncrypted(sources, device)));
  return each.every(Boolean);
}

/** Only for the summary: an encrypted home on a plain system disk is a failure of its own kind. */
async function isHomeEncrypted(sources: Sources, { devices, mounts }: Volumes): Promise<boolean> {
  const home = [...devices.values()].filter((device) =>
    placesOf(device, devices, mounts).some((place) => /^\/home(\/|$)/.test(place)),
  );
  if (home.length > 0 && home.every((device) => isEncrypted(device))) return true;
  if (mounts.some(({ fsType, target }) => fsType === 'ecryptfs' && target.startsWith('/home/'))) return true;
  const status = await attempt(answered(sources, ['fscrypt', 'status', '/home/user']));
  return 'value' in status && /^"[^"]*" is encrypted with fscrypt/.test(status.value.stdout);
}

/** People's data are part of the point: a home on a file system of its own that is not encrypted. */
async function hasOpenHome(sources: Sources, volumes: Volumes): Promise<boolean> {
  const { devices, mounts } = volumes;
  const isHome = (place: string) => /^\/home(\/|$)/.test(place);
  const disks = systemDisks(volumes);
  const open = [...devices.values()].some(
    (device) =>
      !['loop', 'rom'].includes(device.type) &&
      !isEncrypted(device) &&
      !isRemovable(device, disks) &&
      placesOf(device, devices, mounts).some(isHome),
  );
  if (open) return true;
  const sets = mounts.filter(({ fsType, target }) => fsType === 'zfs' && isHome(target));
  if (sets.length === 0) return false;
  const isDatasetEncrypted = await readIsDatasetEncrypted(sources, volumes);
  return sets.some(({ source }) => !isDatasetEncrypted(source));
}

/** Places whose file systems the machine needs in the clear to start, or to set itself up again. */
const startsFrom = /^\/(boot|efi|recovery)(\/|$)/;
/** Ubuntu's with keys in the TPM: in the clear as a whole, and shown at other places, too. */
const startsUbuntuFrom = /^\/run\/mnt\/ubuntu-(boot|seed)$/;

const holdsData = (places: readonly string[]): boolean =>
  places.some((place) => place !== '[SWAP]' && !startsFrom.test(place)) &&
  !places.some((place) => startsUbuntuFrom.test(place));

async function internalVolumes(sources: Sources, volumes: Volumes): Promise<Volume[]> {
  const { devices, mounts, root } = volumes;
  const disks = systemDisks(volumes);
  const own = new Set(root.kind === 'devices' ? root.devices : []);
  const mounted = [...devices.values()].filter(
    (device) =>
      !own.has(device) &&
      !['loop', 'rom'].includes(device.type) &&
      !/^z?ram\d/.test(device.name) &&
      !isRemovable(device, disks) &&
      holdsData(placesOf(device, devices, mounts)),
  );
  return Promise.all(
    mounted.map(async (device) => ({ encrypted: await isReallyEncrypted(sources, device), swap: false })),
  );
}

/** Swap in use. zram never leaves memory; a file follows its file system. */
async function swapVolumes(sources: Sources, volumes: Volumes): Promise<Volume[]> {
  const isZram = (name: string) => /^zram\d/.test(name);
  const areas = [...volumes.devices.values()].filter(
    ({ name, mountPoints }) => mountPoints.includes('[SWAP]') && !isZram(name),
  );
  const swaps = await readSwaps(sources);
  const named = new Set(areas);
  const others: Volume[] = [];
  for (const swap of swaps) {
    if (swap.kind === 'file') {
      others.push({ encrypted: await isFileEncrypted(sources, volumes, swap), swap: true });
      continue;
    }
    const found = swapDevices(volumes, swap, areas);
    for (const device of found) if (!isZram(device.name)) named.add(device);
    if (found.length === 0 && !isZram(swap.path.replace('/dev/', ''))) {
      throw new SourceError('missing', 'a swap area is not among the disks');
    }
  }
  const own = [...named].map(async (device) => ({
    encrypted: await isReallyEncrypted(sources, device),
    swap: true,
  }));
  return [...(await Promise.all(own)), ...others];
}

/** /proc/swaps calls a mapped device `/dev/dm-2`, lsblk by its own name: then every mapped device that can be swap is meant. */
function swapDevices({ devices }: Volumes, { path }: Swap, areas: readonly BlockDevice[]): BlockDevice[] {
  const device = deviceAt(devices, path);
  if (device !== undefined) return [device];
  if (!/^\/dev\/dm-\d+$/.test(path)) return [];
  const isMapped = ({ type }: BlockDevice) => type === 'crypt' || type === 'lvm';
  const inUse = areas.filter(isMapped);
  return inUse.length > 0
    ? inUse
    : [...devices.values()].filter((each) => isMapped(each) && each.fsType === 'swap');
}

async function isFileEncrypted(sources: Sources, volumes: Volumes, { path }: Swap): Promise<boolean> {
  const mount = mountOf(volumes.mounts, path);
  if (mount === undefined) throw new SourceError('missing', 'where the swap file lies was not found');
  if (mount.fsType === 'zfs') return (await readIsDatasetEncrypted(sources, volumes))(mount.source);
  const device = deviceAt(volumes.devices, mount.source);
  const system = volumes.root.kind === 'devices' ? volumes.root.devices : [];
  if (mount.target === '/' || (device !== undefined && system.includes(device))) {
    if (system.length > 0) return allEncrypted(sources, system);
  }
  if (device === undefined) throw new SourceError('missing', 'where the swap file lies was not found');
  return isReallyEncrypted(sources, device);
}

/** Other ZFS data sets with people's data on them. */
async function datasetVolumes(sources: Sources, volumes: Volumes): Promise<Volume[]> {
  const { mounts, root } = volumes;
  const sets = mounts.filter(
    ({ fsType, source, target }) =>
      fsType === 'zfs' && !startsFrom.test(target) && !(root.kind === 'zfs' && source === root.dataset),
  );
  if (sets.length === 0) return [];
  const isDatasetEncrypted = await readIsDatasetEncrypted(sources, volumes);
  return sets.map(({ source }) => ({ encrypted: isDatasetEncrypted(source), swap: false }));
}
