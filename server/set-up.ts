import type { Policy } from '../shared/policy.ts';
import type { Configuration } from './configuration.ts';
import { createCollectorKey } from './signing/collector-key.ts';
import type { Organization } from './storage/organizations.ts';
import { openStores, type Stores } from './storage/stores.ts';
import type { User } from './storage/users.ts';

export interface FirstOrganization {
  readonly organization: string;
  /** E-mail address of its first administrator. */
  readonly admin: string;
  readonly contact: string;
  readonly policy: Policy;
}

export interface SetUp {
  readonly organization: Organization;
  readonly administrator: User;
  /** False when all of it was there before: then nothing was changed. */
  readonly created: boolean;
}

/**
 * Makes whatever is not there yet: folder, keys, certificate, database, organization, administrator. Doing it twice is
 * harmless.
 */
export async function setUp(configuration: Configuration, first: FirstOrganization): Promise<SetUp> {
  createCollectorKey(configuration.dataFolder);
  if (configuration.selfSigned && configuration.tls !== undefined) {
    const { createSelfSigned } = await import('./signing/self-signed.ts');
    await createSelfSigned(configuration.tls, new URL(configuration.publicUrl).hostname);
  }
  const stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  try {
    return await firstOrganization(stores, first, new Date());
  } finally {
    await stores.close();
  }
}

async function firstOrganization(stores: Stores, first: FirstOrganization, at: Date): Promise<SetUp> {
  let created = false;
  const known = (await stores.organizations.all()).find(({ name }) => name === first.organization);
  const organization =
    known ??
    (await stores.organizations.create(
      { name: first.organization, contact: first.contact, policy: first.policy },
      'console',
      at,
    ));
  if (known === undefined) created = true;
  let administrator: User | undefined = await stores.users.byEmail(first.admin);
  if (administrator === undefined) {
    administrator = await stores.users.create({ email: first.admin, name: first.admin }, 'console', at);
    created = true;
  }
  const memberships = await stores.users.memberships(administrator.number, at);
  if (!memberships.some((membership) => membership.organization === organization.number)) {
    await stores.users.grant(administrator, organization.number, 'admin', 'console', at);
    created = true;
  }
  return { organization, administrator, created };
}
