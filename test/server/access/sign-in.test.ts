import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../server/password.ts';
import type { User } from '../../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { hiddenField, Visitor } from '../visitor.ts';
import { setUpApp } from './set-up-app.ts';

const password = 'correct horse battery staple';
const email = 'thandi@it.example';
const start = new Date('2026-11-21T08:00:00Z');

let collector: SampleCollector;
let thandi: User;
let clock: Date;

const wait = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1_000);
};
const days = 86_400;

beforeEach(async () => {
  collector = await startCollector();
  clock = start;
  collector.clock = () => clock;
  const { stores, organization } = collector;
  thandi = await stores.users.create({ email, name: 'Thandi Mokoena' }, 'console', start);
  await stores.users.grant(thandi, organization.number, 'contractor', 'console', start);
  await stores.users.setPassword(thandi, await hashPassword(password), 'console', start);
});
afterEach(() => collector.close());

const visitor = () => new Visitor(collector.url);
const signIn = (who: Visitor, next = '/') => who.submit('/sign-in', { email, password, next });
const location = ({ response }: { response: Response }) => response.headers.get('location');

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.getTime() });

/** Signs in and sets up an app; answers its secret and the recovery codes. */
async function signInWithApp(who: Visitor) {
  await signIn(who);
  return setUpApp(who, codeOf);
}

describe('a second factor that is required', () => {
  it('is asked for gently at first, and after a week before anything else', async () => {
    const who = visitor();
    const first = await signIn(who, '/organizations/x');
    expect(location(first)).toBe('/account/second-factor?next=%2Forganizations%2Fx');
    const { page } = await who.get(location(first) ?? '');
    expect(page).toContain('Not now');
    expect((await who.get('/')).response.status).toBe(200);
    expect((await who.get('/account')).page).toContain('asks for a second factor');

    wait(7 * days);
    const later = visitor();
    expect(location(await signIn(later))).toBe('/account/second-factor');
    expect((await later.get('/account/second-factor')).page).not.toContain('Not now');
    expect(location(await later.get('/'))).toBe('/account/second-factor');
    expect(location(await later.get(`/organizations/${collector.organization.id}`))).toBe(
      '/account/second-factor',
    );
    expect((await later.get('/account')).response.status).toBe(200);
    await signInWithApp(later);
    expect((await later.get('/')).response.status).toBe(200);
  });

  it('is asked of nobody where no organization requires it', async () => {
    const { stores, organization } = collector;
    await stores.members.requireSecondFactor(organization.number, false, 'console', clock);
    expect(location(await signIn(visitor()))).toBe('/');
  });

  it('does not stand in the way of the one-time link of the console', async () => {
    const code = await collector.stores.sessions.createLink(
      thandi,
      new Date(clock.getTime() + 60_000),
      'console',
      clock,
    );
    const who = visitor();
    expect(location(await who.submit('/sign-in/link', { code }))).toBe('/');
    expect((await who.get('/')).response.status).toBe(200);
  });
});

describe('an authenticator app', () => {
  it('is asked for after the password, and a code is good once', async () => {
    const { secret } = await signInWithApp(visitor());
    const who = visitor();
    wait(60);
    const step = await signIn(who, '/account');
    expect(location(step)).toBe('/sign-in/second-factor');
    expect(who.cookies.has('muster_session')).toBe(false);
    expect((await who.get('/')).response.status).toBe(303);
    expect((await who.get('/sign-in/second-factor')).page).toContain('authenticator app');
    expect((await who.submit('/sign-in/second-factor', { code: '000000' })).response.status).toBe(401);
    const code = codeOf(secret);
    const into = await who.submit('/sign-in/second-factor', { code });
    expect(location(into)).toBe('/account');
    expect((await who.get('/account')).page).toContain('password and code from the app');

    const again = visitor();
    await signIn(again);
    expect((await again.submit('/sign-in/second-factor', { code })).response.status).toBe(401);
    // Nor is the one before it, which would still be in time.
    wait(-30);
    expect((await again.submit('/sign-in/second-factor', { code: codeOf(secret) })).response.status).toBe(
      401,
    );
  });

  it('is set up only with a right code, and the secret is sealed for one person', async () => {
    const who = visitor();
    await signIn(who);
    const { page } = await who.get('/account/second-factor');
    const sealed = hiddenField(page, 'sealed');
    const wrong = await who.submit('/account/second-factor', { sealed, code: '000000' });
    expect(wrong.response.status).toBe(422);
    // The same secret is shown again: the one that was scanned stays good.
    const secretIn = (text: string) => /<code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1];
    expect(secretIn(wrong.page)).toBe(secretIn(page));
    expect((await collector.stores.secondFactors.of(thandi.number)).app).toBe(false);
    expect(location(await who.submit('/account/second-factor', { sealed: 'made-up', code: '000000' }))).toBe(
      '/account',
    );
  });

  it('can be replaced by each recovery code once', async () => {
    const { codes } = await signInWithApp(visitor());
    expect(codes).toHaveLength(10);
    const use = async (code: string) => {
      const who = visitor();
      await signIn(who);
      return (await who.submit('/sign-in/second-factor', { code })).response.status;
    };
    expect(await use(codes[0] ?? '')).toBe(303);
    expect(await use(codes[0] ?? '')).toBe(401);
    expect(await use((codes[1] ?? '').toLowerCase().replaceAll('-', ''))).toBe(303);
    expect((await collector.stores.secondFactors.of(thandi.number)).recoveryCodes).toBe(8);
  });

  it('lets nobody try more than five codes before the password is asked again', async () => {
    const { secret } = await signInWithApp(visitor());
    wait(60);
    const who = visitor();
    await signIn(who);
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await who.submit('/sign-in/second-factor', { code: '000000' })).response.status).toBe(401);
    }
    expect(location(await who.submit('/sign-in/second-factor', { code: codeOf(secret) }))).toBe('/sign-in');
  });

  it('is over after five minutes, and good for one session', async () => {
    const { secret } = await signInWithApp(visitor());
    wait(60);
    const who = visitor();
    await signIn(who);
    const step = new Map(who.cookies);
    wait(5 * 60 + 1);
    expect(location(await who.submit('/sign-in/second-factor', { code: codeOf(secret) }))).toBe('/sign-in');

    const second = visitor();
    await signIn(second);
    const kept = new Map(second.cookies);
    expect(location(await second.submit('/sign-in/second-factor', { code: codeOf(secret) }))).toBe('/');
    wait(60);
    const thief = visitor();
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect(location(await thief.submit('/sign-in/second-factor', { code: codeOf(secret) }))).toBe('/sign-in');
    expect(step.size).toBe(1);
  });

  it('is removed only with the password', async () => {
    const who = visitor();
    await signInWithApp(who);
    expect((await who.submit('/account/second-factor/remove', { current: 'wrong' })).response.status).toBe(
      422,
    );
    expect((await collector.stores.secondFactors.of(thandi.number)).app).toBe(true);
    expect((await who.submit('/account/second-factor/remove', { current: password })).response.status).toBe(
      303,
    );
    expect(await collector.stores.secondFactors.of(thandi.number)).toEqual({
      app: false,
      passkeys: 0,
      recoveryCodes: 0,
    });
  });
});

describe('guessing', () => {
  it('is held up after ten wrong ones for one name, existing or not, by the same answer', async () => {
    const answers: Record<string, readonly [number, string]> = {};
    for (const address of [email, 'nobody@it.example']) {
      const name = { who: address };
      for (let tries = 1; tries <= 10; tries += 1) {
        // As if each came from an address of its own: what one address may do is limited apart.
        const response = await collector.app.inject({
          method: 'POST',
          url: '/sign-in',
          remoteAddress: `192.0.2.${tries + (address === email ? 0 : 20)}`,
          payload: { email: address, password: 'guess' },
        });
        expect({ ...name, tries, status: response.statusCode }).toEqual({ ...name, tries, status: 401 });
      }
      const held = await collector.app.inject({
        method: 'POST',
        url: '/sign-in',
        remoteAddress: '192.0.2.99',
        payload: { email: address, password },
      });
      answers[address] = [held.statusCode, held.body.replaceAll(address, 'somebody')];
    }
    expect(answers[email]).toEqual(answers['nobody@it.example']);
    expect(answers[email]?.[0]).toBe(429);
    wait(15 * 60);
    expect((await signIn(visitor())).response.status).toBe(303);
  });

  it('takes as long for a name that does not exist', async () => {
    const time = async (address: string) => {
      const began = performance.now();
      await visitor().submit('/sign-in', { email: address, password: 'guess' });
      return performance.now() - began;
    };
    await time('warm@up.example');
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 8; round += 1) {
      times.known.push(await time(email));
      times.unknown.push(await time(`nobody${round}@it.example`));
    }
    const least = (of: number[]) => Math.min(...of);
    // One argon2 costs some 20 ms here; without it an answer takes 2.
    expect(least(times.unknown)).toBeGreaterThan(least(times.known) * 0.5);
    expect(least(times.unknown)).toBeLessThan(least(times.known) * 2);
  });
});

describe('a password', () => {
  it('is chosen in the browser by whoever came by an invitation', async () => {
    const { stores, organization } = collector;
    const sipho = await stores.users.create({ email: 'sipho@it.example', name: 'Sipho' }, 'console', clock);
    await stores.users.grant(sipho, organization.number, 'auditor', 'console', clock);
    const code = await stores.sessions.createLink(
      sipho,
      new Date(clock.getTime() + 60_000),
      'console',
      clock,
      'invitation',
    );
    const who = visitor();
    expect(location(await who.submit('/sign-in/link', { code }))).toBe('/account/password');
    const { page } = await who.get('/account/password');
    expect(page).toContain('Choose a password');
    expect(page).not.toContain('The password you have');
    const choose = (chosen: string, repeat = chosen) =>
      who.submit('/account/password', { password: chosen, repeat });
    expect((await choose('too short')).page).toContain('between 12 and 200');
    expect((await choose(password, `${password}!`)).page).toContain('not the same');
    expect(location(await choose(password))).toBe('/account/second-factor');
    expect((await who.get('/account')).response.status).toBe(200);
    const signedIn = await visitor().submit('/sign-in', { email: 'sipho@it.example', password });
    expect(signedIn.response.status).toBe(303);
  });

  it('is changed only with the one before it, and ends every other session', async () => {
    const [here, there] = [visitor(), visitor()];
    await signIn(here);
    await signIn(there);
    await here.get('/account/password');
    const change = (current: string) =>
      here.submit('/account/password', {
        current,
        password: 'another fine password',
        repeat: 'another fine password',
      });
    expect((await change('wrong')).response.status).toBe(422);
    expect(location(await change(password))).toBe('/account?done=password');
    expect((await here.get('/account')).response.status).toBe(200);
    expect(location(await there.get('/'))).toBe('/sign-in');
    expect((await signIn(visitor())).response.status).toBe(401);
  });
});

describe('sessions', () => {
  it('are listed in coarse words, and end one by one and all at once', async () => {
    const { stores } = collector;
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const [here, there, third] = [visitor(), visitor(), visitor()];
    await here.submit('/sign-in', { email, password }, { 'user-agent': firefox });
    await signIn(there);
    await signIn(third);
    const { page } = await here.get('/account');
    expect(page).toContain('Firefox on Linux');
    expect(page).not.toContain('140');
    const [id] = [...page.matchAll(/\/account\/sessions\/([0-9a-f-]{36})\/end/g)].map((match) => match[1]);
    expect((await here.submit(`/account/sessions/${id}/end`)).response.status).toBe(303);
    expect(await stores.sessions.list(thandi.number, clock)).toHaveLength(2);
    expect((await here.submit(`/account/sessions/${id}/end`)).response.status).toBe(404);
    await here.submit('/account/sessions/end-others');
    expect((await here.get('/account')).response.status).toBe(200);
    for (const ended of [there, third]) expect(location(await ended.get('/account'))).toContain('/sign-in');
  });

  it('of somebody else cannot be ended', async () => {
    const { stores } = collector;
    const sipho = await stores.users.create({ email: 'sipho@it.example', name: 'Sipho' }, 'console', clock);
    await stores.sessions.begin(sipho, 'link', clock);
    const [session] = await stores.sessions.list(sipho.number, clock);
    const who = visitor();
    await signIn(who);
    await who.get('/account');
    expect((await who.submit(`/account/sessions/${session?.id}/end`)).response.status).toBe(404);
    expect(await stores.sessions.list(sipho.number, clock)).toHaveLength(1);
  });
});
