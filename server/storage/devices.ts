import { sql } from 'kysely';
import type { Status } from '../../shared/check.ts';
import { type Actor, audited } from './audit.ts';
import { countedAtMost } from './counted.ts';
import type { Database } from './database.ts';
import { countedDevices, deviceCounts } from './device-counts.ts';
import { type Device, deviceOf, type Owner, owners } from './device-rows.ts';
import {
  type DeviceFilter,
  type DeviceSelection,
  everyDevice,
  filtered,
  sorted,
  systemsFound,
} from './device-search.ts';
import { type Sender, senders } from './device-senders.ts';
import { leaveFleet } from './fleet-counts.ts';
import { type StoredState, storedStates } from './stored-states.ts';

export { type Device, type DeviceFilter, type Owner, owners, type Sender, type StoredState, storedStates };

export interface DeviceStore {
  byId(organization: number, id: string): Promise<Device | undefined>;
  byNumber(organization: number, number: number): Promise<Device | undefined>;
  /** By its pseudonym; undefined when there is none or it was removed. */
  byLabel(organization: number, label: string): Promise<Device | undefined>;
  sender(id: string): Promise<Sender | undefined>;
  list(organization: number, filter: DeviceFilter, limit: number, offset: number): Promise<readonly Device[]>;
  /** Those of the ids that are its devices, in no order. */
  byIds(organization: number, ids: readonly string[]): Promise<readonly Device[]>;
  /** By label, after a label: for whoever goes through a whole fleet, or through those that a filter finds. */
  after(
    organization: number,
    label: string,
    limit: number,
    filter?: DeviceSelection,
  ): Promise<readonly Device[]>;
  /** How many the filter finds in all: what counters know exactly, else counted as far as counted.ts says. */
  count(organization: number, filter?: DeviceSelection): Promise<number>;
  /** From maintained counters: costs the same for ten devices and for a hundred thousand. */
  stateCounts(organization: number): Promise<Readonly<Record<StoredState, number>>>;
  /** How many were taken out. */
  retiredCount(organization: number): Promise<number>;
  /** Per subject (`firewall`, `firewall/enabled`) how many devices have which status, those on leave left out; from maintained counters. */
  findingCounts(organization: number): Promise<ReadonlyMap<string, Readonly<Record<Status, number>>>>;
  lastReportAt(organization: number): Promise<Date | null>;
  /** Takes a device out: nothing it sends from now on is accepted. Its evidence stays. False when there is no such device. */
  revoke(organization: number, id: string, actor: Actor, at: Date): Promise<boolean>;
  /** Nobody expects to hear from it until then, or null: it is back. Judged again soon after. False when there is no such device. */
  leave(organization: number, id: string, until: Date | null, actor: Actor, at: Date): Promise<boolean>;
  /**
   * Says whose machine it is, and by which agreement where it is a contractor's; it is judged again soon after. False when there is no
   * such device.
   */
  declare(
    organization: number,
    id: string,
    owner: Owner,
    actor: Actor,
    at: Date,
    agreement?: string,
  ): Promise<boolean>;
  /** Remembers the nonce of a signed request; false when it was used before. */
  useNonce(device: number, nonce: string, expiresAt: Date): Promise<boolean>;
}

export function deviceStore(db: Database): DeviceStore {
  const counts = deviceCounts(db);
  return {
    async byId(organization, id) {
      const row = await db
        .selectFrom('devices')
        .selectAll()
        .where('id', '=', id)
        .where('organization', '=', organization)
        .executeTakeFirst();
      return row && deviceOf(row);
    },
    async byNumber(organization, number) {
      const row = await db
        .selectFrom('devices')
        .selectAll()
        .where('number', '=', number)
        .where('organization', '=', organization)
        .executeTakeFirst();
      return row && deviceOf(row);
    },
    async byLabel(organization, label) {
      const row = await db
        .selectFrom('devices')
        .selectAll()
        .where('organization', '=', organization)
        .where('label', '=', label)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row && deviceOf(row);
    },
    sender: senders(db),
    async list(organization, filter, limit, offset) {
      const systems = await systemsFound(db, organization, filter);
      const found = filtered(db.selectFrom('devices').selectAll('devices'), organization, filter, systems);
      return (await sorted(found, filter).limit(limit).offset(offset).execute()).map(deviceOf);
    },
    async byIds(organization, ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('devices')
        .selectAll()
        .where('id', 'in', ids)
        // With many ids SQLite would rather go through the organization: by that they are not looked up.
        .where(sql<number>`+organization`, '=', organization)
        .execute();
      return rows.map(deviceOf);
    },
    async after(organization, label, limit, filter = everyDevice) {
      const systems = await systemsFound(db, organization, filter);
      const rows = await filtered(
        db.selectFrom('devices').selectAll('devices'),
        organization,
        filter,
        systems,
      )
        .where('devices.label', '>', label)
        .orderBy('devices.label')
        .limit(limit)
        .execute();
      return rows.map(deviceOf);
    },
    async count(organization, filter = everyDevice) {
      const counted = await countedDevices(counts, organization, filter);
      if (counted !== undefined) return counted;
      const systems = await systemsFound(db, organization, filter);
      const found = filtered(db.selectFrom('devices').select('devices.number'), organization, filter, systems)
        .limit(countedAtMost + 1)
        .as('found');
      const total = db.fn.countAll<number>().as('total');
      return (await db.selectFrom(found).select(total).executeTakeFirstOrThrow()).total;
    },
    ...counts,
    async lastReportAt(organization) {
      const row = await db
        .selectFrom('devices')
        .select('received_at')
        .where('organization', '=', organization)
        .where('revoked_at', 'is', null)
        .where('received_at', 'is not', null)
        // As its index has it: see `sorted`.
        .orderBy('revoked_at', 'desc')
        .orderBy('received_at', (order) => order.desc().nullsLast())
        .limit(1)
        .executeTakeFirst();
      return row?.received_at == null ? null : new Date(row.received_at);
    },
    revoke: (organization, id, actor, at) =>
      audited(db, at, async (writing) => {
        if (!(await leaveFleet(writing, organization, id, at))) return undefined;
        return { organization, actor, action: 'device.revoke', subject: id };
      }),
    leave: (organization, id, until, actor, at) =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('devices')
          .set({ leave_until: until === null ? null : until.getTime(), judge_at: 0 })
          .where('id', '=', id)
          .where('organization', '=', organization)
          .where('revoked_at', 'is', null)
          .returning('number')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return {
          organization,
          actor,
          action: 'device.leave',
          subject: id,
          detail: { until: until === null ? null : until.toISOString() },
        };
      }),
    declare: (organization, id, owner, actor, at, agreement = '') =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('devices')
          .set({ owner, agreement, judge_at: 0 })
          .where('id', '=', id)
          .where('organization', '=', organization)
          .returning('number')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return { organization, actor, action: 'device.declare', subject: id, detail: { owner, agreement } };
      }),
    async useNonce(device, nonce, expiresAt) {
      const row = await db
        .insertInto('request_nonces')
        .values({ device, nonce, expires_at: expiresAt.getTime() })
        .onConflict((conflict) => conflict.columns(['device', 'nonce']).doNothing())
        .returning('device')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
