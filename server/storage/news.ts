import type { Database } from './database.ts';
import { isExcused } from './excused.ts';
import { absentStates, type StoredState, stateOf } from './stored-states.ts';

/** A point that started to fail, and still does. */
export interface Breakdown {
  /** Rises with every transition. */
  readonly number: number;
  readonly organization: number;
  readonly device: string;
  readonly label: string;
  /** `firewall/enabled`. */
  readonly subject: string;
  readonly at: Date;
  /** Not the laptop changed but what is asked of it, or time went by. */
  readonly byReview: boolean;
}

/** A device that went from one state to another. */
export interface StateChange {
  readonly number: number;
  readonly organization: number;
  readonly device: string;
  readonly label: string;
  readonly before: StoredState;
  readonly after: StoredState;
  readonly at: Date;
}

/** A device whose key a second machine was seen to use. */
export interface Divergence {
  readonly number: number;
  readonly organization: number;
  readonly device: string;
  readonly label: string;
  readonly at: Date;
}

/** What happened since somebody last looked, over all organizations; each is read in the order it was written. */
export interface NewsStore {
  /** The number of the newest entry of each; what lies before is no news to who begins now. */
  newest(): Promise<{
    readonly transitions: number;
    readonly stateChanges: number;
    readonly audit: number;
  }>;
  /** Enforced points that started to fail after that transition and still do; not what is excused at this moment, nor those of silent or removed devices. */
  broken(after: number, at: Date, limit: number): Promise<readonly Breakdown[]>;
  stateChanges(after: number, limit: number): Promise<readonly StateChange[]>;
  /** Did an enforced point of the device start to fail since then? */
  brokeSince(organization: number, device: string, since: Date): Promise<boolean>;
  diverged(after: number, limit: number): Promise<readonly Divergence[]>;
}

export function newsStore(db: Database): NewsStore {
  const newest = async (table: 'transitions' | 'state_changes' | 'audit') =>
    (
      await db
        .selectFrom(table)
        .select(({ fn }) => fn.max<number | null>('number').as('newest'))
        .executeTakeFirstOrThrow()
    ).newest ?? 0;
  return {
    newest: async () => ({
      transitions: Number(await newest('transitions')),
      stateChanges: Number(await newest('state_changes')),
      audit: Number(await newest('audit')),
    }),
    async broken(after, at, limit) {
      const rows = await db
        .selectFrom('transitions')
        .innerJoin('findings', (join) =>
          join
            .onRef('findings.device', '=', 'transitions.device')
            .onRef('findings.subject', '=', 'transitions.subject')
            .onRef('findings.since', '=', 'transitions.at')
            .on('findings.status', '=', 'fail'),
        )
        .innerJoin('devices', 'devices.number', 'transitions.device')
        .select([
          'transitions.number',
          'transitions.organization',
          'devices.id as device',
          'devices.label',
          'transitions.subject',
          'transitions.at',
          'transitions.sequence',
        ])
        .where('transitions.number', '>', after)
        .where('transitions.enforced', '=', 1)
        .where('transitions.after', '=', 'fail')
        .where('devices.revoked_at', 'is', null)
        .where(({ not }) => not(isExcused(at)))
        .where('devices.state', 'not in', absentStates)
        .orderBy('transitions.number')
        .limit(limit)
        .execute();
      return rows.map(({ sequence, at: since, ...row }) => ({
        ...row,
        at: new Date(since),
        byReview: sequence === null,
      }));
    },
    async stateChanges(after, limit) {
      const rows = await db
        .selectFrom('state_changes')
        .innerJoin('devices', 'devices.number', 'state_changes.device')
        .select([
          'state_changes.number',
          'state_changes.organization',
          'devices.id as device',
          'devices.label',
          'state_changes.before',
          'state_changes.after',
          'state_changes.at',
        ])
        .where('state_changes.number', '>', after)
        .where('devices.revoked_at', 'is', null)
        .orderBy('state_changes.number')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        ...row,
        before: stateOf(row.before),
        after: stateOf(row.after),
        at: new Date(row.at),
      }));
    },
    async brokeSince(organization, device, since) {
      const row = await db
        .selectFrom('transitions')
        .innerJoin('devices', 'devices.number', 'transitions.device')
        .select('transitions.number')
        .where('devices.id', '=', device)
        .where('devices.organization', '=', organization)
        .where('transitions.at', '>=', since.getTime())
        .where('transitions.enforced', '=', 1)
        .where('transitions.after', '=', 'fail')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async diverged(after, limit) {
      const rows = await db
        .selectFrom('audit')
        .innerJoin('devices', 'devices.id', 'audit.subject')
        .select(['audit.number', 'devices.organization', 'devices.id as device', 'devices.label', 'audit.at'])
        .where('audit.number', '>', after)
        .where('audit.action', '=', 'device.diverged')
        .where('devices.revoked_at', 'is', null)
        .orderBy('audit.number')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, at: new Date(row.at) }));
    },
  };
}
