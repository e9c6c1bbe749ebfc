import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import {
  type ApfsContainer,
  apfsContainers,
  bootContainer,
  type Disk,
  type DiskInfo,
  diskInfo,
  disks,
} from '../../readings/darwin/disks.ts';
import { fileVault } from '../../readings/darwin/file-vault.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import {
  commandPropertyList,
  dictionaryOf,
  listIn,
  switchIn,
  textIn,
} from '../../readings/darwin/property-list.ts';
import { securityInfo } from '../../readings/darwin/security-info.ts';
import { told } from '../../readings/darwin/told.ts';

/** The system's own volumes: never data of people, or, for System and Data, the point `system`. */
const systemRoles = new Set(['System', 'Data', 'Preboot', 'Recovery', 'VM', 'Update', 'xART', 'Hardware']);
/** Partitions without data of people, and those that hold an APFS container, whose volumes are looked at instead. */
const systemContents = new Set(['EFI', 'Apple_APFS_ISC', 'Apple_APFS_Recovery', 'Apple_Boot', 'Apple_APFS']);

/** Encrypted or not, one for each volume that counts; undefined = could not be told. */
type Volumes = (boolean | undefined)[];

/** A disk inside the machine: `Internal`, and neither a card nor a disk image. Undefined = could not be told. */
function isInternal(disk: Disk, infos: ReadonlyMap<string, DiskInfo | undefined>): boolean | undefined {
  const whole = [disk.device, ...disk.stores.map((store) => store.replace(/^(disk\d+)s\d+.*$/, '$1'))];
  const known = whole.map((device) => infos.get(device));
  if (known.some((info) => info?.removable || info?.diskImage || info?.internal === false)) return false;
  return known.some((info) => info?.internal === true && info.removable === false) ? true : undefined;
}

function apfsVolumes(disk: Disk, containers: readonly ApfsContainer[] | undefined, boot: string): Volumes {
  const container = containers?.find(({ device }) => device === disk.device);
  if (container === undefined) return [undefined];
  return container.volumes
    .filter(({ roles }) => {
      // Another system's data is data like any other.
      if (container.device !== boot && roles.includes('Data')) return true;
      return !roles.some((role) => systemRoles.has(role));
    })
    .map(({ fileVault, locked }) => (fileVault || locked ? true : fileVault));
}

function partitions(disk: Disk): Volumes {
  // A disk without a partition table holds one file system itself; an empty one says so by having no content.
  const all =
    disk.partitions.length > 0 || /_partition_scheme$/.test(disk.content) ? disk.partitions : [disk];
  return all
    .filter(({ content, mountPoint }) => (content !== '' || mountPoint) && !systemContents.has(content))
    .map(() => false);
}

async function otherVolumes(sources: Sources): Promise<Answer<{ volumes: number; unencrypted: number }>> {
  const all = await disks(sources);
  const containers = await told(apfsContainers(sources));
  const boot = containers && (await told(bootContainer(sources, containers)));
  const infos = new Map<string, DiskInfo | undefined>();
  for (const { device } of all) infos.set(device, await told(diskInfo(sources, device)));
  const volumes: Volumes = all.flatMap((disk) => {
    const found =
      disk.stores.length > 0 ? apfsVolumes(disk, containers, boot?.device ?? disk.device) : partitions(disk);
    const internal = isInternal(disk, infos);
    if (internal === false || found.length === 0) return [];
    return internal ? found : [undefined];
  });
  const unencrypted = volumes.filter((encrypted) => encrypted === false).length;
  if (unencrypted === 0 && volumes.includes(undefined)) throw await reasonOf(sources, all);
  if (volumes.length === 0) return notApplicable('none-present');
  return known({ volumes: volumes.length, unencrypted });
}

/** Why a volume could not be told: the error of the read that said nothing. */
async function reasonOf(sources: Sources, all: readonly Disk[]): Promise<SourceError> {
  try {
    await apfsContainers(sources);
    for (const { device } of all) await diskInfo(sources, device);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  return unparseable('diskutil');
}

/** Apple's fixed identifiers of the kinds of recovery user, the same on every Mac. */
const recoveryUsers = {
  personal: 'EBC6C064-0000-11AA-AA11-00306543ECAC',
  institutional: 'C064EBC6-0000-11AA-AA11-00306543ECAC',
  cloudAccount: '64C0C6EB-0000-11AA-AA11-00306543ECAC',
};

type RecoveryKey = { present: boolean; cloudAccountOnly: boolean };

async function keyFromCryptoUsers(sources: Sources): Promise<RecoveryKey> {
  const list = dictionaryOf(
    await commandPropertyList(sources, ['/usr/sbin/diskutil', 'apfs', 'listCryptoUsers', '-plist', '/']),
  );
  const users = listIn(list, 'Users');
  // An encrypted volume has at least the person who unlocks it: an empty list is no answer.
  if (users === undefined || users.length === 0) throw unparseable('diskutil apfs listCryptoUsers');
  const ids = new Set(users.map((user) => textIn(dictionaryOf(user), 'APFSCryptoUserUUID')?.toUpperCase()));
  const present = ids.has(recoveryUsers.personal) || ids.has(recoveryUsers.institutional);
  return { present, cloudAccountOnly: !present && ids.has(recoveryUsers.cloudAccount) };
}

async function keyFromSecurityInfo(sources: Sources): Promise<RecoveryKey> {
  const personal = await securityInfo(sources, 'FDE_HasPersonalRecoveryKey');
  const institutional = await securityInfo(sources, 'FDE_HasInstitutionalRecoveryKey');
  return { present: personal || institutional, cloudAccountOnly: false };
}

export const darwin: PointProbes<'disk-encryption'> = {
  async system(sources) {
    const { state } = await fileVault(sources);
    const managed = await managedValue(sources, 'com.apple.MCX', 'dontAllowFDEDisable', switchIn);
    return known({ state }, managed ? 'policy' : 'user');
  },
  // Swap is always encrypted on macOS 12 to 27 and is no volume of its own here.
  'other-volumes': otherVolumes,
  async 'recovery-key'(sources) {
    if (!(await fileVault(sources)).on) return notApplicable('not-encrypted');
    return known(
      await firstOf(
        () => keyFromCryptoUsers(sources),
        () => keyFromSecurityInfo(sources),
      ),
    );
  },
};
