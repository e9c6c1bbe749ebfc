import { type Kysely, sql } from 'kysely';

/** Searching a large fleet reads what is searched, and not all that is known of each device. */
export async function search(db: Kysely<never>): Promise<void> {
  await sql
    .raw(
      'create index devices_searched on devices (organization, revoked_at, label, asset_tag, system, platform)',
    )
    .execute(db);
}
