import { canonicalJson } from '../../shared/canonical.ts';
import type { Policy } from '../../shared/policy.ts';
import { policyDocument } from '../../shared/policy-document.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { policyDigest } from './noted-content.ts';

/** The policy that was to be published is not newer than those there are. */
export class PolicyNotNewer extends Error {
  override readonly name = 'PolicyNotNewer';
}

/** A version waits for its day already: it comes first, or is withdrawn first. */
export class PolicyScheduled extends Error {
  override readonly name = 'PolicyScheduled';
}

/** Why and from when a policy is to be in force. */
export interface Publication {
  /** At once where it is not said or past. */
  readonly effectiveFrom?: Date | undefined;
  readonly reason?: string | undefined;
}

/** A version as the history of an organization's policy has it. */
export interface PolicyVersion {
  readonly version: number;
  readonly id: string;
  readonly publishedAt: Date;
  readonly publishedBy: Actor;
  readonly effectiveFrom: Date;
  readonly reason: string;
  readonly state: 'in-force' | 'scheduled' | 'withdrawn' | 'past';
}

export interface PolicyStore {
  /** Newest first, below a version when one is given. */
  versions(organization: number, below: number | undefined, limit: number): Promise<readonly PolicyVersion[]>;
  /** The version that waits for its day. */
  scheduled(organization: number): Promise<PolicyVersion | undefined>;
  /** Takes a version back that is not yet in force. False when there is none such. */
  withdraw(organization: number, version: number, actor: Actor, at: Date): Promise<boolean>;
  /** Puts every version in force whose day has come; answers how many. */
  putDueInForce(at: Date): Promise<number>;
  /** How many of the devices have been judged by the version in force. */
  progress(organization: number): Promise<{ readonly judged: number; readonly devices: number }>;
}

/** Adds a version to an organization's history; answers the digest of its text, for the audit log to note. */
export async function insertPolicy(
  writing: Writing,
  organization: number,
  policy: Policy,
  actor: Actor,
  at: Date,
  { effectiveFrom = at, reason = '' }: Publication = {},
): Promise<string> {
  const document = canonicalJson(policyDocument(policy, at));
  await writing
    .insertInto('policies')
    .values({
      organization,
      version: policy.version,
      policy_id: policy.id,
      document,
      published_at: at.getTime(),
      published_by: actor,
      effective_from: effectiveFrom.getTime(),
      reason,
    })
    .execute();
  return policyDigest(document);
}

/**
 * Publishes a version: now, or for a day to come. Versions only rise, also over those that were withdrawn. Throws
 * PolicyNotNewer or PolicyScheduled.
 */
export async function publishPolicy(
  writing: Writing,
  organization: number,
  policy: Policy,
  actor: Actor,
  at: Date,
  publication: Publication = {},
): Promise<void> {
  const { id } = await writing
    .selectFrom('organizations')
    .select('id')
    .where('number', '=', organization)
    .executeTakeFirstOrThrow();
  if (policy.version <= (await newestVersion(writing, organization))) {
    throw new PolicyNotNewer('a policy must have a higher version than every one before it');
  }
  const waiting = await writing
    .selectFrom('scheduled_policies')
    .select('version')
    .where('organization', '=', organization)
    .executeTakeFirst();
  if (waiting !== undefined) throw new PolicyScheduled('another version waits for its day');
  const { effectiveFrom = at } = publication;
  const later = effectiveFrom.getTime() > at.getTime();
  const digest = await insertPolicy(writing, organization, policy, actor, at, {
    ...publication,
    effectiveFrom: later ? effectiveFrom : at,
  });
  await appendAudit(
    writing,
    {
      organization,
      actor,
      action: 'policy.publish',
      subject: id,
      detail: {
        policy: policy.id,
        version: policy.version,
        sha256: digest,
        ...(later && { effectiveFrom: effectiveFrom.toISOString() }),
      },
    },
    at,
  );
  if (later) {
    await writing
      .insertInto('scheduled_policies')
      .values({ organization, version: policy.version, effective_from: effectiveFrom.getTime() })
      .execute();
  } else {
    await putInForce(writing, organization, policy.version);
  }
}

/** The highest version there ever was, also of those that wait, were withdrawn, or are held by devices and lost here. */
export async function newestVersion(writing: Writing, organization: number): Promise<number> {
  const row = await writing
    .selectFrom('policies')
    .select('version')
    .where('organization', '=', organization)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const held = await writing
    .selectFrom('held_policies')
    .select('version')
    .where('organization', '=', organization)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return Math.max(row?.version ?? 0, held?.version ?? 0);
}

/** From now on this version judges; every device is judged again. */
async function putInForce(writing: Writing, organization: number, version: number): Promise<void> {
  await writing
    .updateTable('organizations')
    .set({ policy_version: version })
    .where('number', '=', organization)
    .execute();
  await writing
    .updateTable('devices')
    .set({ judge_at: 0 })
    .where('organization', '=', organization)
    .where('revoked_at', 'is', null)
    .execute();
}

export function policyStore(db: Database): PolicyStore {
  const history = (organization: number) =>
    db
      .selectFrom('policies')
      .innerJoin('organizations', 'organizations.number', 'policies.organization')
      .leftJoin('scheduled_policies', (join) =>
        join
          .onRef('scheduled_policies.organization', '=', 'policies.organization')
          .onRef('scheduled_policies.version', '=', 'policies.version'),
      )
      .select([
        'policies.version',
        'policies.policy_id',
        'policies.published_at',
        'policies.published_by',
        'policies.effective_from',
        'policies.reason',
        'policies.withdrawn_at',
        'organizations.policy_version',
        'scheduled_policies.version as waiting',
      ])
      .where('policies.organization', '=', organization);

  return {
    async versions(organization, below, limit) {
      const rows = await history(organization)
        .$if(below !== undefined, (query) => query.where('policies.version', '<', below as number))
        .orderBy('policies.version', 'desc')
        .limit(limit)
        .execute();
      return rows.map(versionOf);
    },
    async scheduled(organization) {
      const row = await history(organization)
        .where('scheduled_policies.version', 'is not', null)
        .executeTakeFirst();
      return row && versionOf(row);
    },
    withdraw: (organization, version, actor, at) =>
      db.transaction().execute(async (writing) => {
        const { numDeletedRows } = await writing
          .deleteFrom('scheduled_policies')
          .where('organization', '=', organization)
          .where('version', '=', version)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await writing
          .updateTable('policies')
          .set({ withdrawn_at: at.getTime() })
          .where('organization', '=', organization)
          .where('version', '=', version)
          .execute();
        await auditVersion(writing, organization, version, 'policy.withdraw', actor, at);
        return true;
      }),
    async putDueInForce(at) {
      const due = await db
        .selectFrom('scheduled_policies')
        .select(['organization', 'version'])
        .where('effective_from', '<=', at.getTime())
        .execute();
      let count = 0;
      for (const { organization, version } of due) {
        count += await db.transaction().execute(async (writing) => {
          const { numDeletedRows } = await writing
            .deleteFrom('scheduled_policies')
            .where('organization', '=', organization)
            .where('version', '=', version)
            .executeTakeFirst();
          // Withdrawn in the meantime, or another collector was first.
          if (numDeletedRows === 0n) return 0;
          await putInForce(writing, organization, version);
          await auditVersion(writing, organization, version, 'policy.in-force', 'collector', at);
          return 1;
        });
      }
      return count;
    },
    async progress(organization) {
      // Those that wait are few, as a rule; all of them are counted already.
      const { waiting } = await db
        .selectFrom('devices')
        .innerJoin('organizations', 'organizations.number', 'devices.organization')
        .select((select) => select.fn.countAll<number>().as('waiting'))
        .where('devices.organization', '=', organization)
        .where('devices.revoked_at', 'is', null)
        .whereRef('devices.judged_version', '<', 'organizations.policy_version')
        .executeTakeFirstOrThrow();
      const { devices } = await db
        .selectFrom('state_counts')
        .select((select) => select.fn.sum<number | null>('devices').as('devices'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow();
      return { judged: (devices ?? 0) - waiting, devices: devices ?? 0 };
    },
  };
}

async function auditVersion(
  writing: Writing,
  organization: number,
  version: number,
  action: 'policy.withdraw' | 'policy.in-force',
  actor: Actor,
  at: Date,
): Promise<void> {
  const { id } = await writing
    .selectFrom('organizations')
    .select('id')
    .where('number', '=', organization)
    .executeTakeFirstOrThrow();
  await appendAudit(writing, { organization, actor, action, subject: id, detail: { version } }, at);
}

function versionOf(row: {
  version: number;
  policy_id: string;
  published_at: number;
  published_by: string;
  effective_from: number;
  reason: string;
  withdrawn_at: number | null;
  policy_version: number;
  waiting: number | null;
}): PolicyVersion {
  return {
    version: row.version,
    id: row.policy_id,
    publishedAt: new Date(row.published_at),
    publishedBy: row.published_by as Actor,
    effectiveFrom: new Date(row.effective_from),
    reason: row.reason,
    state:
      row.withdrawn_at !== null
        ? 'withdrawn'
        : row.waiting !== null
          ? 'scheduled'
          : row.version === row.policy_version
            ? 'in-force'
            : 'past',
  };
}
