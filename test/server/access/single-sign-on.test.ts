import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { singleSignOn } from '../../../server/access/single-sign-on.ts';
import { readConfiguration } from '../../../server/configuration.ts';
import type { User } from '../../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { Visitor } from '../visitor.ts';

const clientSecret = 'a secret of the client, long enough for its key';

/** Who the identity provider says is there. */
let claims: Record<string, unknown>;
let server: Server;
let issuer: string;
let collector: SampleCollector;
let thandi: User;

/** A real provider that signs everybody in without asking, as whoever `claims` says. */
function runProvider(redirectUri: string): void {
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'muster', client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...claims }),
    }),
    interactions: { url: () => '/interaction' },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (request.url !== '/interaction') {
      await answer(request, response);
      return;
    }
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, { login: { accountId: 'subject-1' } });
      return;
    }
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params['client_id']),
    });
    grant.addOIDCScope('openid email');
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  });
}

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  collector = await startCollector({
    singleSignOn: singleSignOn({ issuer, clientId: 'muster', clientSecret }),
  });
  runProvider(`${collector.url}/sign-in/single-sign-on/return`);
  const at = new Date();
  thandi = await collector.stores.users.create({ email: 'thandi@it.example', name: 'Thandi' }, 'console', at);
  await collector.stores.users.grant(thandi, collector.organization.number, 'contractor', 'console', at);
}, 30_000);
afterAll(async () => {
  await collector.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  claims = { email: 'thandi@it.example', email_verified: true };
});

/** Goes to the provider and through it as a browser would; the address it sends the browser back to. */
async function throughProvider(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = address;
  for (let steps = 0; steps < 12; steps += 1) {
    const response = await fetch(next, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    next = new URL(location, next).href;
    if (next.startsWith(collector.url)) return next;
  }
  throw new Error('the provider never sent the browser back');
}

const begin = async (visitor: Visitor, next = '/') => {
  const { response } = await visitor.get(`/sign-in/single-sign-on?next=${encodeURIComponent(next)}`);
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
};
const pathOf = (address: string) => address.slice(collector.url.length);

describe('a company account', () => {
  it('is offered, and signs in whoever has an account here already', async () => {
    const visitor = new Visitor(collector.url);
    expect((await visitor.get('/sign-in')).page).toContain('Sign in with your company account');
    const there = new URL(await begin(visitor, '/account'));
    expect(there.origin).toBe(issuer);
    expect(there.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(there.searchParams.get(name)?.length, name).toBeGreaterThan(20);
    }
    const { response } = await visitor.get(pathOf(await throughProvider(there.href)));
    expect(response.headers.get('location')).toBe('/account');
    expect((await visitor.get('/account')).page).toContain('company account');
    const [session] = await collector.stores.sessions.list(thandi.number, new Date());
    expect(session?.how).toBe('single-sign-on');
  });

  it.each([
    ['nobody here has', { email: 'stranger@it.example', email_verified: true }],
    ['the provider does not vouch for', { email: 'thandi@it.example', email_verified: false }],
    ['is not told', {}],
  ])('whose address %s opens nothing and makes no account', async (_, given) => {
    claims = given;
    const visitor = new Visitor(collector.url);
    const back = await throughProvider(await begin(visitor));
    const { response, page } = await visitor.get(pathOf(back));
    expect(response.status).toBe(401);
    expect(page).toContain('Ask an administrator to invite you');
    expect(page).not.toContain('stranger');
    expect(visitor.cookies.has('muster_session')).toBe(false);
    expect(await collector.stores.users.byEmail('stranger@it.example')).toBeUndefined();
  });

  it('of a disabled account opens nothing', async () => {
    const { stores } = collector;
    await stores.users.setDisabled(thandi, true, 'console', new Date());
    const visitor = new Visitor(collector.url);
    expect((await visitor.get(pathOf(await throughProvider(await begin(visitor))))).response.status).toBe(
      401,
    );
    await stores.users.setDisabled(thandi, false, 'console', new Date());
  });

  it('comes back once, to the browser that went, and unchanged', async () => {
    const visitor = new Visitor(collector.url);
    const back = pathOf(await throughProvider(await begin(visitor)));
    const thief = new Visitor(collector.url);
    expect((await thief.get(back)).response.headers.get('location')).toBe('/sign-in');

    const other = new Visitor(collector.url);
    await begin(other);
    const swapped = await other.get(back);
    expect(swapped.response.status).toBe(401);
    expect(other.cookies.has('muster_session')).toBe(false);

    expect((await visitor.get(back)).response.headers.get('location')).toBe('/');
    expect((await visitor.get(back)).response.headers.get('location')).toBe('/sign-in');
    expect(collector.log.join('')).not.toContain('thandi@it.example');
  });
});

describe('its settings', () => {
  const given = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'muster', OIDC_CLIENT_SECRET: 'x' };

  it('are three or none, and never in the clear beyond this machine', () => {
    expect(readConfiguration({}).singleSignOn).toBeUndefined();
    expect(readConfiguration(given).singleSignOn?.issuer).toBe('https://id.example');
    expect(() => readConfiguration({ ...given, OIDC_CLIENT_SECRET: '' })).toThrow('belong together');
    expect(() => readConfiguration({ ...given, OIDC_ISSUER: 'http://id.example' })).toThrow('https');
  });

  it('that lead nowhere are told in words, and leave the other ways in', async () => {
    const lost = await startCollector({
      singleSignOn: singleSignOn({ issuer: 'http://127.0.0.1:9', clientId: 'muster', clientSecret }),
    });
    const { response, page } = await new Visitor(lost.url).get('/sign-in/single-sign-on');
    await lost.close();
    expect(response.status).toBe(502);
    expect(page).toContain('The identity provider does not answer');
    expect(page).toContain('Password');
  });
});
