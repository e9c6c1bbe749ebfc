import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionCookie } from '../../../server/caller.ts';
import type { Role } from '../../../server/permissions.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import type { User } from '../../../server/storage/users.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { Visitor } from '../visitor.ts';

const start = new Date('2026-11-21T08:00:00Z');
let collector: SampleCollector;
let other: Organization;
let naledi: User;
let admin: Visitor;
let people: string;
let clock: Date;

async function person(name: string, role?: Role, organization = collector.organization): Promise<User> {
  const { stores } = collector;
  const user = await stores.users.create({ email: `${name}@it.example`, name }, 'console', clock);
  if (role !== undefined) await stores.users.grant(user, organization.number, role, 'console', clock);
  return user;
}

async function signedIn(user: User): Promise<Visitor> {
  const visitor = new Visitor(collector.url);
  visitor.cookies.set(sessionCookie, await collector.stores.sessions.begin(user, 'link', clock));
  await visitor.get('/account');
  return visitor;
}

const rolesOf = async (user: User) =>
  (await collector.stores.users.memberships(user.number, clock)).find(
    ({ organization }) => organization === collector.organization.number,
  )?.roles ?? [];

beforeEach(async () => {
  collector = await startCollector();
  clock = start;
  collector.clock = () => clock;
  other = await collector.stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    clock,
  );
  naledi = await person('naledi', 'admin');
  admin = await signedIn(naledi);
  people = `/organizations/${collector.organization.id}/people`;
});
afterEach(() => collector.close());

describe('inviting', () => {
  const invite = (fields: Record<string, string> = {}) =>
    admin.submit(people, {
      email: 'sipho@it.example',
      name: 'Sipho',
      role: 'contractor',
      until: '',
      ...fields,
    });

  it('makes an account, gives the role, and shows a link that works once', async () => {
    const { page } = await invite();
    const address = /http:[^"<\s]+\/sign-in\/link\?code=[\w-]+/.exec(page)?.[0] ?? '';
    expect(new URL(address).origin).toBe(collector.url);
    const sipho = new Visitor(collector.url);
    const code = new URL(address).searchParams.get('code') ?? '';
    const into = await sipho.submit('/sign-in/link', { code });
    expect(into.response.headers.get('location')).toBe('/account/password');
    expect((await sipho.get(`/organizations/${collector.organization.id}`)).response.status).toBe(200);
    expect((await admin.get(people)).page).not.toContain(code);
    expect((await sipho.submit('/sign-in/link', { code })).response.status).toBe(410);
  });

  it('gives nobody a link into an account that is used elsewhere, or has a password', async () => {
    const elsewhere = await person('elsewhere', 'contractor', other);
    const { page } = await invite({ email: elsewhere.email });
    expect(page).toContain('has an account here already');
    expect(page).not.toContain('/sign-in/link');
    const own = await person('own', 'reviewer');
    await collector.stores.users.setPassword(own, 'hash', 'console', clock);
    expect((await invite({ email: own.email })).page).not.toContain('/sign-in/link');
    expect((await admin.submit(`${people}/${own.id}/link`)).page).not.toContain('/sign-in/link');
  });

  it('asks for the last day of an auditor, which lies ahead and within a year', async () => {
    for (const until of ['', '2026-11-20', '2028-01-01']) {
      const { response, page } = await invite({ role: 'auditor', until });
      expect(response.status, until).toBe(422);
      expect(page).toContain('value="sipho@it.example"');
    }
    expect((await invite({ role: 'auditor', until: '2026-12-31' })).response.status).toBe(200);
    const sipho = await collector.stores.users.byEmail('sipho@it.example');
    expect(sipho && (await rolesOf(sipho))).toEqual(['auditor']);
    clock = new Date('2026-12-31T23:59:59Z');
    expect(sipho && (await rolesOf(sipho))).toEqual(['auditor']);
    clock = new Date('2027-01-01T00:00:00Z');
    expect(sipho && (await rolesOf(sipho))).toEqual([]);
  });

  it('gives nobody a role by their own hand', async () => {
    expect((await invite({ email: naledi.email, role: 'dpo' })).response.status).toBe(422);
    const own = await admin.submit(`${people}/${naledi.id}/roles`, { role: 'dpo', until: '' });
    expect(own.response.status).toBe(422);
    expect(await rolesOf(naledi)).toEqual(['admin']);
  });
});

describe('a role', () => {
  it('that has ended opens nothing, from that moment on', async () => {
    const { stores, organization } = collector;
    const auditor = await person('auditor');
    const until = new Date(start.getTime() + 3_600_000);
    await stores.users.grant(auditor, organization.number, 'auditor', 'console', clock, until);
    const visitor = await signedIn(auditor);
    expect((await visitor.get(people)).response.status).toBe(200);
    clock = until;
    expect((await visitor.get(people)).response.status).toBe(404);
    expect((await visitor.get('/')).page).not.toContain('Acme');
    expect((await visitor.get('/')).response.status).toBe(200);
  });

  it('is given beside others and taken away one by one', async () => {
    const sipho = await person('sipho', 'contractor');
    const page = `${people}/${sipho.id}`;
    await admin.submit(`${page}/roles`, { role: 'reviewer', until: '2026-12-31' });
    expect((await rolesOf(sipho)).toSorted()).toEqual(['contractor', 'reviewer']);
    expect((await admin.get(page)).page).toContain('Reviewer, until 2026-12-31');
    await admin.submit(`${page}/roles/remove`, { role: 'contractor' });
    expect(await rolesOf(sipho)).toEqual(['reviewer']);
  });

  it('of the last administrator can neither be taken, nor be given an end, nor be disabled', async () => {
    const second = await person('second', 'admin');
    const visitor = await signedIn(second);
    const page = `${people}/${naledi.id}`;
    await visitor.submit(`${page}/roles/remove`, { role: 'admin' });
    expect(await rolesOf(naledi)).toEqual([]);
    const refused = await visitor.submit(`${people}/${second.id}/roles/remove`, { role: 'admin' });
    expect(refused.response.status).toBe(422);
    expect(refused.page).toContain('Nobody would be left');
    expect(await rolesOf(second)).toEqual(['admin']);
    await expect(collector.stores.users.setDisabled(second, true, 'console', clock)).rejects.toThrow(
      'keeps one administrator',
    );
    await expect(
      collector.stores.users.grant(second, collector.organization.number, 'admin', 'console', clock, clock),
    ).rejects.toThrow('keeps one administrator');
    expect((await visitor.get(people)).response.status).toBe(200);
    expect(await collector.stores.audit.firstBroken()).toBeUndefined();
  });
});

describe('an account', () => {
  it('that is disabled is out at once, everywhere', async () => {
    const sipho = await person('sipho', 'contractor');
    const visitor = await signedIn(sipho);
    await admin.submit(`${people}/${sipho.id}/disable`, { disabled: 'yes' });
    expect((await visitor.get('/')).response.headers.get('location')).toBe('/sign-in');
    expect((await admin.get(people)).page).toContain('Account disabled');
    await admin.submit(`${people}/${sipho.id}/disable`, { disabled: 'no' });
    expect((await signedIn(sipho)).cookies.size).toBe(1);
  });

  it('of somebody with another organization is not this one’s to close', async () => {
    const sipho = await person('sipho', 'contractor');
    await collector.stores.users.grant(sipho, other.number, 'contractor', 'console', clock);
    const refused = await admin.submit(`${people}/${sipho.id}/disable`, { disabled: 'yes' });
    expect(refused.response.status).toBe(403);
    expect((await admin.get(`${people}/${sipho.id}`)).page).toContain('works for other organizations too');
  });

  it('of another organization is answered like none', async () => {
    const theirs = await person('theirs', 'contractor', other);
    for (const path of ['', '/roles', '/roles/remove', '/link', '/disable']) {
      const address = `${people}/${theirs.id}${path}`;
      const { response } =
        path === ''
          ? await admin.get(address)
          : await admin.submit(address, { role: 'admin', until: '', disabled: 'yes' });
      expect(response.status, path).toBe(404);
    }
  });
});

describe('an API token', () => {
  const make = async (fields: Record<string, string> = {}) => {
    const { page, response } = await admin.submit(`/organizations/${collector.organization.id}/api-tokens`, {
      name: 'Dashboard',
      scopes: 'people.read',
      days: '30',
      ...fields,
    });
    return { token: /muster_[\w-]{43}/.exec(page)?.[0] ?? '', response, page };
  };
  const ask = (token: string, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/api/v1/organizations/${collector.organization.id}/people`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });

  it('is shown once, works for its scope, and its use is noted', async () => {
    const { token } = await make();
    expect((await ask(token)).status).toBe(200);
    const { page } = await admin.get(`/organizations/${collector.organization.id}/api-tokens`);
    expect(page).not.toContain(token);
    expect(page).toContain('last used');
    const [kept] = await collector.stores.apiTokens.list(collector.organization.number);
    const [entry] = await collector.stores.audit.list(collector.organization.number, undefined, 1);
    expect(entry).toMatchObject({ actor: `token:${kept?.id}`, action: 'people.view' });
  });

  it('is refused where it is wrong, too old, revoked, or comes with a session', async () => {
    const { token } = await make();
    expect((await ask(`${token.slice(0, -1)}!`)).status).toBe(401);
    expect((await ask('muster_made-up')).status).toBe(401);
    const cookie = `${sessionCookie}=${admin.cookies.get(sessionCookie)}`;
    expect((await ask(token, { cookie })).status).toBe(400);
    const { page } = await admin.get(`/organizations/${collector.organization.id}/api-tokens`);
    const id = /api-tokens\/([0-9a-f-]{36})\/revoke/.exec(page)?.[1] ?? '';
    await admin.submit(`/organizations/${collector.organization.id}/api-tokens/${id}/revoke`);
    expect((await ask(token)).status).toBe(401);

    const aged = await make();
    expect((await ask(aged.token)).status).toBe(200);
    clock = new Date(start.getTime() + 30 * 86_400_000);
    expect((await ask(aged.token)).status).toBe(401);
  });

  it('can do no more than its scopes, and no more than its maker can now', async () => {
    const narrow = await make({ scopes: 'fleet.read' });
    expect((await ask(narrow.token)).status).toBe(403);
    const { token } = await make();
    await person('second', 'admin');
    const { stores, organization } = collector;
    await stores.users.revoke(naledi, organization.number, 'admin', 'console', clock);
    expect((await ask(token)).status).toBe(403);
    await stores.users.grant(naledi, organization.number, 'auditor', 'console', clock);
    expect((await ask(token)).status).toBe(200);
    await stores.users.setDisabled(naledi, true, 'console', clock);
    expect((await ask(token)).status).toBe(401);
  });

  it('opens no other organization, and no page', async () => {
    const { token } = await make();
    const authorization = `Bearer ${token}`;
    const theirs = await fetch(`${collector.url}/api/v1/organizations/${other.id}/people`, {
      headers: { authorization },
    });
    expect(theirs.status).toBe(404);
    const page = await fetch(collector.url + people, { headers: { authorization }, redirect: 'manual' });
    expect(page.status).toBe(303);
  });

  it('is given nothing its maker may not do, and nothing only a person may do', async () => {
    expect((await make({ scopes: 'waivers.approve' })).response.status).toBe(400);
    expect((await make({ scopes: 'privacy.manage' })).response.status).toBe(400);
    expect((await make({ scopes: '' })).response.status).toBe(400);
    expect(await collector.stores.apiTokens.list(collector.organization.number)).toEqual([]);
  });
});

describe('the page', () => {
  it('asks for a second factor, or leaves it to each', async () => {
    const { stores, organization } = collector;
    await admin.submit(`/organizations/${organization.id}/second-factor`, { required: 'no' });
    expect((await admin.get(people)).page).toContain('Left to each person');
    expect(await stores.users.needsSecondFactor(naledi.number, clock)).toBe(false);
  });

  it('shows an auditor who has access, and nothing to change it', async () => {
    const auditor = await signedIn(await person('auditor', 'auditor'));
    const { page } = await auditor.get(people);
    expect(page).toContain('naledi@it.example');
    expect(page).not.toContain('Invite');
    expect(
      (await auditor.submit(people, { email: 'a@b.example', name: 'A', role: 'admin' })).response.status,
    ).toBe(403);
    const contractor = await signedIn(await person('contractor', 'contractor'));
    expect((await contractor.get(people)).response.status).toBe(403);
  });
});
