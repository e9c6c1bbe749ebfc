import { sql } from 'kysely';
import { type Actor, appendAudit } from '../audit.ts';
import type { Database } from '../database.ts';
import { storedStates } from '../devices.ts';

/** Another collector of the same database may have set or lifted one this long ago without this one knowing. */
const rememberedMs = 5_000;

/** Laptops of people who asked that their data are not used for now (Art. 18 GDPR). */
export interface RestrictionStore {
  /** Is nothing of this device to be kept? Asked for every report. */
  isRestricted(device: string, at: Date): Promise<boolean>;
  of(organization: number): Promise<ReadonlyMap<string, Date>>;
  /** Takes the device out of every view and count, and keeps nothing more of it. False when there is no such device in the fleet. */
  restrict(organization: number, device: string, actor: Actor, at: Date): Promise<boolean>;
  /** Brings it back, to be judged again. False when it was not restricted. */
  lift(organization: number, device: string, actor: Actor, at: Date): Promise<boolean>;
}

export function restrictionStore(db: Database): RestrictionStore {
  let known: { readonly at: number; readonly devices: ReadonlySet<string> } | undefined;
  return {
    async isRestricted(device, at) {
      if (known === undefined || Math.abs(at.getTime() - known.at) > rememberedMs) {
        const rows = await db.selectFrom('restrictions').select('device').execute();
        known = { at: at.getTime(), devices: new Set(rows.map((row) => row.device)) };
      }
      return known.devices.has(device);
    },
    async of(organization) {
      const rows = await db
        .selectFrom('restrictions')
        .select(['device', 'since'])
        .where('organization', '=', organization)
        .execute();
      return new Map(rows.map(({ device, since }) => [device, new Date(since)]));
    },
    async restrict(organization, device, actor, at) {
      const done = await db.transaction().execute(async (writing) => {
        const row = await writing
          .updateTable('devices')
          .set({ revoked_at: at.getTime() })
          .where('id', '=', device)
          .where('organization', '=', organization)
          .where('revoked_at', 'is', null)
          .returning(['number', 'state'])
          .executeTakeFirst();
        if (row === undefined) return false;
        // For every list and count it is as if it were not in the fleet; its key stays good.
        await sql`update finding_counts set devices = devices - 1 where organization = ${organization}
          and (subject, status) in (select subject, status from findings where device = ${row.number})`.execute(
          writing,
        );
        await writing.deleteFrom('findings').where('device', '=', row.number).execute();
        await writing
          .updateTable('state_counts')
          .set({ devices: sql<number>`devices - 1` })
          .where('organization', '=', organization)
          .where('state', '=', row.state)
          .execute();
        await writing
          .insertInto('restrictions')
          .values({ device, organization, since: at.getTime(), actor })
          .execute();
        await appendAudit(writing, { organization, actor, action: 'privacy.restrict', subject: device }, at);
        return true;
      });
      known = undefined;
      return done;
    },
    async lift(organization, device, actor, at) {
      const silent = storedStates.indexOf('silent');
      const done = await db.transaction().execute(async (writing) => {
        const { numDeletedRows } = await writing
          .deleteFrom('restrictions')
          .where('device', '=', device)
          .where('organization', '=', organization)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        // As it was on the day it joined; the next review judges it from the facts it last sent.
        await writing
          .updateTable('devices')
          .set({ revoked_at: null, state: silent, failing: '', unknown: '', statuses: '', judge_at: 0 })
          .where('id', '=', device)
          .where('organization', '=', organization)
          .execute();
        await writing
          .insertInto('state_counts')
          .values({ organization, state: silent, devices: 1 })
          .onConflict((conflict) =>
            conflict
              .columns(['organization', 'state'])
              .doUpdateSet((row) => ({ devices: row('state_counts.devices', '+', 1) })),
          )
          .execute();
        await appendAudit(writing, { organization, actor, action: 'privacy.lift', subject: device }, at);
        return true;
      });
      known = undefined;
      return done;
    },
  };
}
