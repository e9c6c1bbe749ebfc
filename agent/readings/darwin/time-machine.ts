import { type Sources, unparseable } from '../../probe.ts';
import { diskInfo, disks } from './disks.ts';
import { linesOf } from './lines.ts';
import {
  dictionaryOf,
  isDictionary,
  listIn,
  type PropertyListDictionary,
  parsePropertyList,
  readPropertyList,
  textIn,
} from './property-list.ts';
import { told } from './told.ts';

/** A place Time Machine backs up to. */
export interface Destination {
  readonly id: string | undefined;
  readonly kind: 'disk' | 'share';
  /** Where it is mounted at this moment. */
  readonly mountPoint: string | undefined;
}

/**
 * Reads `tmutil destinationinfo -X`: a property list, text may stand before it; `tmutil: No destinations configured.` is an
 * answer too. Any user, macOS 12 to 27. Throws SourceError.
 */
export function parseDestinations(stdout: string, stderr: string): readonly Destination[] {
  const none = 'tmutil: No destinations configured.';
  const isList = /<\?xml|<plist/.test(stdout);
  if (!isList && [...linesOf(stdout), ...linesOf(stderr)].includes(none)) return [];
  const list = dictionaryOf(parsePropertyList(new TextEncoder().encode(stdout)));
  const all = listIn(list, 'Destinations');
  if (all === undefined) throw unparseable('tmutil');
  return all.map(dictionaryOf).map((destination) => {
    const kind = textIn(destination, 'Kind');
    if (kind !== 'Local' && kind !== 'Network') throw unparseable('tmutil');
    return {
      id: textIn(destination, 'ID') ?? textIn(destination, 'DestinationID'),
      kind: kind === 'Local' ? ('disk' as const) : ('share' as const),
      mountPoint: textIn(destination, 'MountPoint') || undefined,
    };
  });
}

/** Time Machine's destinations; empty = none is set up. Throws SourceError. */
export async function destinations(sources: Sources): Promise<readonly Destination[]> {
  const { stdout, stderr } = await sources.command(['/usr/bin/tmutil', 'destinationinfo', '-X']);
  return parseDestinations(stdout, stderr);
}

/** What Time Machine itself remembers of each destination; needs Full Disk Access. Throws SourceError. */
async function remembered(sources: Sources): Promise<readonly PropertyListDictionary[]> {
  const path = '/Library/Preferences/com.apple.TimeMachine.plist';
  return (listIn((await readPropertyList(sources, path)) ?? {}, 'Destinations') ?? []).map(dictionaryOf);
}

/**
 * Reads `tmutil latestbackup`: the date in the last part of a path, `2026-11-20-191205.backup`, local time. Null = no backup
 * was ever finished; a disk that is away and a refusal say nothing, whatever their exit code. Throws SourceError.
 */
export function parseLatestBackup(stdout: string, stderr: string): Date | null {
  const lines = [...linesOf(stdout), ...linesOf(stderr)];
  // A disk that is away and a refusal say so on either stream, with any exit code, even beside a path.
  if (lines.some((line) => /requires Full Disk Access|Failed to mount/i.test(line)))
    throw unparseable('tmutil latestbackup');
  if (lines.some((line) => /Failed to find any backups/i.test(line))) return null;
  const form = /^\/.*\/(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(\d\d)(?:\.backup)?\/?$/;
  const parts = linesOf(stdout)
    .map((line) => form.exec(line))
    .find((match) => match !== null);
  if (!parts) throw unparseable('tmutil latestbackup');
  const [year = 0, month = 0, day = 0, hour, minute, second] = parts.slice(1).map(Number);
  const moment = new Date(year, month - 1, day, hour, minute, second);
  if (moment.getMonth() !== month - 1 || moment.getDate() !== day) throw unparseable('tmutil latestbackup');
  return moment;
}

/** Finished backups, newest last or not; local snapshots and attempts are none. */
function snapshotDates(destination: PropertyListDictionary): readonly Date[] {
  return (listIn(destination, 'SnapshotDates') ?? []).filter((date) => date instanceof Date);
}

/** The tool writes local time, and a recording may be replayed in another zone: what lies less than a day ahead is now. */
function notAhead(moment: Date, now: Date): Date {
  const ahead = moment.getTime() - now.getTime();
  return ahead > 0 && ahead <= 14 * 3_600_000 ? now : moment;
}

/**
 * Moments of finished backups; empty = Time Machine never finished one. Its own memory, else `tmutil latestbackup`. Throws
 * SourceError.
 */
export async function finishedBackups(sources: Sources): Promise<readonly Date[]> {
  const memory = await told(remembered(sources));
  const dates = (memory ?? []).flatMap(snapshotDates);
  if (dates.length > 0) return dates;
  const latest = async () => {
    const { stdout, stderr } = await sources.command(['/usr/bin/tmutil', 'latestbackup']);
    return parseLatestBackup(stdout, stderr);
  };
  const moment = await told(latest());
  if (moment !== undefined) return moment === null ? [] : [notAhead(moment, sources.now)];
  // A memory of destinations without one finished backup is an answer; no memory of any is not.
  if (memory !== undefined && memory.length > 0) return [];
  await remembered(sources);
  await latest();
  throw unparseable('tmutil latestbackup');
}

function encryptionState(destination: PropertyListDictionary | undefined): boolean | undefined {
  if (!isDictionary(destination)) return undefined;
  if (textIn(destination, 'DiskImageKeychainUUID')) return true;
  const state = textIn(destination, 'LastKnownEncryptionState');
  if (state === 'Encrypted' || state === 'FileVault') return true;
  return state === 'NotEncrypted' ? false : undefined;
}

/** A mounted disk's own word, which beats a memory of it; undefined = it is away, or could not be asked. */
async function mountedEncryption(
  sources: Sources,
  { kind, mountPoint }: Destination,
): Promise<boolean | undefined> {
  if (kind !== 'disk' || mountPoint === undefined) return undefined;
  const all = await told(disks(sources));
  const volume = all
    ?.flatMap((disk) => [disk, ...disk.partitions, ...disk.apfsVolumes])
    .find((candidate) => candidate.mountPoint === mountPoint);
  return volume && (await told(diskInfo(sources, volume.device)))?.fileVault;
}

/** Whether every destination is encrypted. Throws SourceError when one could not be told and none is known not to be. */
export async function destinationsEncrypted(sources: Sources, all: readonly Destination[]): Promise<boolean> {
  const memory = await told(remembered(sources));
  const ids = memory?.map((entry) => textIn(entry, 'DestinationID')) ?? [];
  // Recordings keep no identifiers; then the order is all there is.
  const distinct = new Set(ids).size === ids.length && ids.length > 1;
  const states = await Promise.all(
    all.map(async (destination, index) => {
      const own = await mountedEncryption(sources, destination);
      if (own !== undefined) return own;
      const at = distinct ? ids.indexOf(destination.id) : memory?.length === all.length ? index : -1;
      return encryptionState(memory?.[at]);
    }),
  );
  if (states.includes(false)) return false;
  if (states.includes(undefined)) {
    await remembered(sources);
    throw unparseable('com.apple.TimeMachine');
  }
  return true;
}
