import { type Kysely, sql } from 'kysely';

/** Where the audit log begins since older entries were deleted: the last one that is gone, and what the first that is left follows. */
export async function auditFloor(db: Kysely<never>): Promise<void> {
  await sql`create table audit_floors (number integer primary key, digest blob not null)`.execute(db);
}
