import { type Actor, audited } from '../audit.ts';
import type { Database } from '../database.ts';
import { storedStates } from '../devices.ts';
import { leaveFleet } from '../fleet-counts.ts';

/** Laptops of people who asked that their data are not used for now (Art. 18 GDPR). */
export interface RestrictionStore {
  isRestricted(device: string): Promise<boolean>;
  of(organization: number): Promise<ReadonlyMap<string, Date>>;
  /** Takes the device out of every view and count, and keeps nothing more of it. False when there is no such device in the fleet. */
  restrict(organization: number, device: string, actor: Actor, at: Date): Promise<boolean>;
  /** Brings it back, to be judged again. False when it was not restricted. */
  lift(organization: number, device: string, actor: Actor, at: Date): Promise<boolean>;
}

export function restrictionStore(db: Database): RestrictionStore {
  return {
    async isRestricted(device) {
      const row = await db
        .selectFrom('restrictions')
        .select('device')
        .where('device', '=', device)
        .executeTakeFirst();
      return row !== undefined;
    },
    async of(organization) {
      const rows = await db
        .selectFrom('restrictions')
        .select(['device', 'since'])
        .where('organization', '=', organization)
        .execute();
      return new Map(rows.map(({ device, since }) => [device, new Date(since)]));
    },
    restrict: (organization, device, actor, at) =>
      audited(db, at, async (writing) => {
        // For every list and count it is as if it were not in the fleet; its key stays good.
        if (!(await leaveFleet(writing, organization, device, at))) return undefined;
        await writing
          .insertInto('restrictions')
          .values({ device, organization, since: at.getTime(), actor })
          .execute();
        return { organization, actor, action: 'privacy.restrict', subject: device };
      }),
    lift: (organization, device, actor, at) =>
      audited(db, at, async (writing) => {
        const silent = storedStates.indexOf('silent');
        const { numDeletedRows } = await writing
          .deleteFrom('restrictions')
          .where('device', '=', device)
          .where('organization', '=', organization)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return undefined;
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
        return { organization, actor, action: 'privacy.lift', subject: device };
      }),
  };
}
