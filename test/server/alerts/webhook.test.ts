import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTimeZone, localTime } from '../../../server/alerts/local-time.ts';
import { openMailer } from '../../../server/alerts/mail.ts';
import {
  isPrivateAddress,
  postWebhook,
  WebhookError,
  webhookAddressProblem,
  webhookSignature,
} from '../../../server/alerts/webhook.ts';
import { readConfiguration } from '../../../server/configuration.ts';
import { type HookServer, startHookServer } from './receivers.ts';

describe('an address that is not of the public internet', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fec0::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'ff02::1',
    '2002:7f00:1::1',
    'not an address',
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111'])('is not %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  test.each([
    ['http://example.org/hook', false],
    ['https://127.0.0.1/hook', false],
    ['https://[::1]/hook', false],
    ['https://2130706433/hook', false],
    ['https://0x7f.1/hook', false],
    ['https://localhost/hook', false],
    ['https://user:password@example.org/', false],
    ['ftp://example.org/', false],
    ['nonsense', false],
    ['https://hooks.example.org/services/T/B/X', true],
  ])('%s is taken: %s', (address, taken) => {
    expect(webhookAddressProblem(address, false) === undefined).toBe(taken);
  });
});

describe('a name that leads to this machine', () => {
  let hook: HookServer;
  beforeAll(async () => {
    hook = await startHookServer();
  });
  afterAll(() => hook.close());

  test('is refused when it is looked up, before anything is sent', async () => {
    const { port } = new URL(hook.url);
    const sending = postWebhook(
      // The name is allowed, what it resolves to is not: the way a rebinding name would.
      { address: `https://localhost.localdomain:${port}/hook`, key: 'whsec_AAAA', allowPrivate: false },
      { id: 'x', body: '{}', now: new Date() },
    );
    await expect(sending).rejects.toThrow(WebhookError);
    expect(hook.received).toEqual([]);
  });

  test('is used where that is allowed', async () => {
    await postWebhook(
      { address: hook.url, key: 'whsec_AAAA', allowPrivate: true },
      { id: 'x', body: '{}', now: new Date() },
    );
    expect(hook.received).toHaveLength(1);
  });
});

test('signs as the Standard Webhooks specification’s own example', () => {
  // https://github.com/standard-webhooks/standard-webhooks, libraries' test vectors.
  expect(
    webhookSignature(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330,
      '{"test": 2432232314}',
    ),
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('knows what clocks show elsewhere, also on the days they are changed', () => {
  expect(localTime(new Date('2026-11-21T23:30:00Z'), 'Africa/Johannesburg')).toEqual({
    date: '2026-11-22',
    hour: 1,
    weekday: 7,
  });
  const berlin = (moment: string) => localTime(new Date(moment), 'Europe/Berlin').hour;
  expect(berlin('2026-03-29T00:30:00Z')).toBe(1);
  expect(berlin('2026-03-29T01:30:00Z')).toBe(3);
  expect(berlin('2026-10-25T00:30:00Z')).toBe(2);
  expect(berlin('2026-10-25T01:30:00Z')).toBe(2);
  expect(localTime(new Date('2026-11-21T00:10:00Z'), 'UTC').hour).toBe(0);
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('e-mail goes out where a server is named, from the collector’s own host unless told otherwise', () => {
  const given = { SMTP_URL: 'smtp://mail.example:587', PUBLIC_URL: 'https://muster.example' };
  expect(readConfiguration({}).mail).toBeUndefined();
  expect(readConfiguration(given).mail).toEqual({
    url: 'smtp://mail.example:587',
    from: 'muster@muster.example',
  });
  expect(readConfiguration({ ...given, SMTP_FROM: 'it@acme.example' }).mail?.from).toBe('it@acme.example');
  expect(() => readConfiguration({ SMTP_URL: 'https://mail.example' })).toThrow('SMTP_URL');
  expect(readConfiguration({}).allowPrivateWebhooks).toBe(false);
});

test('a password is sent to no other machine without TLS', async () => {
  const tried: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth(auth, _session, callback) {
      tried.push(auth.username ?? '');
      callback(null, { user: auth.username ?? '' });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.server.address() as AddressInfo;
  // By this name the same server is no loopback address.
  const elsewhere = openMailer({ url: `smtp://muster:s3cret@0.0.0.0:${port}`, from: 'muster@m.example' });
  const here = openMailer({ url: `smtp://muster:s3cret@127.0.0.1:${port}`, from: 'muster@m.example' });
  try {
    await expect(elsewhere.verify()).rejects.toThrow('mail server');
    expect(tried).toEqual([]);
    await here.verify();
    expect(tried).toEqual(['muster']);
  } finally {
    elsewhere.close();
    here.close();
    await new Promise<void>((resolve) => server.close(resolve));
  }
});
