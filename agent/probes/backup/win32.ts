import { type Answer, known, unknown } from '../../../shared/answer.ts';
import type { BackupProductId } from '../../../shared/data/product-ids.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { identify, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';
import { readOneDrive } from '../../readings/win32/one-drive.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readSessions } from '../../readings/win32/sessions.ts';
import { settled } from '../../readings/win32/settled.ts';
import { daysSince, fileTime, isNever } from '../../readings/win32/values.ts';

const millisecondsPerHour = 3_600_000;

/** When a backup last finished; null = none is set up, or none has finished. */
type Finished = Date | null;

/** Up to when a person's files are in File History. It is zeroed while a cycle runs: zero says nothing. */
async function readFileHistory(sources: Sources, sid: string): Promise<Finished> {
  const what = 'ProtectedUpToTime';
  const history = await readSettings(
    sources,
    `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\FileHistory`,
  );
  const written = history.qword(what);
  if (written === undefined) return null;
  const moment = fileTime(written, what);
  if (isNever(moment)) throw new SourceError('missing', `${what}: a cycle is running`);
  daysSince(moment, sources.now, what);
  return moment;
}

/** The newest version identifier (MM/DD/YYYY-HH:MM, UTC) in `wbadmin get versions`; the words around them are translated. */
export function newestVersion(stdout: string): Date | undefined {
  const found = [...stdout.matchAll(/(?<!\d)(\d\d)\/(\d\d)\/(\d{4})-(\d\d):(\d\d)(?!\d)/g)]
    .map(([, month, day, year, hour, minute]) => Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`))
    .filter((moment) => !Number.isNaN(moment));
  return found.length === 0 ? undefined : new Date(Math.max(...found));
}

/** Windows' own image backup. Administrators only; Home has no wbadmin.exe, and so no such backup. */
async function readWindowsBackup(sources: Sources): Promise<Finished> {
  const result = await settled(sources.command(['wbadmin.exe', 'get', 'versions']));
  if (result instanceof SourceError) {
    if (result.code === 'ENOENT') return null;
    throw result;
  }
  const newest = newestVersion(new TextDecoder('latin1').decode(result.stdoutBytes));
  if (newest !== undefined && result.exitCode === 0) {
    daysSince(newest, sources.now, 'wbadmin.exe');
    return newest;
  }
  // "None found" and "access denied" differ in words only; an administrator is not denied.
  if (!sources.elevated) throw new SourceError('denied', 'wbadmin.exe: administrators only');
  if (newest !== undefined || result.stdout.trim() === '')
    throw new SourceError('failed', 'wbadmin.exe: no answer');
  return null;
}

type Recent = {
  ageHours: number | null;
  because?: 'no-destination' | 'sync-only';
  product?: BackupProductId;
};

interface Person {
  readonly finished: Finished | SourceError;
  readonly syncs: boolean;
}

async function readPerson(sources: Sources, sid: string): Promise<Person> {
  const kinds = await Promise.all(
    (['personal', 'business'] as const).map((kind) => settled(readOneDrive(sources, sid, kind))),
  );
  return {
    finished: await settled(readFileHistory(sources, sid)),
    syncs: kinds.some((kind) => !(kind instanceof SourceError) && kind.signedIn && kind.protectsFolders),
  };
}

/** For each person the newer of their own backup and the machine's; of several people the one who is worst off. */
async function readRecent(sources: Sources, { maxAgeDays }: { maxAgeDays: number }): Promise<Answer<Recent>> {
  const machine = await settled(readWindowsBackup(sources));
  const sessions = await settled(readSessions(sources));
  const hours = (finished: Date) =>
    Math.max(0, Math.ceil((sources.now.getTime() - finished.getTime()) / millisecondsPerHour));
  const answerOf = (age: number, product: BackupProductId) => known({ ageHours: age, product });
  const machineAge = machine instanceof Date ? hours(machine) : Number.POSITIVE_INFINITY;
  if (machineAge <= maxAgeDays * 24) return answerOf(machineAge, 'windows-backup');
  if (sessions instanceof SourceError) throw sessions;
  const people = await Promise.all(sessions.map(({ sid }) => readPerson(sources, sid)));
  const ages = people.map(({ finished }) =>
    finished instanceof Date ? hours(finished) : Number.POSITIVE_INFINITY,
  );
  const worst = Math.max(...ages);
  if (worst <= maxAgeDays * 24) return answerOf(worst, 'file-history');
  // From here on the answer is "too old" or "none", which only holds where every place could be read.
  for (const { finished } of people) if (finished instanceof SourceError) throw finished;
  if (machine instanceof SourceError) throw machine;
  // Products that leave no trace we could read: with one installed, "no backup" cannot be said.
  const { programs, failure } = await readInstalledPrograms(sources);
  if (failure !== undefined) throw failure;
  if (identify(programs, 'backup').size > 0) {
    throw new SourceError('unsupported', 'a backup product is installed that leaves no trace to read');
  }
  const newest = Math.min(worst, machineAge);
  if (Number.isFinite(newest))
    return answerOf(newest, newest === machineAge ? 'windows-backup' : 'file-history');
  return known({
    ageHours: null,
    because: people.some(({ syncs }) => syncs) ? 'sync-only' : 'no-destination',
  });
}

/** File History and Windows' own image backup. Windows 10 and 11. */
export const win32: PointProbes<'backup'> = {
  recent: readRecent,
  // Windows keeps no record of either that could be read without looking at the target itself.
  encrypted: async () => unknown('unsupported'),
  'cloud-destination': async () => unknown('unsupported'),
};
