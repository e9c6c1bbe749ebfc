import { setImmediate } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { canonicalJson } from '../../shared/canonical.ts';
import { sha256 } from '../signing/compact-jws.ts';
import { detailOf } from './audit-detail.ts';
import { type Database, withSnapshot } from './database.ts';
import type { Schema } from './schema.ts';

/**
 * The audit log keeps of what was published, decided or written down a digest beside who did it (`sha256`), so that a change of the
 * content behind its back shows as well as one of the log. What may be erased on request is not part of it.
 */

/** Of a published policy: of its text, which is also what a bundle holds as `policies/0001.json`. */
export const policyDigest = (document: string): string => sha256(document).toString('hex');

const digestOf = (values: readonly unknown[]): string => sha256(canonicalJson(values)).toString('hex');

/** Of a waiver: everything but the words of people. */
export const waiverDigest = (row: Selectable<Schema['waivers']>): string =>
  digestOf([
    row.scope,
    row.target,
    row.subject,
    row.requested_by,
    row.requested_at,
    row.status,
    row.decided_by,
    row.decided_at,
    row.starts_at,
    row.expires_at,
    row.ends_at,
  ]);

/** Of a record in a register: everything but what it says about people, which is sealed elsewhere. */
export const recordDigest = (row: Selectable<Schema['register_records']>): string =>
  digestOf([
    row.register,
    row.sequence,
    row.version,
    row.title,
    row.state,
    row.closed,
    row.document,
    row.due_at,
    row.due,
    row.missed,
  ]);

/** Something whose content is not what the audit log says it was. */
export interface AlteredContent {
  readonly kind: 'policy' | 'waiver' | 'record';
  readonly organization: number;
  /** The version of a policy; else the id. */
  readonly id: string;
  /** `never-noted`: the log knows nothing of it. */
  readonly fault: 'altered' | 'never-noted';
}

/** Rows read at once; others get their turn in between. */
const slice = 500;

/** Compares every policy, waiver and record with what the audit log last noted of it. */
export async function alteredContent(db: Database): Promise<readonly AlteredContent[]> {
  const found = await compareNoted(db);
  // Something may have been decided while we looked: only what is found at one moment counts.
  return found.length === 0 ? found : withSnapshot(db, compareNoted);
}

async function compareNoted(db: Database): Promise<readonly AlteredContent[]> {
  const { noted, since } = await readNoted(db);
  const altered: AlteredContent[] = [];
  const organizations = await db.selectFrom('organizations').select('number').execute();

  function compare(
    kind: AlteredContent['kind'],
    { organization, key, id }: { organization: number; key: string; id: string },
    { digest, madeAt }: { digest: string; madeAt: number },
  ): void {
    const known = noted.get(key);
    const fault = known === undefined ? 'never-noted' : 'altered';
    // Of an entry that was deleted when its time was over, and of one that an older build wrote, nothing can be said.
    if (known === undefined ? madeAt < since : known === null || known === digest) return;
    altered.push({ kind, organization, id, fault });
  }

  for (const { number: organization } of organizations) {
    const policies = await db
      .selectFrom('policies')
      .select(['version', 'document', 'published_at'])
      .where('organization', '=', organization)
      .orderBy('version')
      .execute();
    for (const { version, document, published_at: madeAt } of policies) {
      const key = `policy ${organization} ${version}`;
      compare(
        'policy',
        { organization, key, id: String(version) },
        { digest: policyDigest(document), madeAt },
      );
    }
  }
  for (let after = '', rows = slice; rows === slice; await setImmediate()) {
    const waivers = await db
      .selectFrom('waivers')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(slice)
      .execute();
    for (const row of waivers) {
      const { organization, id } = row;
      const content = { digest: waiverDigest(row), madeAt: row.requested_at };
      compare('waiver', { organization, key: `waiver ${id}`, id }, content);
    }
    after = waivers.at(-1)?.id ?? '';
    rows = waivers.length;
  }
  for (let after = '', rows = slice; rows === slice; await setImmediate()) {
    const records = await db
      .selectFrom('register_records')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(slice)
      .execute();
    for (const row of records) {
      const { organization, id } = row;
      const content = { digest: recordDigest(row), madeAt: row.created_at };
      compare('record', { organization, key: `record ${id}`, id }, content);
    }
    after = records.at(-1)?.id ?? '';
    rows = records.length;
  }
  return altered;
}

/** The entries that say what something is from then on. */
const writes: ReadonlyMap<string, AlteredContent['kind']> = new Map([
  ['organization.create', 'policy'],
  ['policy.publish', 'policy'],
  ...(['request', 'approve', 'refuse', 'shorten', 'withdraw'] as const).map(
    (step) => [`waiver.${step}`, 'waiver'] as const,
  ),
  ...(['create', 'change', 'step', 'erase'] as const).map((step) => [`register.${step}`, 'record'] as const),
]);

/** The last digest noted of each thing, null where an older build noted it without one; and since when entries are kept. */
async function readNoted(
  db: Database,
): Promise<{ readonly noted: ReadonlyMap<string, string | null>; readonly since: number }> {
  const noted = new Map<string, string | null>();
  const floor = await db
    .selectFrom('audit_floors')
    .select('number')
    .orderBy('number', 'desc')
    .executeTakeFirst();
  let since = floor === undefined ? 0 : Number.POSITIVE_INFINITY;
  let last = floor?.number ?? 0;
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .select(['number', 'at', 'organization', 'action', 'subject', 'detail'])
      .where('number', '>', last)
      .orderBy('number')
      .limit(slice)
      .execute();
    for (const { number, at, organization, action, subject, detail } of rows) {
      last = number;
      since = Math.min(since, at);
      const kind = writes.get(action);
      if (kind === undefined) continue;
      const { version, sha256: digest } = detailOf(detail);
      const key = kind === 'policy' ? `policy ${organization} ${version}` : `${kind} ${subject}`;
      noted.set(key, typeof digest === 'string' ? digest : null);
    }
    if (rows.length < slice) return { noted, since };
    await setImmediate();
  }
}
