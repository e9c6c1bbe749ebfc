import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';
import { readWatch, watchedSince } from './watch.ts';

const name = 'media.db';

/**
 * A row a day and medium. `stick` is a salted hash, or `?` and one of where it was plugged in; the salt never leaves this file.
 * `change` counts up with everything noted, so that a report marks what it has counted and nothing that came after: `reported` that
 * it was exposed, `told` that it was not approved. Flags stay at the worse of what was seen on the day; `approved` is 1, 0, or null
 * where it could not be told.
 */
const approvals = `
  ALTER TABLE medium_day ADD COLUMN approved INTEGER;
  ALTER TABLE medium_day ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
  UPDATE medium_day SET told = reported;
`;
const schema = `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE medium_day (
    day TEXT NOT NULL, stick TEXT NOT NULL, encrypted INTEGER NOT NULL, writable INTEGER NOT NULL, exposed INTEGER NOT NULL,
    change INTEGER NOT NULL, reported INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, stick)
  ) STRICT, WITHOUT ROWID;
  ${approvals}
`;

/** Days are kept this long, for the person to look at and for a dispute; then they are gone. */
const keptDays = 90;

/** A medium that is mounted, by whatever identifies it on this machine: hashed before it is written. */
export interface SeenMedium {
  readonly id: string;
  /** False where `id` only says where it is plugged in: then nothing can approve it. */
  readonly identified: boolean;
  readonly encrypted: boolean;
  readonly writable: boolean;
}

/** What was counted, to be marked once the report that says so is kept. */
export interface ExposedDays {
  /** undefined = nobody kept watch all the time since the last report. */
  readonly days: number | undefined;
  readonly change: number;
}

/** The numbers of the media that may be used; undefined = nobody can tell, as no policy of the organization can be read. */
export type Approved = ReadonlySet<string> | undefined;

/** How what is mounted, and what was since the last report, stands to what is approved. */
export interface MediaStanding {
  /** Mounted now, and approved by nothing. */
  readonly unapproved: number;
  /** Mounted now or since the last report, and nobody can tell. */
  readonly unknown: number;
  /** Numbers of those mounted now that are approved. */
  readonly approved: readonly string[];
  /** Days since the last report with one that was not approved; undefined = nobody kept watch all that time, and none was seen. */
  readonly days: number | undefined;
  readonly change: number;
}

/** One day of one medium, as the person may see it. */
export interface MediumDay {
  readonly day: string;
  readonly stick: string;
  /** What stands for it where it is to be approved; undefined where it cannot be told from others. */
  readonly number: string | undefined;
  readonly encrypted: boolean;
  readonly writable: boolean;
  readonly approved: boolean | undefined;
}

/** `m3fa2b1c8d4e5`; undefined for one that is only known by its place. */
const numberOf = (stick: string) => (stick.startsWith('?') ? undefined : `m${stick.slice(0, 12)}`);

function isApproved(stick: string, approved: Approved): boolean | undefined {
  if (approved === undefined) return undefined;
  // Where nothing is approved, neither is this, whatever it is.
  if (approved.size === 0) return false;
  const number = numberOf(stick);
  return number === undefined ? undefined : approved.has(number);
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/**
 * Which removable media were mounted on which day. Readable by the service's own account only: names of media, files and times are
 * never in it.
 */
export class MediaLog {
  readonly #db: DatabaseSync;
  readonly #directory: string;

  private constructor(db: DatabaseSync, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  /** Throws NewerState, or what SQLite throws. A damaged file is set aside and a new one begun. */
  static async open(directory: string): Promise<MediaLog> {
    const { db } = await openDatabase(directory, name, { version: 2, schema, upgrades: [approvals] });
    if (process.platform !== 'win32') {
      for (const file of ['', '-wal', '-shm']) {
        const path = join(directory, name + file);
        if (existsSync(path)) chmodSync(path, 0o600);
      }
    }
    db.prepare("INSERT OR IGNORE INTO setting VALUES ('salt', ?)").run(randomBytes(16).toString('hex'));
    return new MediaLog(db, directory);
  }

  /** The same; undefined where this account may not, or a newer agent wrote it. */
  static async openIfAllowed(directory: string): Promise<MediaLog | undefined> {
    try {
      return await MediaLog.open(directory);
    } catch {
      return undefined;
    }
  }

  #setting(key: string): string | undefined {
    const row = this.#db.prepare('SELECT value FROM setting WHERE name = ?').get(key);
    return (row as { value: string } | undefined)?.value;
  }

  #change(): number {
    const row = this.#db.prepare('SELECT coalesce(max(change), 0) AS change FROM medium_day').get();
    return (row as { change: number }).change;
  }

  #stickOf({ id, identified }: SeenMedium): string {
    const hash = createHash('sha256')
      .update(this.#setting('salt') ?? '')
      .update(id)
      .digest('hex');
    return identified ? hash.slice(0, 24) : `?${hash.slice(0, 23)}`;
  }

  /** Notes what is mounted now. What was noted on this day before stays, at its worse. */
  note(media: readonly SeenMedium[], now: Date, approved: Approved): void {
    const put = this.#db.prepare(`
      INSERT INTO medium_day (day, stick, encrypted, writable, exposed, change, approved) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (day, stick) DO UPDATE SET
        encrypted = min(encrypted, excluded.encrypted), writable = max(writable, excluded.writable),
        exposed = max(exposed, excluded.exposed), change = excluded.change, reported = reported AND NOT excluded.exposed,
        approved = CASE WHEN 0 IN (approved, excluded.approved) THEN 0 ELSE approved AND excluded.approved END,
        told = told AND excluded.approved IS 1
    `);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const change = this.#change() + 1;
      for (const medium of media) {
        const { encrypted, writable } = medium;
        const stick = this.#stickOf(medium);
        const allowed = isApproved(stick, approved);
        put.run(
          dayOf(now),
          stick,
          Number(encrypted),
          Number(writable),
          Number(writable && !encrypted),
          change,
          allowed === undefined ? null : Number(allowed),
        );
      }
      const oldest = new Date(now.getTime() - keptDays * 86_400_000);
      this.#db.prepare('DELETE FROM medium_day WHERE day < ?').run(dayOf(oldest));
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Days with an exposed medium that no report has told yet. Days that were seen count also where the watch had gaps. */
  exposedDays(): ExposedDays {
    const { days } = this.#db
      .prepare('SELECT count(DISTINCT day) AS days FROM medium_day WHERE exposed = 1 AND reported = 0')
      .get() as { days: number };
    return { days: this.#claimed(days), change: this.#change() };
  }

  /** Days that were seen count always; that there were none is only said where somebody kept watch all the time. */
  #claimed(days: number): number | undefined {
    const last = this.#setting('reportedAt');
    const watched = last !== undefined && watchedSince(readWatch(this.#directory), new Date(last));
    return days > 0 || watched ? Math.min(days, 1_000) : undefined;
  }

  /** What is approved by now is held against no day before; what was approved on its day neither. */
  standing(mounted: readonly SeenMedium[], approved: Approved): MediaStanding {
    const now = [...new Set(mounted.map((medium) => this.#stickOf(medium)))];
    const notTold = this.#db
      .prepare('SELECT day, stick, approved FROM medium_day WHERE told = 0 AND approved IS NOT 1')
      .all()
      .map((row) => row as { day: string; stick: string; approved: number | null })
      .filter(({ stick }) => isApproved(stick, approved) !== true);
    const isUnknown = (stick: string) => isApproved(stick, approved) === undefined;
    const unknown = notTold.filter((row) => row.approved === null).map(({ stick }) => stick);
    const days = new Set(notTold.filter((row) => row.approved === 0).map(({ day }) => day)).size;
    return {
      unapproved: now.filter((stick) => isApproved(stick, approved) === false).length,
      unknown: new Set([...now.filter(isUnknown), ...unknown]).size,
      approved: now
        .flatMap((stick) => (isApproved(stick, approved) ? (numberOf(stick) ?? []) : []))
        .toSorted(),
      days: this.#claimed(days),
      change: this.#change(),
    };
  }

  /** A report that tells the days up to `change` is kept. */
  markReported(change: number, takenAt: Date): void {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#db.prepare('UPDATE medium_day SET reported = 1, told = 1 WHERE change <= ?').run(change);
    this.#db.prepare("INSERT OR REPLACE INTO setting VALUES ('reportedAt', ?)").run(takenAt.toISOString());
    this.#db.exec('COMMIT');
  }

  /** Everything that is kept, newest day first. */
  days(): readonly MediumDay[] {
    return this.#db
      .prepare('SELECT day, stick, encrypted, writable, approved FROM medium_day ORDER BY day DESC, stick')
      .all()
      .map((row) => {
        const { day, stick, encrypted, writable, approved } = row as Record<string, string | number | null>;
        return {
          day: String(day),
          stick: String(stick),
          number: numberOf(String(stick)),
          encrypted: encrypted === 1,
          writable: writable === 1,
          approved: approved == null ? undefined : approved === 1,
        };
      });
  }

  close(): void {
    this.#db.close();
  }
}
