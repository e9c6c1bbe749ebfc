import { canonicalJson } from '../../shared/canonical.ts';
import type { AuditAction } from '../audit-actions.ts';
import {
  type ChainResult,
  type ChainState,
  chainStart,
  chainWatch,
  digestOf,
  verifyChain,
} from './audit-chain.ts';
import { detailOf } from './audit-detail.ts';
import { type AuditFilter, type AuditRow, searchAudit } from './audit-search.ts';
import type { Database, Writing } from './database.ts';
import { type AlteredContent, alteredContent } from './noted-content.ts';

/** Who did it: never a name or an address. */
export type Actor = `user:${string}` | `token:${string}` | `device:${string}` | 'console' | 'collector';

/** Something that changed what the collector holds or says, or that a person looked at. */
export interface AuditEvent {
  readonly organization: number | null;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** What was acted on, by id. */
  readonly subject: string;
  /** Closed and small; never names, codes or addresses. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditEntry extends Omit<AuditEvent, 'action'> {
  /** As it was written; this build may no longer know it. */
  readonly action: string;
  readonly number: number;
  readonly at: Date;
  /** Its place in the chain, SHA-256 in hex. */
  readonly digest: string;
}

export interface AuditStore {
  /** The newest entries of an organization, before a number when one is given. */
  list(organization: number, before: number | undefined, limit: number): Promise<readonly AuditEntry[]>;
  /** Notes something that changes nothing else, such as a page with a person's device being looked at. */
  record(event: AuditEvent, at: Date): Promise<void>;
  /** The newest entries of an organization that fit, before a number when one is given. */
  search(
    organization: number,
    filter: AuditFilter,
    before: number | undefined,
    limit: number,
  ): Promise<readonly AuditEntry[]>;
  /** Goes through the whole chain. */
  verify(): Promise<ChainResult>;
  /** The same without waiting long: what was found now or a little while ago. Undefined while nothing was. */
  chainState(at: Date): Promise<ChainState | undefined>;
  /** Compares policies, waivers and records with what was noted of them. */
  altered(): Promise<readonly AlteredContent[]>;
  /** Goes through the whole chain; the number of the first entry that does not follow, or undefined. */
  firstBroken(): Promise<number | undefined>;
}

/** Adds to the chain in the transaction of the change itself: there is never one without the other. */
export async function appendAudit(writing: Writing, event: AuditEvent, at: Date): Promise<void> {
  const last = await writing
    .selectFrom('audit')
    .select(['number', 'digest'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const entry = {
    number: (last?.number ?? 0) + 1,
    at: at.getTime(),
    organization: event.organization,
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    detail: canonicalJson(event.detail ?? {}),
  };
  const previous = last?.digest ?? chainStart;
  await writing
    .insertInto('audit')
    .values({ ...entry, previous, digest: digestOf(entry, previous) })
    .execute();
}

/**
 * Makes a change and notes it, or neither. `change` answers what to note; undefined where there was nothing to change: then nothing is
 * noted and the answer is false.
 */
export const audited = (
  db: Database,
  at: Date,
  change: (writing: Writing) => Promise<AuditEvent | undefined>,
): Promise<boolean> =>
  db.transaction().execute(async (writing) => {
    const event = await change(writing);
    if (event === undefined) return false;
    await appendAudit(writing, event, at);
    return true;
  });

export function auditStore(db: Database): AuditStore {
  return {
    async list(organization, before, limit) {
      const rows = await searchAudit(db, organization, everything, before, limit);
      return rows.map(entryOf);
    },
    async search(organization, filter, before, limit) {
      return (await searchAudit(db, organization, filter, before, limit)).map(entryOf);
    },
    async record(event, at) {
      await db.transaction().execute((writing) => appendAudit(writing, event, at));
    },
    verify: () => verifyChain(db),
    altered: () => alteredContent(db),
    async firstBroken() {
      return (await verifyChain(db)).brokenAt ?? undefined;
    },
    chainState: chainWatch(db),
  };
}

const everything: AuditFilter = { actor: null, actions: null, subject: null, from: null, to: null };

const entryOf = (row: AuditRow): AuditEntry => ({
  number: row.number,
  at: new Date(row.at),
  organization: row.organization,
  actor: row.actor as Actor,
  action: row.action,
  subject: row.subject,
  detail: detailOf(row.detail),
  digest: Buffer.from(row.digest).toString('hex'),
});
