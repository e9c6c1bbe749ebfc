import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { PolicyScheduled } from '../storage/policies.ts';
import { findOrganization, withStores } from './open.ts';

/**
 * `collector republish`: puts the policy in force once more, above what laptops hold that this collector lost. 0 also where there is
 * nothing to mend.
 */
export async function republish(args: Arguments): Promise<number> {
  return withStores(async (stores) => {
    const { number, name } = await findOrganization(stores, textOf(args, 'organization'));
    try {
      const version = await stores.heldPolicies.publishAgain(number, 'console', new Date());
      process.stdout.write(
        version === undefined
          ? `No laptop of ${name} has said that it holds a newer policy; nothing was published.\n`
          : `Published again as version ${version}. Laptops of ${name} take it, and hand in what they kept, at their next report.\n`,
      );
      return 0;
    } catch (error) {
      if (!(error instanceof PolicyScheduled)) throw error;
      throw new UsageError(
        `republish: a version of ${name} waits for its day; withdraw it first (page Policy)`,
      );
    }
  });
}
