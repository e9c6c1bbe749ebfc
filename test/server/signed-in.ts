import { sessionCookie } from '../../server/caller.ts';
import type { Role } from '../../server/permissions.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import type { Session } from '../../server/storage/sessions.ts';
import type { User } from '../../server/storage/users.ts';
import type { SampleCollector } from './sample-collector.ts';

/** Somebody with an account, roles and a session that has just begun. */
export interface SignedIn {
  readonly user: User;
  /** What their browser sends. */
  readonly cookie: string;
  /** What their forms carry. */
  readonly csrf: string;
}

/** Makes somebody an account, `<name>@it.example`, with these roles in one organization, and signs them in. */
export async function signedIn(
  { stores, organization }: Pick<SampleCollector, 'stores' | 'organization'>,
  name: string,
  roles: readonly Role[],
  {
    called = name,
    at = new Date(),
    how = 'password',
    in: place = organization,
  }: {
    /** What they are called, where that is not `name`. */
    readonly called?: string;
    readonly at?: Date;
    readonly how?: Session['how'];
    readonly in?: Pick<Organization, 'number'>;
  } = {},
): Promise<SignedIn> {
  const user = await stores.users.create({ email: `${name}@it.example`, name: called }, 'console', at);
  for (const role of roles) await stores.users.grant(user, place.number, role, 'console', at);
  const secret = await stores.sessions.begin(user, how, at);
  const csrf = (await stores.sessions.find(secret, at))?.csrf ?? '';
  return { user, cookie: `${sessionCookie}=${secret}`, csrf };
}
