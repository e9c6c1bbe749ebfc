import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { factsDigestInput } from '../../shared/report.ts';
import { OutboxStore, type Remembered, type Row } from './outbox-store.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** How much waits at most. Beyond it the oldest repetitions go first, then the oldest changes; what went is counted. */
export interface OutboxLimits {
  readonly maxBytes: number;
  readonly maxDays: number;
}
export const defaultLimits: OutboxLimits = { maxBytes: 16 * 1024 * 1024, maxDays: 90 };

/** Whatever the clock says, the log keeps at least so many. */
const alwaysShown = 100;

/** What one run of the checks found, before it is signed. */
export interface Observation {
  readonly takenAt: Date;
  readonly agent: string;
  readonly policy: { readonly id: string; readonly version: number };
  readonly machine: Machine;
  readonly facts: Facts;
}

/** The observation at the head of the queue. It gets its sequence number when it is signed, and keeps both until it is accepted. */
export interface Pending {
  /** Place in the queue; counts up whatever the clock does. */
  readonly id: number;
  readonly takenAt: string;
  readonly agent: string;
  readonly policy: { readonly id: string; readonly version: number };
  readonly digest: string;
  /** `{ machine, facts }`; null once only the signed report is left. */
  readonly body: { readonly machine: unknown; readonly facts: unknown } | null;
  readonly signed: { readonly sequence: number; readonly jws: string } | null;
}

/** A report that left this machine, as `agent --sent` shows it. */
export interface SentReport {
  readonly sequence: number;
  readonly takenAt: string;
  readonly kind: 'full' | 'unchanged';
  readonly digest: string;
  readonly sentAt: string;
  /** `accepted`, or the problem it was refused with. */
  readonly outcome: string;
  readonly jws: string;
}

/**
 * What waits to be sent, and the log of what was sent, in one SQLite file. Every change is one durable transaction: after a
 * crash at any moment the queue is as it was before it or as it is after it, and no sequence number is given twice.
 */
export class Outbox {
  readonly #store: OutboxStore;
  readonly #limits: OutboxLimits;
  /** Where a damaged file was moved to when this one was opened. */
  readonly setAside: string | undefined;

  private constructor(store: OutboxStore, limits: OutboxLimits) {
    this.#store = store;
    this.setAside = store.setAside;
    this.#limits = limits;
  }

  /** Opens or makes the outbox of a state directory. A file that is damaged is set aside and a new one begun. */
  static async open(
    directory: string,
    { readOnly = false, limits = defaultLimits }: { readOnly?: boolean; limits?: OutboxLimits } = {},
  ): Promise<Outbox> {
    return new Outbox(await OutboxStore.open(directory, readOnly), limits);
  }

  close(): void {
    this.#store.close();
  }

  /** Queues an observation. Durable when it returns. */
  add(observation: Observation): void {
    const body = { machine: observation.machine, facts: observation.facts };
    const digest = sha256(factsDigestInput(body));
    this.#store.transaction(() => {
      const transition = this.#store.recall('lastDigest') !== digest;
      this.#store.run(
        'INSERT OR IGNORE INTO facts (digest, body) VALUES (?, ?)',
        digest,
        canonicalJson(body),
      );
      this.#store.run(
        'INSERT INTO queue (taken_at, agent, policy_id, policy_version, digest, transition) VALUES (?, ?, ?, ?, ?, ?)',
        observation.takenAt.toISOString(),
        observation.agent,
        observation.policy.id,
        observation.policy.version,
        digest,
        transition ? 1 : 0,
      );
      this.#store.remember('lastDigest', digest);
      this.#trim(observation.takenAt);
    });
  }

  /** The oldest observation that is not accepted yet. */
  head(): Pending | undefined {
    const row = this.#store.get(
      'SELECT q.*, f.body FROM queue q LEFT JOIN facts f USING (digest) ORDER BY sequence IS NULL, sequence, id LIMIT 1',
    );
    if (row === undefined) return undefined;
    const { sequence, jws, body } = row;
    return {
      id: Number(row['id']),
      takenAt: String(row['taken_at']),
      agent: String(row['agent']),
      policy: { id: String(row['policy_id']), version: Number(row['policy_version']) },
      digest: String(row['digest']),
      body: typeof body === 'string' ? JSON.parse(body) : null,
      signed: typeof sequence === 'number' && typeof jws === 'string' ? { sequence, jws } : null,
    };
  }

  /** Where the chain stands: the next report's number, and the hash of the one before. */
  chain(): {
    readonly sequence: number;
    readonly previous: string | null;
    readonly acceptedDigest: string | undefined;
  } {
    return {
      sequence: Number(this.#store.recall('lastSequence') ?? 0) + 1,
      previous: this.#store.recall('lastHash') ?? null,
      acceptedDigest: this.#store.recall('acceptedDigest'),
    };
  }

  /** Keeps the signed report: from now on this one, and no other, has this number, until it is accepted or refused. */
  sign(id: number, sequence: number, jws: string): void {
    this.#store.run('UPDATE queue SET sequence = ?, jws = ? WHERE id = ?', sequence, jws, id);
  }

  /** Undoes `sign` after the collector refused what was signed and told how to do better. */
  unsign(
    id: number,
    { forgetAccepted = false, takenAt }: { forgetAccepted?: boolean; takenAt?: Date } = {},
  ): void {
    this.#store.transaction(() => {
      this.#store.run('UPDATE queue SET sequence = NULL, jws = NULL WHERE id = ?', id);
      if (forgetAccepted) this.#store.forget('acceptedDigest');
      if (takenAt !== undefined) {
        this.#store.run('UPDATE queue SET taken_at = ? WHERE id = ?', takenAt.toISOString(), id);
      }
    });
  }

  /** The collector has it: it leaves the queue for the log, and the chain goes on from it. */
  accepted(pending: Pending, now: Date): void {
    this.#leave(pending, 'accepted', now);
  }

  /** The collector will never take it: it leaves the queue for the log, and its number is free again. */
  refused(pending: Pending, problem: string, now: Date): void {
    this.#leave(pending, problem, now);
  }

  #leave(pending: Pending, outcome: string, now: Date): void {
    const { signed } = pending;
    if (signed === null) throw new Error('only a signed report can be accepted or refused');
    const accepted = outcome === 'accepted';
    this.#store.transaction(() => {
      this.#store.run('DELETE FROM queue WHERE id = ?', pending.id);
      this.#store.run(
        'INSERT INTO sent (sequence, taken_at, kind, digest, sent_at, outcome, jws) VALUES (?, ?, ?, ?, ?, ?, ?)',
        signed.sequence,
        pending.takenAt,
        kindOf(signed.jws),
        sha256(signed.jws),
        now.toISOString(),
        outcome,
        signed.jws,
      );
      if (accepted) {
        this.#store.remember('lastSequence', String(signed.sequence));
        this.#store.remember('lastHash', sha256(signed.jws));
        this.#store.remember('acceptedDigest', pending.digest);
        this.#store.remember('lastContact', now.toISOString());
        this.#store.forget('failures');
        this.#store.forget('lastFailure');
      }
      this.#store.run(
        "DELETE FROM facts WHERE digest NOT IN (SELECT digest FROM queue) AND digest IS NOT (SELECT value FROM remembered WHERE name = 'acceptedDigest')",
      );
      this.#prune(now);
    });
  }

  /** Takes over a report that was signed before the outbox was lost, so that its number is not given again. */
  recover({
    sequence,
    previous,
    jws,
    takenAt,
    agent,
    policy,
    digest,
  }: {
    readonly sequence: number;
    readonly previous: string | null;
    readonly jws: string;
    readonly takenAt: string;
    readonly agent: string;
    readonly policy: { readonly id: string; readonly version: number };
    readonly digest: string;
  }): void {
    this.#store.transaction(() => {
      this.#store.remember('lastSequence', String(sequence - 1));
      if (previous !== null) this.#store.remember('lastHash', previous);
      this.#store.run(
        'INSERT INTO queue (taken_at, agent, policy_id, policy_version, digest, transition, sequence, jws) VALUES (?, ?, ?, ?, ?, 1, ?, ?)',
        takenAt,
        agent,
        policy.id,
        policy.version,
        digest,
        sequence,
        jws,
      );
    });
  }

  /** Whether nothing was ever queued or sent here. */
  get untouched(): boolean {
    const queued = this.#store.get('SELECT 1 AS one FROM queue LIMIT 1') !== undefined;
    return !queued && this.#store.recall('lastSequence') === undefined;
  }

  /** The accepted report of that number as it left, for a collector that lost it. */
  sentReport(sequence: number): SentReport | undefined {
    const row = this.#store.get("SELECT * FROM sent WHERE sequence = ? AND outcome = 'accepted'", sequence);
    return row === undefined ? undefined : sentFrom(row);
  }

  /** The last `limit` reports that left this machine, newest first. */
  sent(limit: number): SentReport[] {
    return this.#store.all('SELECT * FROM sent ORDER BY id DESC LIMIT ?', limit).map(sentFrom);
  }

  /** How much waits, and how much had to be dropped since the beginning. */
  waiting(): { readonly reports: number; readonly since: string | undefined; readonly dropped: number } {
    const row = this.#store.get('SELECT count(*) AS reports, min(taken_at) AS since FROM queue');
    return {
      reports: Number(row?.['reports'] ?? 0),
      since: typeof row?.['since'] === 'string' ? row['since'] : undefined,
      dropped: Number(this.#store.recall('dropped') ?? 0),
    };
  }

  /** What the last run found, where it is still kept. */
  lastFound(): { readonly machine: unknown; readonly facts: unknown } | undefined {
    const body = this.#store.get(
      "SELECT body FROM facts WHERE digest = (SELECT value FROM remembered WHERE name = 'lastDigest')",
    )?.['body'];
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  }

  recall(name: Remembered): string | undefined {
    return this.#store.recall(name);
  }

  remember(name: Remembered, value: string | undefined): void {
    if (value === undefined) this.#store.forget(name);
    else this.#store.remember(name, value);
  }

  /** Inside a transaction. The newest observation and the one that may be on its way are never dropped. */
  #trim(now: Date): void {
    const { maxBytes, maxDays } = this.#limits;
    const oldest = new Date(now.getTime() - maxDays * 86_400_000).toISOString();
    const droppable = 'sequence IS NULL AND id <> (SELECT max(id) FROM queue)';
    // By age only what says nothing new: a clock that jumps must not cost a change.
    let dropped = this.#store.run(
      `DELETE FROM queue WHERE transition = 0 AND ${droppable} AND taken_at < ?`,
      oldest,
    );
    const orphans = () =>
      this.#store.run(
        "DELETE FROM facts WHERE digest NOT IN (SELECT digest FROM queue) AND digest IS NOT (SELECT value FROM remembered WHERE name = 'acceptedDigest')",
      );
    if (dropped > 0) orphans();
    for (let excess = this.#bytes() - maxBytes; excess > 0; excess = this.#bytes() - maxBytes) {
      const count = Math.max(1, Math.ceil(excess / 16_384));
      const gone =
        this.#store.run(
          `DELETE FROM queue WHERE id IN (SELECT id FROM queue WHERE transition = 0 AND ${droppable} ORDER BY id LIMIT ?)`,
          Math.max(count, 64),
        ) ||
        this.#store.run(
          `DELETE FROM queue WHERE id IN (SELECT id FROM queue WHERE ${droppable} ORDER BY id LIMIT ?)`,
          count,
        );
      if (gone === 0) break;
      dropped += gone;
      orphans();
    }
    if (dropped > 0)
      this.#store.remember('dropped', String(Number(this.#store.recall('dropped') ?? 0) + dropped));
  }

  /** Bytes of what waits; a row without its facts counts as 300. */
  #bytes(): number {
    const row = this.#store.get(
      'SELECT (SELECT coalesce(sum(length(body)), 0) FROM facts) + (SELECT coalesce(sum(300 + coalesce(length(jws), 0)), 0) FROM queue) AS bytes',
    );
    return Number(row?.['bytes'] ?? 0);
  }

  /** The log keeps as long and as much as the queue does. */
  #prune(now: Date): void {
    const oldest = new Date(now.getTime() - this.#limits.maxDays * 86_400_000).toISOString();
    this.#store.run(
      `DELETE FROM sent WHERE sent_at < ? AND id <= (SELECT max(id) - ${alwaysShown} FROM sent)`,
      oldest,
    );
    this.#store.run(
      'DELETE FROM sent WHERE id <= (SELECT max(id) FROM (SELECT id, sum(length(jws)) OVER (ORDER BY id DESC) AS total FROM sent) WHERE total > ?)',
      Math.floor(this.#limits.maxBytes / 4),
    );
  }
}

function kindOf(jws: string): 'full' | 'unchanged' {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8');
  return 'unchanged' in JSON.parse(payload) ? 'unchanged' : 'full';
}

function sentFrom(row: Row): SentReport {
  return {
    sequence: Number(row['sequence']),
    takenAt: String(row['taken_at']),
    kind: row['kind'] === 'unchanged' ? 'unchanged' : 'full',
    digest: String(row['digest']),
    sentAt: String(row['sent_at']),
    outcome: String(row['outcome']),
    jws: String(row['jws']),
  };
}
