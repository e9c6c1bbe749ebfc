import type { Policy } from '../../shared/policy.ts';
import type { PolicyVersion } from '../storage/policies.ts';
import type { Stores } from '../storage/stores.ts';

/** Versions of one policy; nobody publishes so many. */
const everyVersion = 10_000;

/** The version that was in force at a moment; before the first one, the first. */
export async function policyThen(
  stores: Pick<Stores, 'policies' | 'organizations'>,
  organization: number,
  at: Date,
): Promise<Policy> {
  const versions = await publishedVersions(stores, organization);
  const version = versions.find(({ effectiveFrom }) => effectiveFrom <= at) ?? versions.at(-1);
  if (version === undefined) throw new Error('an organization without a policy');
  return (await stores.organizations.policyVersion(organization, version.version)).policy;
}

/** Every version that is or was in force, newest first. */
export async function publishedVersions(
  stores: Pick<Stores, 'policies'>,
  organization: number,
): Promise<readonly PolicyVersion[]> {
  const versions = await stores.policies.versions(organization, undefined, everyVersion);
  return versions.filter(({ state }) => state === 'in-force' || state === 'past');
}
