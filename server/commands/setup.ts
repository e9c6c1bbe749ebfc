import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { readConfiguration } from '../configuration.ts';
import { issueSignInLink } from '../issue.ts';
import { readPolicy } from '../policy-file.ts';
import { setUp } from '../set-up.ts';
import { openStores } from '../storage/stores.ts';

const linkHours = 24;

/** `collector setup`. */
export async function setup(args: Arguments): Promise<number> {
  const organization = textOf(args, 'organization')?.trim();
  const admin = textOf(args, 'admin')?.trim();
  if (organization === undefined || organization === '' || organization.length > 200) {
    throw new UsageError('setup: --organization NAME is needed, for example --organization "Acme"');
  }
  if (admin === undefined || !/^[^@\s]+@[^@\s]+$/.test(admin) || admin.length > 200) {
    throw new UsageError('setup: --admin EMAIL is needed, for example --admin it@acme.example');
  }
  const policy = await readPolicy(textOf(args, 'policy') ?? 'base');
  const configuration = readConfiguration(process.env);
  const contact = textOf(args, 'contact') ?? admin;
  const done = await setUp(configuration, { organization, admin, contact, policy });
  if (!done.created) {
    process.stdout.write(`Already set up: ${done.organization.name}. Nothing was changed.\n`);
    return 0;
  }
  const stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  try {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + linkHours * 3_600_000);
    const link = await issueSignInLink(stores, configuration, done.administrator, expiresAt, now);
    process.stdout.write(
      `Set up: ${done.organization.name}, policy ${policy.id} ${policy.version}.

Next:
  collector serve                      take in reports and show the pages
  collector token                      a token that enrolls one laptop
  collector password --email ${admin}   set a password

Sign in once with this link, good for ${linkHours} hours, while the collector serves:
  ${link}
`,
    );
  } finally {
    await stores.close();
  }
  return 0;
}
