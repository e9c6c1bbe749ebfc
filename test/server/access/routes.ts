/** The collector's routes, and people of every kind to ask for them. */
import type { InjectOptions } from 'fastify';
import { type CallerRule, sessionCookie } from '../../../server/caller.ts';
import { allows, type Permission, type Role, roles, tokenScopes } from '../../../server/permissions.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import type { User } from '../../../server/storage/users.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly caller: CallerRule;
  /** Only for people, whatever scopes a token has. */
  readonly people: boolean;
}

/** Whoever asks: by a session, by a token, or not known at all. */
export interface Asker {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly role?: Role;
}

/**
 * What comes of it: `in` is let through to the handler; `sign in` is asked who they are; `no` is refused; `none` is told there
 * is no such thing; `proof` must bring a signature or a code of its own.
 */
export type Answer = 'in' | 'sign in' | 'no' | 'none' | 'proof';

export interface House {
  readonly collector: SampleCollector;
  readonly other: Organization;
  readonly askers: readonly Asker[];
  /** The headers of a session. */
  session(user: User): Promise<Record<string, string>>;
  person(name: string, held: readonly Role[], organization: Organization): Promise<User>;
}

/** Two organizations; in the first somebody of every role, in the other an administrator; and programs with tokens. */
export async function openHouse(): Promise<House> {
  const collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  const other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    at,
  );
  const person: House['person'] = async (name, held, where) => {
    const user = await stores.users.create({ email: `${name}@it.example`, name }, 'console', at);
    for (const role of held) await stores.users.grant(user, where.number, role, 'console', at);
    return user;
  };
  const session: House['session'] = async (user) => {
    const cookie = await stores.sessions.begin(user, 'link', at);
    const csrf = (await stores.sessions.find(cookie, at))?.csrf ?? '';
    return { cookie: `${sessionCookie}=${cookie}`, 'x-csrf-token': csrf };
  };
  const askers: Asker[] = [{ name: 'nobody', headers: {} }];
  for (const role of roles) {
    askers.push({ name: role, role, headers: await session(await person(role, [role], organization)) });
  }
  askers.push({ name: 'elsewhere', headers: await session(await person('elsewhere', [...roles], other)) });
  const maker = await person('maker', [...roles], organization);
  const token = async (scopes: readonly Permission[]) => {
    const expiresAt = new Date(at.getTime() + 3_600_000);
    const given = { organization: organization.number, name: 'test', scopes, expiresAt };
    return { authorization: `Bearer ${(await stores.apiTokens.create(given, maker, at)).token}` };
  };
  askers.push({ name: 'token', headers: await token(tokenScopes) });
  askers.push({ name: 'token without', headers: await token([]) });
  return { collector, other, askers, session, person };
}

/** Callers that bring a signature, a code, a token or a link of their own: a session is nothing to them. */
const provenOtherwise: ReadonlySet<CallerRule> = new Set([
  'report',
  'enrollment-code',
  'device',
  'metrics-token',
  'my-device',
]);

/** Who may do what, by the roles' permissions alone: what the table must say. */
export function expected({ url, caller, people }: Route, { name, role }: Asker): Answer {
  if (caller === 'public') return 'in';
  if (provenOtherwise.has(caller)) return 'proof';
  const isToken = name.startsWith('token');
  if (name === 'nobody' || (isToken && !url.startsWith('/api/'))) return 'sign in';
  if (caller === 'account' || caller === 'staff') return isToken ? 'sign in' : 'in';
  if (caller === 'administrator') {
    if (isToken) return 'sign in';
    return name === 'elsewhere' || (role !== undefined && allows([role], 'people.manage')) ? 'in' : 'no';
  }
  const permission = caller.slice('organization:'.length) as Permission;
  if (name === 'elsewhere') return 'none';
  if (isToken) return name === 'token' && !people && tokenScopes.includes(permission) ? 'in' : 'no';
  return role !== undefined && allows([role], permission) ? 'in' : 'no';
}

/** A route's address with names for its parameters. */
export function fill(url: string, names: Readonly<Record<string, string>>): string {
  return url.replaceAll(/:(\w+)(\([^)]*\))?/g, (_, name: string, pattern?: string) =>
    pattern !== undefined || name === 'sequence' || name === 'version' ? '1' : (names[name] ?? 'nothing'),
  );
}

let visitors = 0;

/** A request from an address nobody else has, so that no limit by address stands in the way. */
export function ask(
  { collector }: House,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object = {},
) {
  visitors += 1;
  const isRead = method === 'GET';
  const options: InjectOptions = {
    method: method as 'GET',
    url,
    remoteAddress: `10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}`,
    headers: {
      accept: url.startsWith('/api/') ? 'application/json' : 'text/html',
      ...headers,
      ...(!isRead && { 'content-type': 'application/json' }),
    },
    ...(!isRead && { payload: JSON.stringify(body) }),
  };
  return collector.app.inject(options);
}

/** What an answer means for whoever asked. */
export function answerOf(
  { caller }: Route,
  { name }: Asker,
  { statusCode, headers }: { readonly statusCode: number; readonly headers: Record<string, unknown> },
): Answer | `fault ${number}` {
  if (statusCode >= 500 && statusCode !== 502) return `fault ${statusCode}`;
  if (caller === 'public') return statusCode === 403 ? 'no' : 'in';
  if (provenOtherwise.has(caller)) return statusCode >= 300 ? 'proof' : 'in';
  if (statusCode === 401) return 'sign in';
  if (statusCode === 303 && String(headers['location']).startsWith('/sign-in') && name !== 'elsewhere') {
    return 'sign in';
  }
  if (statusCode === 403) return 'no';
  return statusCode === 404 && name === 'elsewhere' ? 'none' : 'in';
}

interface Described {
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        {
          readonly example?: object;
          readonly examples?: Readonly<Record<string, { readonly value: object }>>;
        }
      >
    >;
  };
}

/** The bodies that the description of the API gives as examples of a write; none where it takes none. */
export function examplesOf({ app }: SampleCollector, method: string, url: string): readonly object[] {
  const { paths = {} } = app.swagger() as {
    paths?: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  };
  const described = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  const content = described?.requestBody?.content['application/json'];
  if (content?.example !== undefined) return [content.example];
  return Object.values(content?.examples ?? {}).map(({ value }) => value);
}
