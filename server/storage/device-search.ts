import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { type StoredState, storedStates } from './stored-states.ts';

/** Which devices, and in what order. */
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

type Query<O> = SelectQueryBuilder<Schema, 'devices', O>;

/** Out of the fleet, but not for good: in no list at all. */
export const restrictedIn = (organization: number) =>
  sql<string>`(select device from restrictions where organization = ${organization})`;

/** Which devices, in whatever order. */
export type DeviceSelection = Omit<DeviceFilter, 'sort' | 'descending'>;

/** Every device that is in the fleet. */
export const everyDevice: DeviceSelection = { search: '', state: null, platform: null, check: null };

/** What is searched for, as a pattern of its small letters. */
const patternOf = (search: string): string => `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/**
 * The systems of a fleet whose names a search finds. There are few of them among many laptops: from each the index leads to the next. Whoever
 * looks for laptops then looks for these systems, and the database knows how many laptops have one.
 */
export async function systemsFound(
  db: Database,
  organization: number,
  { search, state }: DeviceSelection,
): Promise<readonly string[]> {
  if (search === '' || state === 'retired') return [];
  const next = (where: RawBuilder<unknown>) => sql`(select devices.system from devices
    where devices.organization = ${organization} and devices.revoked_at is null ${where}
    order by devices.revoked_at, devices.system limit 1)`;
  const { rows } = await sql<{ system: string }>`with recursive known(system) as (
      select ${next(sql``)}
      union all
      select ${next(sql`and devices.system > known.system`)} from known where known.system is not null)
    select system from known where lower(system) like ${patternOf(search)} escape '\\'`.execute(db);
  return rows.map(({ system }) => system);
}

/** Only what the filter finds; `systems` are those `systemsFound` finds for it. */
export function filtered<O>(
  query: Query<O>,
  organization: number,
  filter: DeviceSelection,
  systems: readonly string[],
): Query<O> {
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
    const pattern = patternOf(filter.search);
    result = result.where(({ eb, or }) =>
      or(
        [
          // Pseudonyms are written in capitals.
          sql<boolean>`devices.label like ${pattern.toUpperCase()} escape '\\'`,
          sql<boolean>`lower(devices.asset_tag) like ${pattern} escape '\\'`,
          retired
            ? sql<boolean>`lower(devices.system) like ${pattern} escape '\\'`
            : systems.length > 0 && eb('devices.system', 'in', systems),
        ].filter((condition) => condition !== false),
      ),
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

/** In the filter's order. */
export function sorted<O>(query: Query<O>, { state, sort, descending }: DeviceFilter): Query<O> {
  let result = query;
  // It is null for all of them. PostgreSQL takes an index that has it before the columns to sort by only where it is asked to sort by it.
  if (state !== 'retired') result = result.orderBy('devices.revoked_at', descending ? 'desc' : 'asc');
  for (const column of sorts[sort]) {
    // What is null stands below everything else, on both databases; their indexes have it there.
    result =
      column === 'devices.received_at'
        ? result.orderBy(column, (order) =>
            descending ? order.desc().nullsLast() : order.asc().nullsFirst(),
          )
        : result.orderBy(column, descending ? 'desc' : 'asc');
  }
  return result;
}
