import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../server/storage/audit.ts';
import type { User } from '../../server/storage/users.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import type { SampleDevice } from './sample-device.ts';

let collector: SampleCollector;
let asks: User;
let decides: User;
let device: SampleDevice;
beforeAll(async () => {
  collector = await startCollector();
  const { users } = collector.stores;
  asks = await users.create({ email: 'asks@it.example', name: 'Asks' }, 'console', new Date());
  decides = await users.create({ email: 'decides@it.example', name: 'Decides' }, 'console', new Date());
});
afterAll(() => collector.close());
beforeEach(async () => {
  device = await collector.device();
});

const day = 86_400_000;
const begin = new Date();
const inDays = (days: number) => new Date(begin.getTime() + days * day);
const request = (by: Actor) =>
  collector.stores.waivers.request(
    collector.organization.number,
    {
      scope: { kind: 'device', device: device.id },
      check: 'firewall',
      point: 'enabled',
      reason: 'The lab network filters in front of it.',
      control: '',
      startsAt: begin,
      expiresAt: inDays(30),
    },
    by,
    begin,
  );
const approve = (id: string, by: Actor, expiresAt = inDays(30)) =>
  collector.stores.waivers.approve(
    collector.organization.number,
    id,
    { startsAt: begin, expiresAt, maxDays: 90, note: '' },
    by,
    begin,
  );

test('whoever made a program’s token does not approve what the program asked for', async () => {
  const { apiTokens } = collector.stores;
  const token = await apiTokens.create(
    {
      organization: collector.organization.number,
      name: 'Ticket system',
      scopes: ['waivers.write'],
      expiresAt: inDays(60),
    },
    asks,
    begin,
  );
  const id = await request(`token:${token.id}`);
  expect(await approve(id, `user:${asks.id}`)).toBe('own-request');
  expect(await approve(id, `token:${token.id}`)).toBe('own-request');
  expect(await approve(id, `user:${decides.id}`)).toBe('done');
});

test('it may last as long as the policy allows, to the moment', async () => {
  const id = await request(`user:${asks.id}`);
  expect(await approve(id, `user:${decides.id}`, new Date(inDays(90).getTime() + 1))).toBe('bad-dates');
  expect(await approve(id, `user:${decides.id}`, begin)).toBe('bad-dates');
  expect(await approve(id, `user:${decides.id}`, inDays(90))).toBe('done');
});

test('shortened means sooner than it was, and not before it began', async () => {
  const id = await request(`user:${asks.id}`);
  await approve(id, `user:${decides.id}`, inDays(30));
  const shorten = (expiresAt: Date) =>
    collector.stores.waivers.shorten(
      collector.organization.number,
      id,
      { expiresAt, note: '' },
      `user:${decides.id}`,
      begin,
    );
  expect(await shorten(inDays(30))).toBe('bad-dates');
  expect(await shorten(begin)).toBe('bad-dates');
  expect(await shorten(new Date(inDays(30).getTime() - 1))).toBe('done');
});

test('what was decided is what the audit log noted', async () => {
  expect(await collector.stores.audit.altered()).toEqual([]);
});
