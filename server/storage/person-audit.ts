import { type AuditEvent, appendAudit } from './audit.ts';
import type { Database, Writing } from './database.ts';

/**
 * Notes what happens to a person's account in the log of every organization they have a role in, so that each of them can
 * read who signed in; in none's log where they have none.
 */
export async function appendPersonAudit(
  writing: Writing,
  user: number,
  event: Omit<AuditEvent, 'organization'>,
  at: Date,
): Promise<void> {
  const rows = await writing
    .selectFrom('memberships')
    .select('organization')
    .distinct()
    .where('user', '=', user)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', at.getTime())]))
    .orderBy('organization')
    .execute();
  const organizations = rows.length === 0 ? [null] : rows.map(({ organization }) => organization);
  for (const organization of organizations) await appendAudit(writing, { ...event, organization }, at);
}

/** As `audited`, for a change of a person's account: noted in the log of every organization they have a role in. */
export const personAudited = (
  db: Database,
  user: number,
  at: Date,
  change: (writing: Writing) => Promise<Omit<AuditEvent, 'organization'> | undefined>,
): Promise<boolean> =>
  db.transaction().execute(async (writing) => {
    const event = await change(writing);
    if (event === undefined) return false;
    await appendPersonAudit(writing, user, event, at);
    return true;
  });
