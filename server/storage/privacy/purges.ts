import type { Database, Writing } from '../database.ts';
import { momentOf } from '../moments.ts';

/** What a purge deleted of one class. */
export interface Purged {
  readonly deleted: number;
  /** When the oldest of it was made; null where there was nothing. */
  readonly oldest: Date | null;
}

/** Deletes what has been kept long enough. */
export interface PurgeStore {
  /** Reports of before a moment, but for those that still say how a device stands. */
  purgeReports(organization: number, before: Date): Promise<Purged>;
  purgeTransitions(organization: number, before: Date): Promise<Purged>;
  /** Closed records whose time is over; their ids, so that what they say about people goes as well. */
  purgeRecords(organization: number, at: Date): Promise<Purged & { readonly ids: readonly string[] }>;
  /** Devices that left the fleet before a moment, with everything known of them. */
  purgeDevices(organization: number, before: Date): Promise<Purged>;
  /** Waivers that ended before a moment, with their reasons. */
  purgeWaivers(organization: number, before: Date): Promise<Purged>;
  /** What people asked on the page about their laptop, answered before a moment. */
  purgeAsked(organization: number, before: Date): Promise<Purged>;
  /** The audit log up to a moment, of every organization at once: it is one chain. What is left still proves that it is whole. */
  purgeAudit(before: Date): Promise<Purged>;
}

export function purgeStore(db: Database): PurgeStore {
  const purgedOf = (row: { number: number; oldest: number | null }): Purged => ({
    deleted: Number(row.number),
    oldest: row.oldest === null ? null : new Date(Number(row.oldest)),
  });
  return {
    purgeReports: (organization, before) =>
      db.transaction().execute(async (writing) => {
        // Whole stretches go, so that what stays is a chain and has the facts it refers to: per device, the first report to keep is the one
        // with the facts of the oldest report that is young enough, or of the newest there is.
        const stretches = await writing
          .selectFrom('devices')
          .select((select) => [
            'devices.number',
            'devices.facts_sequence',
            select
              .selectFrom('reports as old')
              .select((of) => of.fn.min('old.received_at').as('oldest'))
              .whereRef('old.device', '=', 'devices.number')
              .as('oldest'),
            select
              .selectFrom('reports as young')
              .select((of) => of.fn.min('young.facts_sequence').as('young'))
              .whereRef('young.device', '=', 'devices.number')
              .where('young.received_at', '>=', before.getTime())
              .as('young'),
          ])
          .where('devices.organization', '=', organization)
          .where('devices.number', 'in', (select) =>
            select
              .selectFrom('reports as over')
              .select('over.device')
              .where('over.received_at', '<', before.getTime()),
          )
          .execute();
        let deleted = 0;
        let oldest: number | null = null;
        for (const stretch of stretches) {
          const first = Number(stretch.young ?? stretch.facts_sequence ?? 0);
          const kept = await writing
            .selectFrom('reports')
            .select('previous')
            .where('device', '=', stretch.number)
            .where('sequence', '=', first)
            .executeTakeFirst();
          if (kept?.previous == null) continue;
          const { numDeletedRows } = await writing
            .deleteFrom('reports')
            .where('device', '=', stretch.number)
            .where('sequence', '<', first)
            .executeTakeFirst();
          if (numDeletedRows === 0n) continue;
          deleted += Number(numDeletedRows);
          oldest = Math.min(oldest ?? Number(stretch.oldest), Number(stretch.oldest));
          const floor = { sequence: first, previous: kept.previous };
          await writing
            .insertInto('report_floors')
            .values({ device: stretch.number, ...floor })
            .onConflict((conflict) => conflict.column('device').doUpdateSet(floor))
            .execute();
        }
        return { deleted, oldest: momentOf(oldest) };
      }),
    purgeTransitions: (organization, before) =>
      db.transaction().execute(async (writing) => {
        const row = await writing
          .selectFrom('transitions')
          .select((select) => [select.fn.countAll<number>().as('number'), select.fn.min('at').as('oldest')])
          .where('organization', '=', organization)
          .where('at', '<', before.getTime())
          .executeTakeFirstOrThrow();
        for (const table of ['transitions', 'state_changes'] as const) {
          await writing
            .deleteFrom(table)
            .where('organization', '=', organization)
            .where('at', '<', before.getTime())
            .execute();
        }
        return purgedOf(row);
      }),
    purgeRecords: (organization, at) =>
      db.transaction().execute(async (writing) => {
        const rows = await writing
          .deleteFrom('register_records')
          .where('organization', '=', organization)
          .where('purge_at', '<', at.getTime())
          .returning(['id', 'created_at'])
          .execute();
        const oldest = rows.reduce<number | null>(
          (least, row) => (least === null || row.created_at < least ? row.created_at : least),
          null,
        );
        return {
          ids: rows.map(({ id }) => id),
          deleted: rows.length,
          oldest: momentOf(oldest),
        };
      }),
    purgeDevices: (organization, before) =>
      db.transaction().execute(async (writing) => {
        const rows = await writing
          .selectFrom('devices')
          .leftJoin('restrictions', 'restrictions.device', 'devices.id')
          .select(['devices.number', 'devices.id', 'devices.revoked_at'])
          .where('devices.organization', '=', organization)
          .where('devices.revoked_at', '<', before.getTime())
          .where('restrictions.device', 'is', null)
          .limit(200)
          .execute();
        for (const { number, id } of rows) await deleteDevice(writing, number, id);
        const oldest = rows.map(({ revoked_at }) => revoked_at ?? 0).toSorted((a, b) => a - b)[0];
        return { deleted: rows.length, oldest: oldest === undefined ? null : new Date(oldest) };
      }),
    purgeWaivers: (organization, before) =>
      db.transaction().execute(async (writing) => {
        const rows = await writing
          .selectFrom('waivers')
          .select(['id', 'requested_at'])
          .where('organization', '=', organization)
          .where('ends_at', '<', before.getTime())
          .execute();
        if (rows.length === 0) return { deleted: 0, oldest: null };
        const ids = rows.map(({ id }) => id);
        await writing.deleteFrom('waiver_events').where('waiver', 'in', ids).execute();
        await writing.deleteFrom('waivers').where('id', 'in', ids).execute();
        return { deleted: ids.length, oldest: new Date(Math.min(...rows.map((row) => row.requested_at))) };
      }),
    purgeAsked: (organization, before) =>
      db.transaction().execute(async (writing) => {
        const rows = await writing
          .deleteFrom('staff_requests')
          .where('organization', '=', organization)
          .where('answered_at', '<', before.getTime())
          .returning('requested_at')
          .execute();
        return {
          deleted: rows.length,
          oldest: rows.length === 0 ? null : new Date(Math.min(...rows.map((row) => row.requested_at))),
        };
      }),
    purgeAudit: (before) =>
      db.transaction().execute(async (writing) => {
        // Everything up to the entry before the first that is young enough: what is left is one piece.
        const young = await writing
          .selectFrom('audit')
          .select('number')
          .where('at', '>=', before.getTime())
          .orderBy('number')
          .limit(1)
          .executeTakeFirst();
        if (young === undefined) return { deleted: 0, oldest: null };
        const last = await writing
          .selectFrom('audit')
          .select(['number', 'digest'])
          .where('number', '<', young.number)
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (last === undefined) return { deleted: 0, oldest: null };
        const first = await writing
          .selectFrom('audit')
          .select('at')
          .orderBy('number')
          .limit(1)
          .executeTakeFirstOrThrow();
        const { numDeletedRows } = await writing
          .deleteFrom('audit')
          .where('number', '<=', last.number)
          .executeTakeFirst();
        await writing.deleteFrom('audit_floors').execute();
        await writing
          .insertInto('audit_floors')
          .values({ number: last.number, digest: last.digest })
          .execute();
        return { deleted: Number(numDeletedRows), oldest: new Date(first.at) };
      }),
  };
}

/** Everything the collector holds of a device that is no longer in the fleet. */
async function deleteDevice(writing: Writing, number: number, id: string): Promise<void> {
  const tables = [
    'findings',
    'transitions',
    'state_changes',
    'stray_reports',
    'reports',
    'report_floors',
    'request_nonces',
    'held_policies',
    'staff_requests',
    'device_visits',
  ] as const;
  for (const table of tables) {
    await writing.deleteFrom(table).where('device', '=', number).execute();
  }
  await writing.updateTable('waivers').set({ device: null }).where('device', '=', number).execute();
  await writing
    .updateTable('waivers')
    .set({ reason: 'Deleted.' })
    .where('requested_by', '=', `device:${id}`)
    .execute();
  await writing.updateTable('enrollments').set({ device: null }).where('device', '=', number).execute();
  await writing
    .updateTable('attestation_people')
    .set({ device: null })
    .where('device', '=', number)
    .execute();
  await writing.deleteFrom('devices').where('number', '=', number).execute();
}
