import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandResult, History } from '../probe.ts';
import { readIfThere, setAside, writeWhole } from './file.ts';
import type { Approved, MediaLog, MediaStanding, SeenMedium } from './media.ts';

const KeptRead = z.strictObject({
  command: z.array(z.string()),
  at: z.iso.datetime(),
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.int(),
});

/** What this machine remembers between runs. Never leaves it. */
const Kept = z.strictObject({
  version: z.literal(1),
  /** Makes the hashes below useless to anybody else; null until there is one. */
  salt: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  /** Answers of programs that take seconds. */
  slowReads: z.array(KeptRead).max(50),
  /** The day on which something was first seen waiting, by the salted hash of what it is. */
  firstSeen: z.record(z.string(), z.iso.date()),
});
type Kept = z.output<typeof Kept>;

/** What is no longer waiting is forgotten after this many days. */
const forgetAfterDays = 400;

export interface LocalHistory extends History {
  /** The kept answer of a slow program that is at most `maxAgeMs` old. */
  recall(command: readonly string[], now: Date, maxAgeMs: number): CommandResult | undefined;
  keep(command: readonly string[], result: CommandResult, now: Date): void;
  /**
   * How media stand to what is approved; undefined where what tells them apart is not this account's to read. `make` begins to keep
   * it where nothing is kept yet.
   */
  standing(
    media: readonly SeenMedium[],
    approved: Approved,
    make: boolean,
  ): Promise<MediaStanding | undefined>;
  /** What `exposedDays` and `standing` counted is in a report that is kept now: the next report counts from here. */
  markReported(): Promise<void>;
  /** Writes what is new to disk; does nothing where this process may not write. */
  save(): Promise<void>;
}

/** Opens the history in a state directory. A broken file is set aside and a new one begun. */
export async function openHistory(directory: string, now: Date): Promise<LocalHistory> {
  const path = join(directory, 'history.json');
  let kept = await read(path, now);
  let changed = false;
  let counted: number | undefined;
  /** What is counted up to here may be marked: never what came between two counts. */
  const count = <T extends { readonly change: number }>(found: T): T => {
    counted = Math.min(counted ?? found.change, found.change);
    return found;
  };
  async function look<T extends { readonly change: number }>(
    read: (log: MediaLog) => T,
    make = false,
  ): Promise<T | undefined> {
    const log = await openMediaLog(directory, make);
    if (log === undefined) return undefined;
    try {
      return count(read(log));
    } catch {
      // A file that breaks while it is read: what is mounted now can be told all the same.
      return undefined;
    } finally {
      log.close();
    }
  }
  return {
    exposedDays: async () => (await look((log) => log.exposedDays()))?.days,
    standing: (media, approved, make) => look((log) => log.standing(media, approved), make),
    async markReported() {
      const log = counted === undefined ? undefined : await openMediaLog(directory);
      if (counted !== undefined) log?.markReported(counted, now);
      log?.close();
    },
    async firstSeen(ids) {
      if (ids.length === 0) return [];
      // Loaded here: most checks have nothing to hash.
      const { createHash, randomBytes } = await import('node:crypto');
      const salt = kept.salt ?? randomBytes(16).toString('hex');
      kept = { ...kept, salt };
      const today = now.toISOString().slice(0, 10);
      return ids.map((id) => {
        const hash = createHash('sha256').update(salt).update(id).digest('hex').slice(0, 24);
        const seen = kept.firstSeen[hash];
        if (seen === undefined) {
          kept.firstSeen[hash] = today;
          changed = true;
        }
        return new Date(seen ?? today);
      });
    },
    recall(command, at, maxAgeMs) {
      const found = kept.slowReads.find((entry) => isSame(entry.command, command));
      if (found === undefined) return undefined;
      const age = at.getTime() - Date.parse(found.at);
      // An answer from the future tells of a clock that was wrong: ask again.
      if (age < 0 || age > maxAgeMs) return undefined;
      return { ...found, stdoutBytes: Buffer.from(found.stdout, 'utf8') };
    },
    keep(command, { stdout, stderr, exitCode }, at) {
      const others = kept.slowReads.filter((entry) => !isSame(entry.command, command));
      const entry = { command: [...command], at: at.toISOString(), stdout, stderr, exitCode };
      kept = { ...kept, slowReads: [entry, ...others].slice(0, 20) };
      changed = true;
    },
    async save() {
      if (!changed) return;
      const oldest = new Date(now.getTime() - forgetAfterDays * 86_400_000).toISOString().slice(0, 10);
      const firstSeen = Object.fromEntries(Object.entries(kept.firstSeen).filter(([, day]) => day >= oldest));
      try {
        await writeWhole(path, JSON.stringify({ ...kept, firstSeen }), 0o600);
      } catch {
        // A full disk, or a directory of another account: the next run asks again.
      }
    },
  };
}

/** Only where somebody keeps watch: SQLite is not loaded for nothing. */
async function openMediaLog(directory: string, make = false) {
  if (!make && !existsSync(join(directory, 'media.db'))) return undefined;
  const { MediaLog } = await import('./media.ts');
  return MediaLog.openIfAllowed(directory);
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((word, index) => word === b[index]);

async function read(path: string, now: Date): Promise<Kept> {
  const fresh: Kept = { version: 1, salt: null, slowReads: [], firstSeen: {} };
  let text: string | undefined;
  try {
    text = await readIfThere(path);
  } catch {
    return fresh;
  }
  if (text === undefined) return fresh;
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    await setAside(path, now).catch(() => {});
    return fresh;
  }
}
