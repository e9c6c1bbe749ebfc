import { type SelectQueryBuilder, sql } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
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

/** Only what the filter finds. */
export function filtered<O>(query: Query<O>, organization: number, filter: DeviceSelection): Query<O> {
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

/** In the filter's order. */
export function sorted<O>(query: Query<O>, { sort, descending }: DeviceFilter): Query<O> {
  let result = query;
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
