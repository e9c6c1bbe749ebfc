import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { Agreement } from '../desk/devices.ts';
import { type Owner, owners } from '../storage/devices.ts';
import { findOrganization, withStores } from './open.ts';

const maxLeaveDays = 367;

/** `collector device`: says whose a laptop is, that it is on leave or back, or takes it out. */
export async function device(args: Arguments): Promise<number> {
  const label = textOf(args, 'label')?.toUpperCase();
  if (label === undefined) throw new UsageError('device: --label is needed, for example --label D-7K3F9Q2M');
  const owner = textOf(args, 'owner');
  const leave = textOf(args, 'leave');
  const retire = args['retire'] === true;
  const asked = [owner !== undefined, leave !== undefined, args['back'] === true, retire];
  if (asked.filter(Boolean).length !== 1) {
    throw new UsageError('device: say one of --owner WHOSE, --leave DAY, --back or --retire');
  }
  if (owner !== undefined && !owners.includes(owner as Owner)) {
    throw new UsageError('device: --owner is company, contractor or personal');
  }
  const agreement = Agreement.safeParse(textOf(args, 'agreement') ?? '');
  if (!agreement.success || (agreement.data !== '' && owner !== 'contractor')) {
    throw new UsageError(
      'device: --agreement is a reference of 120 letters at most, with --owner contractor',
    );
  }
  const now = new Date();
  const until = leave === undefined ? null : dayOf(leave, now);
  return withStores(async (stores) => {
    const { number, name } = await findOrganization(stores, textOf(args, 'organization'));
    const found = await stores.devices.byLabel(number, label);
    if (found === undefined) throw new UsageError(`device: ${name} has no device of that label`);
    if (retire) {
      await stores.devices.revoke(number, found.id, 'console', now);
      process.stdout.write(
        `${label} is retired: nothing it sends is accepted any more. Its evidence stays.\n`,
      );
    } else if (owner !== undefined) {
      await stores.devices.declare(number, found.id, owner as Owner, 'console', now, agreement.data);
      const by = agreement.data === '' ? '' : `, by agreement ${agreement.data}`;
      process.stdout.write(`${label} is recorded as ${owner}${by}; it is judged again within a minute.\n`);
    } else {
      await stores.devices.leave(number, found.id, until, 'console', now);
      process.stdout.write(
        leave === undefined
          ? `${label} is back: it counts again within a minute.\n`
          : `${label} is on leave until ${leave}: until then it is not counted and nobody is alerted.\n`,
      );
    }
    return 0;
  });
}

/** The beginning of a day to come. Throws UsageError. */
function dayOf(text: string, now: Date): Date {
  const at = new Date(`${text}T00:00:00Z`);
  const days = (at.getTime() - now.getTime()) / 86_400_000;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && days > 0 && days <= maxLeaveDays) return at;
  throw new UsageError('device: --leave is a day to come within a year, for example --leave 2027-01-11');
}
