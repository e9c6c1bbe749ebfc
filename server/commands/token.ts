import { type Arguments, parseTime, textOf, UsageError } from '../arguments.ts';
import { issueToken } from '../issue.ts';
import { type Owner, owners } from '../storage/devices.ts';
import { findOrganization, withStores } from './open.ts';

const maxDays = 90;

/** `collector token`: the token alone on stdout, so that it can be piped. */
export async function token(args: Arguments): Promise<number> {
  const lasts = parseTime(textOf(args, 'expires') ?? '24h');
  if (lasts > maxDays * 86_400_000) throw new UsageError(`token: --expires is at most ${maxDays}d`);
  const owner = textOf(args, 'owner') ?? 'not-declared';
  if (!owners.includes(owner as Owner))
    throw new UsageError('token: --owner is company, contractor or personal');
  return withStores(async (stores, configuration) => {
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    const now = new Date();
    const expiresAt = new Date(now.getTime() + lasts);
    const given = { organization, owner: owner as Owner, expiresAt };
    process.stdout.write(`${await issueToken(stores, configuration, given, now)}\n`);
    process.stderr.write(
      `For one laptop of ${organization.name}, until ${expiresAt.toISOString()}. On it:  agent --enroll TOKEN\n`,
    );
    return 0;
  });
}
