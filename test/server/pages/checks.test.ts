import { afterAll, beforeAll, expect, test } from 'vitest';
import { putOnLeave } from '../../../server/desk/devices.ts';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { checks } from '../../../shared/checks/index.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let other: Organization;
let cookie: string;
let open: SampleDevice;
let closed: SampleDevice;
let repaired: SampleDevice;
let theirs: SampleDevice;

beforeAll(async () => {
  collector = await startCollector();
  const { stores } = collector;
  const at = new Date();
  other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    at,
  );
  ({ cookie } = await signedIn(collector, 'thandi', ['contractor']));
  [open, closed, repaired] = [
    await collector.device(),
    await collector.device(),
    await collector.device(),
  ] as const;
  theirs = await collector.device(other);
  await post(collector.url, open.full(sampleFacts('off')));
  await post(collector.url, closed.full(sampleFacts('on')));
  await post(collector.url, repaired.full(sampleFacts('off')));
  await post(collector.url, repaired.full(sampleFacts('on')));
  await post(collector.url, theirs.full(sampleFacts('off')));
  while ((await reviewDue(stores, new Date())) > 0);
});
afterAll(() => collector.close());

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${collector.url}/organizations/${collector.organization.id}/checks${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie },
  });
  return { status: response.status, text: await response.text() };
}

const shows = (text: string, device: SampleDevice) => text.includes(`/devices/${device.id}"`);

test('every check is listed with its numbers, and each number leads to the laptops behind it', async () => {
  const { status, text } = await get('');
  expect(status).toBe(200);
  for (const { title } of Object.values(checks)) expect(text).toContain(`>${title}</a>`);
  expect(text).toContain('aria-label="1: Firewall, fails"');
  expect(text).toMatch(
    /href="[^"]+\/checks\/firewall\?status=pass#laptops" aria-label="2: Firewall, passes"/,
  );
});

test('a check says what is asked, where it comes from, who fails it and what was found', async () => {
  const { text } = await get('/firewall');
  expect(text).toContain('What a pass does not prove');
  expect(text).toContain('Cyber Essentials');
  expect(text).toMatch(/Firewall on|switched off|Off/i);
  expect([open, closed, repaired, theirs].map((device) => shows(text, device))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('it is narrowed by answer, point and system', async () => {
  const passes = (await get('/firewall?status=pass')).text;
  expect([open, closed, repaired].map((device) => shows(passes, device))).toEqual([false, true, true]);
  const inbound = (await get('/firewall?point=inbound-default')).text;
  expect(inbound).toContain('No laptop fails it.');
  const macs = (await get('/firewall?platform=darwin')).text;
  expect(macs).toContain('No laptop matches.');
  const linux = (await get('/firewall?point=enabled&platform=linux')).text;
  expect(shows(linux, open)).toBe(true);
});

test('what was fixed lately is a list of its own', async () => {
  const { text } = await get('/firewall?status=fixed');
  expect([open, closed, repaired, theirs].map((device) => shows(text, device))).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(text).toMatch(/Fixed in the last 30 days <span class="count">1</);
});

test('what is waived still fails, and says until when and why', async () => {
  const { stores, organization } = collector;
  const at = new Date();
  const id = await stores.waivers.request(
    organization.number,
    {
      scope: { kind: 'device', device: open.id },
      check: 'firewall',
      point: 'enabled',
      reason: 'The lab network filters in front of it.',
      control: 'The router lets nothing in.',
      startsAt: at,
      expiresAt: new Date(at.getTime() + 86_400_000),
    },
    'user:a',
    at,
  );
  const expiresAt = new Date(at.getTime() + 86_400_000);
  const decision = { startsAt: at, expiresAt, maxDays: 90, note: '' };
  await stores.waivers.approve(organization.number, id, decision, 'user:b', at);
  const { text } = await get('/firewall');
  expect(shows(text, open)).toBe(true);
  expect(text).toContain(`/waivers/${id}">Waived</a> until`);
  expect(text).toContain('The lab network filters in front of it.');
});

test('who is on leave is neither counted nor listed, until they are back', async () => {
  const { stores, organization } = collector;
  const device = await stores.devices.byId(organization.number, closed.id);
  if (device === undefined) throw new Error('no device');
  const passing = async () => {
    const { text } = await get('/firewall?status=pass');
    return { listed: shows(text, closed), count: /Passes <span class="count">(\d+)</.exec(text)?.[1] };
  };
  const filter = { subject: 'firewall', status: 'pass', platform: null } as const;
  const linux = { ...filter, platform: 'linux' } as const;
  const counts = () =>
    Promise.all([
      stores.checkFindings.count(organization.number, filter),
      stores.checkFindings.count(organization.number, linux),
    ]);
  expect(await passing()).toEqual({ listed: true, count: '2' });
  const soon = new Date(Date.now() + 86_400_000);
  await putOnLeave(stores, device, soon, 'user:thandi', new Date());
  expect(await passing()).toEqual({ listed: false, count: '1' });
  expect(await counts()).toEqual([1, 1]);
  const away = await stores.devices.byId(organization.number, closed.id);
  await putOnLeave(stores, away ?? device, null, 'user:thandi', new Date());
  expect(await passing()).toEqual({ listed: true, count: '2' });
  expect(await counts()).toEqual([2, 2]);
});

test('beside the list of what was searched for stand no numbers of the whole fleet', async () => {
  const overview = async (query: string) => {
    const address = `${collector.url}/organizations/${collector.organization.id}${query}`;
    return (await fetch(address, { headers: { accept: 'text/html', cookie } })).text();
  };
  const tabs = /<nav id="states"[\s\S]*?<\/nav>/;
  expect(tabs.exec(await overview('?state=failing'))?.[0]).toContain('All <span class="count">3<');
  for (const query of ['?search=D-', '?platform=linux', '?check=firewall'])
    expect(tabs.exec(await overview(query))?.[0]).not.toContain('class="count"');
});

test('a page beyond the last one leads to the first, nonsense is read as not asked', async () => {
  expect((await get('/firewall?page=7')).status).toBe(303);
  expect((await get('/firewall?page=x&status=great&point=..%2F&platform=beos')).status).toBe(200);
});

test('what is no check, and the checks of another organization, are not there', async () => {
  expect((await get('/no-such-check')).status).toBe(404);
  for (const path of ['/checks', '/checks/firewall']) {
    const response = await fetch(`${collector.url}/organizations/${other.id}${path}`, {
      headers: { accept: 'text/html', cookie },
    });
    expect(response.status).toBe(404);
  }
});
