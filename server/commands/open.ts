import { existsSync } from 'node:fs';
import { printable } from '../../shared/words.ts';
import { UsageError } from '../arguments.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';
import { sqlitePath } from '../storage/address.ts';
import type { Organization } from '../storage/organizations.ts';
import { openStores, type Stores } from '../storage/stores.ts';

/** There is nothing to work on yet. */
export class NotSetUp extends Error {
  override readonly name = 'NotSetUp';
}

const notSetUp = 'nothing is set up here yet: collector setup --organization NAME --admin EMAIL';

/** Does something with the stores of a collector that has been set up, and closes them. Throws NotSetUp. */
export async function withStores<R>(
  work: (stores: Stores, configuration: Configuration) => Promise<R>,
): Promise<R> {
  const configuration = readConfiguration(process.env);
  const path = sqlitePath(configuration.databaseUrl);
  if (path !== undefined && !existsSync(path)) throw new NotSetUp(notSetUp);
  const stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  try {
    if ((await stores.organizations.all()).length === 0) throw new NotSetUp(notSetUp);
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
  const names = all.map((one) => `"${printable(one.name)}"`).join(', ');
  throw new UsageError(
    name === undefined
      ? `--organization is needed, one of ${names}`
      : `no organization of that name; there is ${names}`,
  );
}
