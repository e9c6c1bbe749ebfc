import { firstOf, SourceError, type Sources } from '../../probe.ts';
import { driveLetter } from './drives.ts';
import { readQuery, requireFullLanguage } from './powershell.ts';
import { readable } from './settled.ts';
import { integer, object, objects } from './values.ts';

/** How far BitLocker (or device encryption, the same engine) protects a volume. */
export type VolumeState =
  | 'encrypted'
  | 'not-encrypted'
  | 'encrypting'
  | 'decrypting'
  | 'suspended'
  | 'waiting-for-activation'
  | 'locked';

interface Volume {
  /** undefined = BitLocker's methods gave no complete answer for it. */
  readonly state: VolumeState | undefined;
  /** Kinds of key protectors (3 = recovery password); undefined = they could not be listed. */
  readonly protectors: readonly number[] | undefined;
}

const recoveryPassword = 3;

/** null where the method failed; anything else out of range throws. */
function orNull(value: unknown, what: string, min: number, max: number): number | null {
  return value === null || value === undefined ? null : integer(value, what, min, max);
}

/**
 * Protection is active only when all three agree: fully converted, a real method, protection on. The answers come from
 * methods; the properties of the same names are cached and have been seen at "on" for a decrypted disk.
 */
function stateOf(
  row: Readonly<Record<string, unknown>>,
  protectors: readonly number[] | undefined,
): VolumeState | undefined {
  const what = 'bitlocker-status';
  const lock = orNull(row['LockStatus'], what, 0, 1);
  if (lock === 1) return 'locked';
  const conversion = orNull(row['ConversionStatus'], what, 0, 5);
  const protection = orNull(row['ProtectionStatus'], what, 0, 2);
  const written = row['EncryptionMethod'];
  // "Unknown method" is -1, which some readers print unsigned.
  const method = written === 0xffff_ffff || written === '4294967295' ? -1 : orNull(written, what, -1, 7);
  switch (conversion) {
    case 0:
      return 'not-encrypted';
    case 2:
    case 4:
      return 'encrypting';
    case 3:
    case 5:
      return 'decrypting';
    case 1:
      if (method === null || protection === null) return undefined;
      if (method === 0) return 'not-encrypted';
      if (protection === 1) return 'encrypted';
      if (protection === 2) return undefined;
      return protectors !== undefined && protectors.length === 0 ? 'waiting-for-activation' : 'suspended';
    default:
      return undefined;
  }
}

function protectorsOf(row: Readonly<Record<string, unknown>>): readonly number[] | undefined {
  const what = 'bitlocker-status';
  const kinds = row['KeyProtectorTypes'];
  if (kinds === null || kinds === undefined) return undefined;
  return (Array.isArray(kinds) ? kinds : [kinds]).map((kind) => integer(kind, what, 0, 100));
}

/** By BitLocker's own methods (administrators). Volumes without a letter do not count. */
async function readByMethods(sources: Sources): Promise<ReadonlyMap<string, Volume>> {
  const volumes = new Map<string, Volume>();
  for (const row of objects(await readQuery(sources, 'bitlocker-status'), 'bitlocker-status')) {
    const letter = readable(() => driveLetter(row['DriveLetter'], 'bitlocker-status'));
    if (letter === undefined) continue;
    const protectors = readable(() => protectorsOf(row));
    volumes.set(letter, { state: readable(() => stateOf(row, protectors)), protectors });
  }
  return volumes;
}

const shellStates: Readonly<Record<number, VolumeState>> = {
  1: 'encrypted',
  2: 'not-encrypted',
  3: 'encrypting',
  4: 'decrypting',
  5: 'suspended',
  6: 'locked',
  7: 'not-encrypted',
  8: 'waiting-for-activation',
};

/** By the shell property System.Volume.BitLockerProtection, which any user may read. */
async function readByShell(sources: Sources, letter: string): Promise<VolumeState> {
  const what = 'shell-bitlocker';
  await requireFullLanguage(sources);
  for (const row of objects(await readQuery(sources, what), what)) {
    if (readable(() => driveLetter(row['DriveLetter'], what)) !== letter) continue;
    const state = shellStates[integer(row['BitLockerProtection'], what, 1, 8)];
    if (state !== undefined) return state;
  }
  throw new SourceError('missing', `${what}: the volume is not listed`);
}

/**
 * State of the volume with this letter: BitLocker's methods, then the shell property. When neither answers, the error
 * says why; a volume query that was denied explains an empty answer.
 */
export function readVolumeState(sources: Sources, letter: string): Promise<VolumeState> {
  return firstOf(
    async () => {
      const state = (await readByMethods(sources)).get(letter)?.state;
      if (state === undefined) throw new SourceError('missing', 'bitlocker-status: no answer for the volume');
      return state;
    },
    () => readByShell(sources, letter),
    async () => {
      await sources.wmi(
        'SELECT DriveLetter, VolumeType, ProtectionStatus FROM Win32_EncryptableVolume',
        'root\\cimv2\\Security\\MicrosoftVolumeEncryption',
      );
      // The property it lists is cached and never decides; only its error is of use.
      throw new SourceError('missing', 'Win32_EncryptableVolume: never decides');
    },
  );
}

/** Whether the volume has a recovery password. Its value is never read. Administrators only. */
export async function readRecoveryPassword(sources: Sources, letter: string): Promise<boolean> {
  const protectors = (await readByMethods(sources)).get(letter)?.protectors;
  if (protectors === undefined)
    throw new SourceError('missing', 'bitlocker-status: no protectors for the volume');
  return protectors.includes(recoveryPassword);
}

/** The letter of the operating system's volume, where GetLogicalDrives did not tell. */
export async function readSystemLetterFromVolumes(sources: Sources): Promise<string> {
  const what = 'bitlocker-status';
  const systems = objects(await readQuery(sources, what), what).filter((row) => {
    const type = object(row, what)['VolumeType'];
    return type === 0 || type === '0';
  });
  const [system] = systems;
  if (system === undefined || systems.length > 1)
    throw new SourceError('missing', `${what}: no one system volume`);
  return driveLetter(system['DriveLetter'], what);
}
