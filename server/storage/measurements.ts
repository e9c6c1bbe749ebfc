import { sql } from 'kysely';
import type { Role } from '../permissions.ts';
import type { Database } from './database.ts';

/** Numbers about the collector itself, as far as the sentences of a policy rest on them. */
export interface Measurements {
  /** Accounts with a role now, and how many hold each role. */
  readonly people: number;
  readonly roles: ReadonlyMap<Role, number>;
  readonly auditEntries: number;
  /** Decisions on devices and waivers in the audit log, and those of them that nobody made but the collector. */
  readonly decisions: number;
  readonly decisionsByCollector: number;
  /** Laptops in the fleet, and those that stand under a random pseudonym. */
  readonly devices: number;
  readonly pseudonyms: number;
  /** Laptops taken out of the fleet, and those of them from which something was taken in afterwards. */
  readonly revoked: number;
  readonly heardAfterwards: number;
  readonly policyVersions: number;
  readonly policySince: Date | null;
  /** Waivers in force; of them those that the asker approved, and those that run longer than 90 days. */
  readonly waivers: number;
  readonly selfApproved: number;
  readonly tooLong: number;
  /** When a backup was last made, when one was last put back, and when this statement was last handed out; null for never. */
  readonly backupMadeAt: Date | null;
  readonly backupVerifiedAt: Date | null;
  readonly statedAt: Date | null;
}

export interface MeasurementStore {
  read(organization: number, at: Date): Promise<Measurements>;
}

const day = 86_400_000;
const decisions = [
  'device.revoke',
  'device.leave',
  'device.declare',
  'waiver.approve',
  'waiver.refuse',
  'waiver.shorten',
];

/** SQLite would rather go through all entries up to a moment than through the few of an action: this is not looked up by. */
const atOfFound = sql<number>`+audit.at`;

export function measurementStore(db: Database): MeasurementStore {
  const lastOf = async (
    organization: number | null,
    actions: readonly string[],
    at: number,
  ): Promise<Date | null> => {
    // The log is in the order of time: the newest entry of each action is at the end of its index.
    const newest = await Promise.all(
      actions.map((action) =>
        db
          .selectFrom('audit')
          .select('at')
          .where('organization', organization === null ? 'is' : '=', organization)
          .where('action', '=', action)
          .where(atOfFound, '<=', at)
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst(),
      ),
    );
    const moments = newest.flatMap((row) => (row === undefined ? [] : [row.at]));
    return moments.length === 0 ? null : new Date(Math.max(...moments));
  };
  return {
    async read(organization, moment) {
      const at = moment.getTime();
      const members = await db
        .selectFrom('memberships')
        .innerJoin('users', 'users.number', 'memberships.user')
        .select(['memberships.user', 'memberships.role'])
        .where('memberships.organization', '=', organization)
        .where('users.disabled_at', 'is', null)
        .where((where) =>
          where.or([where('memberships.expires_at', 'is', null), where('memberships.expires_at', '>', at)]),
        )
        .execute();
      const roles = new Map<Role, number>();
      for (const { role } of members) roles.set(role as Role, (roles.get(role as Role) ?? 0) + 1);
      const audit = await db
        .selectFrom('audit')
        .select((select) => select.fn.max('number').as('last'))
        .executeTakeFirstOrThrow();
      // Not grouped by who decided: for that SQLite would go through the whole log.
      const decided = await db
        .selectFrom('audit')
        .select((select) => [
          select.fn.countAll<number>().as('all'),
          sql<number>`count(case when audit.actor = 'collector' then 1 end)`.as('byCollector'),
        ])
        .where('organization', '=', organization)
        .where('action', 'in', decisions)
        .where(atOfFound, '<=', at)
        .executeTakeFirstOrThrow();
      const devices = await db
        .selectFrom('state_counts')
        .select((select) => select.fn.sum<number | null>('devices').as('devices'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow();
      const pseudonyms = await db
        .selectFrom('devices')
        .select((select) => select.fn.countAll<number>().as('devices'))
        .where('organization', '=', organization)
        .where('revoked_at', 'is', null)
        .where('label', 'like', 'D-________')
        .executeTakeFirstOrThrow();
      const revoked = await db
        .selectFrom('devices')
        .select((select) => select.fn.countAll<number>().as('devices'))
        .where('organization', '=', organization)
        .where('revoked_at', 'is not', null)
        .executeTakeFirstOrThrow();
      const heard = await db
        .selectFrom('devices')
        .select((select) => select.fn.countAll<number>().as('devices'))
        .where('organization', '=', organization)
        .where('revoked_at', 'is not', null)
        .whereRef('received_at', '>', 'revoked_at')
        .executeTakeFirstOrThrow();
      const versions = await db
        .selectFrom('policies')
        .select((select) => [
          select.fn.countAll<number>().as('versions'),
          select.fn.max('effective_from').as('since'),
        ])
        .where('organization', '=', organization)
        .where('effective_from', '<=', at)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirstOrThrow();
      const waivers = await db
        .selectFrom('waivers')
        .select(['requested_by', 'decided_by', 'starts_at', 'expires_at'])
        .where('organization', '=', organization)
        .where('status', '=', 'approved')
        .where('starts_at', '<=', at)
        .where('ends_at', '>', at)
        .execute();
      const [backupMadeAt, backupVerifiedAt, statedAt] = await Promise.all([
        lastOf(null, ['backup.create'], at),
        lastOf(null, ['backup.verify', 'backup.restore'], at),
        lastOf(organization, ['clauses.export'], at),
      ]);
      return {
        people: new Set(members.map(({ user }) => user)).size,
        roles,
        auditEntries: Number(audit.last ?? 0),
        decisions: Number(decided.all),
        decisionsByCollector: Number(decided.byCollector),
        devices: Number(devices.devices ?? 0),
        pseudonyms: Number(pseudonyms.devices),
        revoked: Number(revoked.devices),
        heardAfterwards: Number(heard.devices),
        policyVersions: Number(versions.versions),
        policySince: versions.since === null ? null : new Date(Number(versions.since)),
        waivers: waivers.length,
        selfApproved: waivers.filter((row) => row.requested_by === row.decided_by).length,
        tooLong: waivers.filter(
          (row) => (row.expires_at ?? Number.POSITIVE_INFINITY) - (row.starts_at ?? 0) > 90 * day,
        ).length,
        backupMadeAt,
        backupVerifiedAt,
        statedAt,
      };
    },
  };
}
