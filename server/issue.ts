import { formatToken } from '../shared/api.ts';
import type { Configuration } from './configuration.ts';
import type { Actor } from './storage/audit.ts';
import type { Owner } from './storage/devices.ts';
import type { Organization } from './storage/organizations.ts';
import type { LinkPurpose } from './storage/sessions.ts';
import type { Stores } from './storage/stores.ts';
import type { User } from './storage/users.ts';

/**
 * An enrollment token as text, good for one device. It names the collector's certificate where no public authority vouches
 * for it, so that no other host can take its place.
 */
export async function issueToken(
  stores: Pick<Stores, 'enrollments'>,
  reached: Pick<Configuration, 'publicUrl'> & { readonly tls?: { readonly cert: string } | undefined },
  given: { organization: Organization; owner: Owner; expiresAt: Date },
  at: Date,
  actor: Actor = 'console',
): Promise<string> {
  const { organization, owner, expiresAt } = given;
  const code = await stores.enrollments.create(
    { organization: organization.number, owner, expiresAt },
    actor,
    at,
  );
  return formatToken({
    url: reached.publicUrl,
    code,
    expiresAt: expiresAt.toISOString(),
    pin: await pinOf(reached.tls),
  });
}

async function pinOf(tls: { readonly cert: string } | undefined): Promise<string | null> {
  if (tls === undefined) return null;
  const { certificatePin } = await import('./signing/certificate-pin.ts');
  return certificatePin(tls.cert);
}

/** An address that signs a person in once, until it expires. */
export async function issueSignInLink(
  stores: Stores,
  configuration: Configuration,
  user: User,
  expiresAt: Date,
  at: Date,
  purpose: LinkPurpose = 'console',
): Promise<string> {
  const code = await stores.sessions.createLink(user, expiresAt, 'console', at, purpose);
  return `${configuration.publicUrl}/sign-in/link?code=${code}`;
}
