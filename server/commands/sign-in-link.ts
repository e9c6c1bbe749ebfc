import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { issueSignInLink } from '../issue.ts';
import { withStores } from './open.ts';

const linkMinutes = 30;

/** `collector sign-in-link`: for whoever has lost the password and may use the collector's own terminal. */
export async function signInLink(args: Arguments): Promise<number> {
  const email = textOf(args, 'email');
  if (email === undefined) throw new UsageError('sign-in-link: --email EMAIL is needed');
  return withStores(async (stores, configuration) => {
    const user = await stores.users.byEmail(email);
    if (user === undefined) throw new UsageError('sign-in-link: nobody has that address');
    const now = new Date();
    const expiresAt = new Date(now.getTime() + linkMinutes * 60_000);
    process.stdout.write(`${await issueSignInLink(stores, configuration, user, expiresAt, now)}\n`);
    process.stderr.write(`Good once, for ${linkMinutes} minutes.\n`);
    return 0;
  });
}
