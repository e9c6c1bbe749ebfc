import { existsSync } from 'node:fs';
import { UsageError } from '../arguments.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';
import type { Organization } from '../storage/organizations.ts';
import { openStores, type Stores } from '../storage/stores.ts';

/** There is nothing to work on yet. */
export class NotSetUp extends Error {
  override readonly name = 'NotSetUp';
}

/** Does something with the stores of a collector that has been set up, and closes them. Throws NotSetUp. */
export async function withStores<R>(
  work: (stores: Stores, configuration: Configuration) => Promise<R>,
): Promise<R> {
  const configuration = readConfiguration(process.env);
  const path = configuration.databaseUrl.replace(/^sqlite:/, '');
  if (!existsSync(path)) {
    throw new NotSetUp('nothing is set up here yet: collector setup --organization NAME --admin EMAIL');
  }
  const stores = await openStores(configuration.databaseUrl);
  try {
    return await work(stores, configuration);
  } finally {
    await stores.close();
  }
}

/** The organization of that name; without a name the only one there is. Throws UsageError. */
export async function findOrganization(stores: Stores, name: string | undefined): Promise<Organization> {
  const all = await stores.organizations.all();
  const found =
    name === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => `"${one.name}"`).join(', ');
  throw new UsageError(
    name === undefined
      ? `--organization is needed, one of ${names}`
      : `no organization of that name; there is ${names}`,
  );
}
