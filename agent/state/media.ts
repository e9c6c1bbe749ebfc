import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';
import { readWatch, watchedSince } from './watch.ts';

const name = 'media.db';

/**
 * A row a day and medium. `stick` is a salted hash; the salt never leaves this file. `change` counts up with everything noted, so
 * that a report marks what it has counted and nothing that came after. Flags stay at the worse of what was seen on the day.
 */
const schema = `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE medium_day (
    day TEXT NOT NULL, stick TEXT NOT NULL, encrypted INTEGER NOT NULL, writable INTEGER NOT NULL, exposed INTEGER NOT NULL,
    change INTEGER NOT NULL, reported INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, stick)
  ) STRICT, WITHOUT ROWID;
`;

/** Days are kept this long, for the person to look at and for a dispute; then they are gone. */
const keptDays = 90;

/** A medium that is mounted, by whatever identifies it on this machine: hashed before it is written. */
export interface SeenMedium {
  readonly id: string;
  readonly encrypted: boolean;
  readonly writable: boolean;
}

/** What was counted, to be marked once the report that says so is kept. */
export interface ExposedDays {
  /** undefined = nobody kept watch all the time since the last report. */
  readonly days: number | undefined;
  readonly change: number;
}

/** One day of one medium, as the person may see it. */
export interface MediumDay {
  readonly day: string;
  readonly stick: string;
  readonly encrypted: boolean;
  readonly writable: boolean;
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
    const { db } = await openDatabase(directory, name, { version: 1, schema });
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

  /** Notes what is mounted now. What was noted on this day before stays, at its worse. */
  note(media: readonly SeenMedium[], now: Date): void {
    const salt = this.#setting('salt') ?? '';
    const put = this.#db.prepare(`
      INSERT INTO medium_day (day, stick, encrypted, writable, exposed, change) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (day, stick) DO UPDATE SET
        encrypted = min(encrypted, excluded.encrypted), writable = max(writable, excluded.writable),
        exposed = max(exposed, excluded.exposed), change = excluded.change, reported = reported AND NOT excluded.exposed
    `);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const change = this.#change() + 1;
      for (const { id, encrypted, writable } of media) {
        const stick = createHash('sha256').update(salt).update(id).digest('hex').slice(0, 24);
        put.run(
          dayOf(now),
          stick,
          Number(encrypted),
          Number(writable),
          Number(writable && !encrypted),
          change,
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
    const last = this.#setting('reportedAt');
    const watched = last !== undefined && watchedSince(readWatch(this.#directory), new Date(last));
    return { days: days > 0 || watched ? Math.min(days, 1_000) : undefined, change: this.#change() };
  }

  /** A report that tells the days up to `change` is kept. */
  markReported(change: number, takenAt: Date): void {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#db.prepare('UPDATE medium_day SET reported = 1 WHERE change <= ?').run(change);
    this.#db.prepare("INSERT OR REPLACE INTO setting VALUES ('reportedAt', ?)").run(takenAt.toISOString());
    this.#db.exec('COMMIT');
  }

  /** Everything that is kept, newest day first. */
  days(): readonly MediumDay[] {
    return this.#db
      .prepare('SELECT day, stick, encrypted, writable FROM medium_day ORDER BY day DESC, stick')
      .all()
      .map((row) => {
        const { day, stick, encrypted, writable } = row as Record<string, string | number>;
        return {
          day: String(day),
          stick: String(stick),
          encrypted: encrypted === 1,
          writable: writable === 1,
        };
      });
  }

  close(): void {
    this.#db.close();
  }
}
