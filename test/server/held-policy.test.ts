import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionCookie } from '../../server/caller.ts';
import { examineContents } from '../../server/operation/doctor.ts';
import { basePolicy } from '../../shared/policy.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import type { SampleDevice } from './sample-device.ts';
import { Visitor } from './visitor.ts';

/** As after a restore: version 3 is in force here, and some laptops hold version 7, which the backup did not have. */
let collector: SampleCollector;
let devices: SampleDevice[];
let admin: Visitor;
let auditor: Visitor;

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  await stores.organizations.publish(organization.number, { ...basePolicy(), version: 3 }, 'console', at);
  devices = [await collector.device(), await collector.device(), await collector.device()];
  const signedIn = async (name: string, role: 'admin' | 'auditor') => {
    const user = await stores.users.create({ email: `${name}@it.example`, name }, 'console', at);
    const until = new Date(at.getTime() + 86_400_000);
    await stores.users.grant(
      user,
      organization.number,
      role,
      'console',
      at,
      role === 'auditor' ? until : null,
    );
    const visitor = new Visitor(collector.url);
    visitor.cookies.set(sessionCookie, await stores.sessions.begin(user, 'link', at));
    return visitor;
  };
  admin = await signedIn('thandi', 'admin');
  auditor = await signedIn('naledi', 'auditor');
});
afterAll(() => collector.close());

const say = async (
  device: SampleDevice | undefined,
  held: number | string,
  path = `/api/v1/policy?held=${held}`,
) =>
  (
    await fetch(collector.url + path, {
      headers: { authorization: device?.authorize('GET', `/api/v1/policy?held=${held}`) ?? '' },
    })
  ).status;
const newer = () => collector.stores.heldPolicies.newer(collector.organization.number);

test('what is not newer, or cannot be, is not noted; what was not signed is refused', async () => {
  for (const held of [1, 3, 1_004, 2_147_483_647, 'x', -1]) expect(await say(devices[0], held)).toBe(200);
  expect(await newer()).toBeUndefined();
  expect(await say(devices[0], 7, '/api/v1/policy?held=8')).toBe(401);
  expect((await admin.get('/')).page).not.toContain('with their reports');
  expect(
    await collector.stores.heldPolicies.publishAgain(collector.organization.number, 'console', new Date()),
  ).toBeUndefined();
});

test('laptops that hold a newer policy are told on Today and by the doctor', async () => {
  await say(devices[0], 6);
  await say(devices[0], 7);
  await say(devices[1], 5);
  expect(await newer()).toEqual({ version: 7, devices: 2 });
  const { page } = await admin.get('/');
  expect(page).toContain('2 laptops of Acme');
  expect(page).toContain('version 7');
  expect(page).toContain('Publish version 3 again');
  const reader = (await auditor.get('/')).page;
  expect(reader).toContain('2 laptops of Acme');
  expect(reader).not.toContain('Publish version 3 again');
  const found = await examineContents(collector.stores, new Date());
  expect(found.find(({ about }) => about === 'policy')).toMatchObject({
    state: 'wrong',
    remedy: 'collector republish --organization "Acme"',
  });
});

test('nothing at or below what is held can be published, and drafts get a number above it', async () => {
  const { stores, organization } = collector;
  const publish = (version: number) =>
    stores.organizations.publish(organization.number, { ...basePolicy(), version }, 'console', new Date());
  await expect(publish(4)).rejects.toMatchObject({ name: 'PolicyNotNewer' });
  await expect(publish(7)).rejects.toMatchObject({ name: 'PolicyNotNewer' });
});

test('one press publishes the same policy above all of them, once', async () => {
  const { stores, organization } = collector;
  const before = await stores.organizations.policy(organization.number);
  const path = `/organizations/${organization.id}/policy/again`;
  expect((await auditor.submit(path)).response.status).toBe(403);
  for (let presses = 0; presses < 2; presses += 1) {
    expect((await admin.submit(path)).response.status).toBe(303);
  }
  const after = await stores.organizations.policy(organization.number);
  expect(after.policy).toEqual({ ...before.policy, version: 8 });
  expect(await newer()).toBeUndefined();
  const [version] = await stores.policies.versions(organization.number, undefined, 1);
  expect(version?.reason).toBe(
    'The same as version 3: laptops hold version 7, which this collector does not have.',
  );
  expect((await admin.get('/')).page).not.toContain('with their reports');
  expect(await examineContents(stores, new Date())).not.toContainEqual(
    expect.objectContaining({ about: 'policy' }),
  );
});
