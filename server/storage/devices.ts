import { type CompiledQuery, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { Status } from '../../shared/check.ts';
import type { Machine } from '../../shared/machine.ts';
import { type Actor, audited } from './audit.ts';
import type { Database } from './database.ts';
import { leaveCounts } from './fleet-counts.ts';
import { momentOf } from './moments.ts';
import type { Schema } from './schema.ts';
import { type StoredState, storedStates } from './stored-states.ts';

export { type StoredState, storedStates };

/** Whose machine it is, as far as somebody has said. */
export const owners = ['company', 'contractor', 'personal', 'not-declared'] as const;
export type Owner = (typeof owners)[number];

export interface Device {
  readonly number: number;
  readonly id: string;
  readonly organization: number;
  readonly label: string;
  readonly assetTag: string | null;
  readonly owner: Owner;
  readonly publicKey: Uint8Array;
  readonly enrolledAt: Date;
  readonly revokedAt: Date | null;
  /** Nobody expects to hear from it until then; a moment that has passed means nothing. */
  readonly leaveUntil: Date | null;
  readonly machine: Machine;
  readonly system: string;
  readonly agent: string;
  readonly state: StoredState;
  /** Ids of enforced checks, worst first. */
  readonly failing: readonly string[];
  readonly unknown: readonly string[];
  /** 0 when it never reported. */
  readonly sequence: number;
  readonly receivedAt: Date | null;
  readonly takenAt: Date | null;
  /** The report with the facts in force. */
  readonly factsSequence: number | null;
  readonly reportDigest: Uint8Array | null;
  readonly divergedAt: Date | null;
  readonly clockSkewSeconds: number;
}

/** Who may sign for a device: looked up for every report, so that a revocation counts at once. */
export interface Sender {
  readonly number: number;
  readonly organization: number;
  readonly publicKey: Uint8Array;
  /** No longer in the fleet. */
  readonly revoked: boolean;
  /** Out of the fleet for now only, because its holder asked that nothing be kept (Art. 18 GDPR). */
  readonly restricted: boolean;
  readonly owner: Owner;
  readonly diverged: boolean;
  readonly leaveUntil: Date | null;
  readonly platform: Platform;
  /** Version of its organization's policy in force. */
  readonly policyVersion: number;
  /** Revision of its organization's waivers. */
  readonly waiverRevision: number;
}

export interface DeviceFilter {
  readonly search: string;
  /** Retired are those that were taken out; they are in no other list. */
  readonly state: StoredState | 'retired' | null;
  readonly platform: Platform | null;
  /** Only devices on which this check fails or is unknown. */
  readonly check: string | null;
  readonly sort: 'state' | 'device' | 'system' | 'report';
  readonly descending: boolean;
}

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
    filter?: Omit<DeviceFilter, 'sort' | 'descending'>,
  ): Promise<readonly Device[]>;
  /** How many the filter finds in all. */
  count(organization: number, filter: DeviceFilter): Promise<number>;
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
  /** Says whose machine it is; it is judged again soon after. False when there is no such device. */
  declare(organization: number, id: string, owner: Owner, actor: Actor, at: Date): Promise<boolean>;
  /** Remembers the nonce of a signed request; false when it was used before. */
  useNonce(device: number, nonce: string, expiresAt: Date): Promise<boolean>;
}

type Query<O> = SelectQueryBuilder<Schema, 'devices', O>;

/** Out of the fleet, but not for good: in no list at all. */
const restrictedIn = (organization: number) =>
  sql<string>`(select device from restrictions where organization = ${organization})`;

type Found = Omit<DeviceFilter, 'sort' | 'descending'>;

/** Every device that is in the fleet. */
const everyDevice: Found = { search: '', state: null, platform: null, check: null };

function filtered<O>(query: Query<O>, organization: number, filter: Found): Query<O> {
  const retired = filter.state === 'retired';
  let result = query
    .where('devices.organization', '=', organization)
    .where('devices.revoked_at', retired ? 'is not' : 'is', null);
  if (retired) result = result.where('devices.id', 'not in', restrictedIn(organization));
  if (filter.state !== null && filter.state !== 'retired') {
    result = result.where('devices.state', '=', storedStates.indexOf(filter.state));
  }
  if (filter.platform !== null) result = result.where('devices.platform', '=', filter.platform);
  if (filter.search !== '') {
    const pattern = `%${filter.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    result = result.where(
      sql<boolean>`(lower(devices.label) like ${pattern} escape '\\' or lower(devices.asset_tag) like ${pattern} escape '\\' or lower(devices.system) like ${pattern} escape '\\')`,
    );
  }
  if (filter.check !== null) {
    const check = filter.check;
    result = result.where('devices.number', 'in', (select) =>
      select
        .selectFrom('findings')
        .select('findings.device')
        .where('findings.organization', '=', organization)
        .where('findings.subject', '=', check)
        .where('findings.status', 'in', ['fail', 'unknown']),
    );
  }
  return result;
}

const sorts = {
  state: ['devices.state', 'devices.label'],
  device: ['devices.label'],
  system: ['devices.system', 'devices.label'],
  report: ['devices.received_at', 'devices.label'],
} as const;

type SenderRow = Pick<
  Selectable<Schema['devices']>,
  | 'number'
  | 'organization'
  | 'public_key'
  | 'revoked_at'
  | 'owner'
  | 'diverged_at'
  | 'leave_until'
  | 'platform'
> & { policy_version: number; waiver_revision: number; restricted: string | null };

export function deviceStore(db: Database): DeviceStore {
  // Asked for every report: worded once.
  const senderById = db
    .selectFrom('devices')
    .innerJoin('organizations', 'organizations.number', 'devices.organization')
    .leftJoin('restrictions', 'restrictions.device', 'devices.id')
    .select([
      'restrictions.device as restricted',
      'devices.number',
      'devices.organization',
      'devices.public_key',
      'devices.revoked_at',
      'devices.owner',
      'devices.diverged_at',
      'devices.leave_until',
      'devices.platform',
      'organizations.policy_version',
      'organizations.waiver_revision',
    ])
    .where('devices.id', '=', '')
    .compile();
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
    async sender(id) {
      const { rows } = await db.executeQuery<SenderRow>({
        ...senderById,
        parameters: [id],
      } as CompiledQuery<SenderRow>);
      const row = rows[0];
      return (
        row && {
          number: row.number,
          organization: row.organization,
          publicKey: row.public_key,
          revoked: row.revoked_at !== null,
          restricted: row.restricted !== null,
          owner: row.owner as Owner,
          diverged: row.diverged_at !== null,
          leaveUntil: momentOf(row.leave_until),
          platform: row.platform as Platform,
          policyVersion: row.policy_version,
          waiverRevision: row.waiver_revision,
        }
      );
    },
    async list(organization, filter, limit, offset) {
      let query = filtered(db.selectFrom('devices').selectAll('devices'), organization, filter);
      for (const column of sorts[filter.sort]) {
        // What is null stands below everything else, on both databases; their indexes have it there.
        query =
          column === 'devices.received_at'
            ? query.orderBy(column, (order) =>
                filter.descending ? order.desc().nullsLast() : order.asc().nullsFirst(),
              )
            : query.orderBy(column, filter.descending ? 'desc' : 'asc');
      }
      return (await query.limit(limit).offset(offset).execute()).map(deviceOf);
    },
    async byIds(organization, ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('devices')
        .selectAll()
        .where('id', 'in', ids)
        .where('organization', '=', organization)
        .execute();
      return rows.map(deviceOf);
    },
    async after(organization, label, limit, filter = everyDevice) {
      const rows = await filtered(db.selectFrom('devices').selectAll('devices'), organization, filter)
        .where('devices.label', '>', label)
        .orderBy('devices.label')
        .limit(limit)
        .execute();
      return rows.map(deviceOf);
    },
    async count(organization, filter) {
      const total = db.fn.countAll<number>().as('total');
      const query = filtered(db.selectFrom('devices').select(total), organization, filter);
      return (await query.executeTakeFirstOrThrow()).total;
    },
    async stateCounts(organization) {
      const rows = await db
        .selectFrom('state_counts')
        .select(['state', 'devices'])
        .where('organization', '=', organization)
        .execute();
      const of = (state: StoredState) =>
        rows.find((row) => row.state === storedStates.indexOf(state))?.devices ?? 0;
      return {
        failing: of('failing'),
        unknown: of('unknown'),
        silent: of('silent'),
        compliant: of('compliant'),
        'on-leave': of('on-leave'),
      };
    },
    async retiredCount(organization) {
      const { total } = await db
        .selectFrom('devices')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .where('revoked_at', 'is not', null)
        .where('id', 'not in', restrictedIn(organization))
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    async findingCounts(organization) {
      const rows = await db
        .selectFrom('finding_counts')
        .select(['subject', 'status', 'devices'])
        .where('organization', '=', organization)
        .execute();
      const counts = new Map<string, Record<Status, number>>();
      for (const row of rows) {
        const count = counts.get(row.subject) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
        count[row.status as Status] = row.devices;
        counts.set(row.subject, count);
      }
      // What those on leave would answer is taken off again.
      const onLeave = await db
        .selectFrom('absent_counts')
        .select(['subject', 'status', 'devices'])
        .where('organization', '=', organization)
        .where('state', '=', storedStates.indexOf('on-leave'))
        .execute();
      for (const { subject, status, devices } of onLeave) {
        const count = counts.get(subject);
        if (count !== undefined) count[status as Status] -= devices;
      }
      return counts;
    },
    async lastReportAt(organization) {
      const row = await db
        .selectFrom('devices')
        .select('received_at')
        .where('organization', '=', organization)
        .where('revoked_at', 'is', null)
        .where('received_at', 'is not', null)
        .orderBy('received_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.received_at == null ? null : new Date(row.received_at);
    },
    revoke: (organization, id, actor, at) =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('devices')
          .set({ revoked_at: at.getTime() })
          .where('id', '=', id)
          .where('organization', '=', organization)
          .where('revoked_at', 'is', null)
          .returning(['number', 'state'])
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await leaveCounts(writing, organization, row);
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
    declare: (organization, id, owner, actor, at) =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('devices')
          .set({ owner, judge_at: 0 })
          .where('id', '=', id)
          .where('organization', '=', organization)
          .returning('number')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return { organization, actor, action: 'device.declare', subject: id, detail: { owner } };
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

/** A row as the collector speaks of it. */
export function deviceOf(row: Selectable<Schema['devices']>): Device {
  const list = (text: string) => (text === '' ? [] : text.split(','));
  return {
    number: row.number,
    id: row.id,
    organization: row.organization,
    label: row.label,
    assetTag: row.asset_tag,
    owner: row.owner as Owner,
    publicKey: row.public_key,
    enrolledAt: new Date(row.enrolled_at),
    revokedAt: momentOf(row.revoked_at),
    leaveUntil: momentOf(row.leave_until),
    machine: {
      platform: row.platform as Platform,
      osName: row.os_name,
      ...(row.os_version !== null && { osVersion: row.os_version }),
      ...(row.edition !== null && { edition: row.edition }),
      ...(row.desktop !== null && { desktop: row.desktop as NonNullable<Machine['desktop']> }),
    },
    system: row.system,
    agent: row.agent,
    state: storedStates[row.state] ?? 'unknown',
    failing: list(row.failing),
    unknown: list(row.unknown),
    sequence: row.sequence,
    receivedAt: momentOf(row.received_at),
    takenAt: momentOf(row.taken_at),
    factsSequence: row.facts_sequence,
    reportDigest: row.report_digest,
    divergedAt: momentOf(row.diverged_at),
    clockSkewSeconds: row.clock_skew,
  };
}
