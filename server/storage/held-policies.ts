import { PolicyDocument, policyFrom } from '../../shared/policy-document.ts';
import type { Actor } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newestVersion, publishPolicy } from './policies.ts';

/** A policy that devices hold and the collector does not have. */
export interface HeldPolicy {
  /** The newest version any of them holds. */
  readonly version: number;
  readonly devices: number;
}

/**
 * What devices hold that is newer than what they are served: after a restore from an old backup. They refuse what is older, and hand in no
 * report, until a version above theirs is published.
 */
export interface HeldPolicyStore {
  /** Notes what a device says it holds; nothing where that is not newer, or newer than can be. */
  note(device: { readonly number: number; readonly organization: number }, version: number): Promise<void>;
  /** Undefined where nobody holds anything newer than the policy in force. */
  newer(organization: number): Promise<HeldPolicy | undefined>;
  /**
   * Publishes the policy in force once more, as a version above every one that is held; answers that version, undefined where nobody holds
   * a newer one. Throws PolicyScheduled.
   */
  publishAgain(organization: number, actor: Actor, at: Date): Promise<number | undefined>;
}

/** No backup is this many versions behind: a device that says more is wrong, or worse. */
const mostLost = 1_000;

export function heldPolicyStore(db: Database): HeldPolicyStore {
  async function newerIn(reading: Database | Writing, organization: number) {
    const current = await reading
      .selectFrom('organizations')
      .select('policy_version')
      .where('number', '=', organization)
      .executeTakeFirstOrThrow();
    const held = await reading
      .selectFrom('held_policies')
      .select((select) => [
        select.fn.max('version').as('version'),
        select.fn.countAll<number>().as('devices'),
      ])
      .where('organization', '=', organization)
      .where('version', '>', current.policy_version)
      .executeTakeFirst();
    const devices = Number(held?.devices ?? 0);
    return {
      current: current.policy_version,
      held: held === undefined || devices === 0 ? undefined : { version: held.version, devices },
    };
  }

  return {
    async note({ number, organization }, version) {
      const { current } = await newerIn(db, organization);
      if (version <= current || version > current + mostLost) return;
      await db
        .insertInto('held_policies')
        .values({ device: number, organization, version })
        .onConflict((conflict) => conflict.column('device').doUpdateSet({ version }))
        .execute();
    },
    newer: async (organization) => (await newerIn(db, organization)).held,
    publishAgain: (organization, actor, at) =>
      db.transaction().execute(async (writing) => {
        const { current, held } = await newerIn(writing, organization);
        if (held === undefined) return undefined;
        const { document } = await writing
          .selectFrom('policies')
          .select('document')
          .where('organization', '=', organization)
          .where('version', '=', current)
          .executeTakeFirstOrThrow();
        const version = (await newestVersion(writing, organization)) + 1;
        const policy = { ...policyFrom(PolicyDocument.parse(JSON.parse(document))), version };
        const reason = `The same as version ${current}: laptops hold version ${held.version}, which this collector does not have.`;
        await publishPolicy(writing, organization, policy, actor, at, { reason });
        return version;
      }),
  };
}
