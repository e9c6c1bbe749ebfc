import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { type Owner, owners } from '../storage/devices.ts';
import { findOrganization, withStores } from './open.ts';

/** `collector device`: says whose a laptop is, or takes it out. */
export async function device(args: Arguments): Promise<number> {
  const label = textOf(args, 'label')?.toUpperCase();
  const owner = textOf(args, 'owner');
  const remove = args['remove'] === true;
  if (label === undefined) throw new UsageError('device: --label is needed, for example --label D-7K3F9Q2M');
  if ((owner === undefined) === !remove) throw new UsageError('device: say either --owner WHOSE or --remove');
  if (owner !== undefined && !owners.includes(owner as Owner)) {
    throw new UsageError('device: --owner is company, contractor or personal');
  }
  return withStores(async (stores) => {
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    const found = await stores.devices.byLabel(organization.number, label);
    if (found === undefined) throw new UsageError(`device: ${organization.name} has no device of that label`);
    const now = new Date();
    if (remove) {
      await stores.devices.revoke(organization.number, found.id, 'console', now);
      process.stdout.write(
        `${label} is removed: nothing it sends is accepted any more. Its evidence stays.\n`,
      );
    } else {
      await stores.devices.declare(organization.number, found.id, owner as Owner, 'console', now);
      process.stdout.write(`${label} is recorded as ${owner}; it is judged again within a minute.\n`);
    }
    return 0;
  });
}
