import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { canonicalJson } from '../../shared/canonical.ts';
import type { Database } from './database.ts';
import { type AlteredContent, alteredContent } from './noted-content.ts';

/** What the chain of the audit log comes to. */
export interface ChainResult {
  readonly entries: number;
  /** The number of the first entry that does not follow the one before it; null when all do. */
  readonly brokenAt: number | null;
  /** SHA-256 of the newest entry, in hex: whoever wrote it down can tell later that nothing before it was taken away. */
  readonly head: string | null;
}

/** The last time the chain was gone through. */
export interface ChainState extends ChainResult {
  /** What is not as the log noted it, of every organization. */
  readonly altered: readonly AlteredContent[];
  readonly at: Date;
}

export interface ChainedEntry {
  readonly number: number;
  readonly at: number;
  readonly organization: number | null;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
}

/** What the first entry follows. */
export const chainStart = new Uint8Array(32);

/** An entry's place in the chain: SHA-256 over the digest before it and everything it says. */
export const digestOf = (entry: ChainedEntry, previous: Uint8Array): Buffer =>
  createHash('sha256')
    .update(previous)
    .update(
      canonicalJson([
        entry.number,
        entry.at,
        entry.organization,
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
      ]),
    )
    .digest();

/** Entries read at once; others get their turn in between. */
const slice = 500;

/** Goes through the whole chain, from the first entry that is kept on. */
export async function verifyChain(db: Database): Promise<ChainResult> {
  const floor = await db.selectFrom('audit_floors').selectAll().orderBy('number', 'desc').executeTakeFirst();
  let previous: Uint8Array = floor?.digest ?? chainStart;
  let last = floor?.number ?? 0;
  let entries = 0;
  const result = (brokenAt: number | null): ChainResult => ({
    entries,
    brokenAt,
    head: last === 0 ? null : Buffer.from(previous).toString('hex'),
  });
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('number', '>', last)
      .orderBy('number')
      .limit(slice)
      .execute();
    for (const row of rows) {
      const digest = digestOf(row, previous);
      if (
        row.number !== last + 1 ||
        !digest.equals(row.digest) ||
        Buffer.compare(row.previous, previous) !== 0
      ) {
        return result(row.number);
      }
      previous = row.digest;
      last = row.number;
      entries += 1;
    }
    if (rows.length < slice) return result(null);
    await setImmediate();
  }
}

/** How long what was found is told again before the chain is gone through anew. */
const freshMs = 10 * 60_000;
/** How long a page waits for it. */
const patienceMs = 300;

/**
 * Verifies the chain in the background for whoever looks at it: a short log at once, a long one while the page shows what
 * was found the last time. Undefined while nothing was found yet.
 */
export function chainWatch(db: Database): (at: Date) => Promise<ChainState | undefined> {
  let known: ChainState | undefined;
  let underway: Promise<void> | undefined;
  return async (at) => {
    if (known === undefined || at.getTime() - known.at.getTime() > freshMs || known.entries < slice) {
      underway ??= verifyChain(db)
        .then(async (result) => {
          known = { ...result, altered: await alteredContent(db), at };
        })
        .catch(() => {
          // The database was closed meanwhile: nothing was found.
        })
        .finally(() => {
          underway = undefined;
        });
      const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
      await Promise.race([underway, patience]);
    }
    return known;
  };
}
