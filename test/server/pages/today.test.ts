import { afterAll, beforeAll, expect, test } from 'vitest';
import { checks } from '../../../shared/checks/index.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { signedIn } from '../signed-in.ts';

const day = 86_400_000;
/** Ten o'clock of the next Friday (UTC). */
const friday = (() => {
  const date = new Date(Date.now() + day);
  while (date.getUTCDay() !== 5) date.setTime(date.getTime() + day);
  return new Date(date.setUTCHours(10, 0, 0, 0));
})();

let collector: SampleCollector;
let device: SampleDevice;

beforeAll(async () => {
  collector = await startCollector();
  device = await collector.device();
  await post(collector.url, device.full(sampleFacts('on')));
  collector.clock = () => friday;
  expect(
    (await post(collector.url, device.full(sampleFacts('off'), { takenAt: friday.toISOString() }))).status,
  ).toBe(201);
});
afterAll(() => collector.close());

test.each([
  [1, 'Saturday', 'Broke since yesterday', true],
  [2, 'Sunday', 'Broke since Friday', true],
  [3, 'Monday', 'Broke since Friday', true],
  [4, 'Tuesday', 'Broke since yesterday', false],
])('what broke on Friday is news %i days later, on %s: %s', async (days, _weekday, heading, told) => {
  const at = new Date(friday.getTime() + days * day);
  collector.clock = () => at;
  const { cookie } = await signedIn(collector, `thandi${days}`, ['contractor'], { at });
  const page = await (await fetch(collector.url, { headers: { accept: 'text/html', cookie } })).text();
  const section = /<section[^>]*aria-labelledby="broke"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
  expect(section).toContain(`>${heading}</h2>`);
  expect(section.includes(`/devices/${device.id}"`)).toBe(told);
});

test('of many waivers that wait the oldest are shown, with how many there are', async () => {
  const at = new Date();
  collector.clock = () => at;
  const { stores, organization } = collector;
  for (const point of Object.keys(checks['password-policy'].points)) {
    for (const reason of ['Until the new system is here.', 'Until the old program is gone.']) {
      const asked = {
        scope: { kind: 'organization' },
        check: 'password-policy',
        point,
        reason,
        control: '',
      } as const;
      const times = { startsAt: at, expiresAt: new Date(at.getTime() + day) };
      await stores.waivers.request(organization.number, { ...asked, ...times }, 'user:a', at);
    }
  }
  const waiting = await stores.waivers.waitingCount(organization.number);
  expect(waiting).toBeGreaterThan(10);
  const { cookie } = await signedIn(collector, 'naledi', ['contractor']);
  const page = await (await fetch(collector.url, { headers: { accept: 'text/html', cookie } })).text();
  expect(page).toContain(
    `Waivers to decide</h2><span class="muted small">the oldest 10 of ${waiting}</span>`,
  );
});
