import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookBack } from '../../../server/history/look-back.ts';
import { reportReceiver } from '../../../server/ingest/receive.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { type SampleDevice, sampleFacts } from '../sample-device.ts';

const laptops = 30;
const rounds = 25;
let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

test('what was is the same whoever reports while somebody looks back', async () => {
  const { stores, organization } = collector;
  const receive = reportReceiver(stores);
  const devices: SampleDevice[] = [];
  for (let index = 0; index < laptops; index += 1) devices.push(await collector.device());
  const reportAll = async (firewall: 'on' | 'off') => {
    const now = new Date();
    const group = devices.map((device) => receive(device.full(sampleFacts(firewall)), now));
    await stores.ingest.keep(await Promise.all(group));
  };
  await reportAll('on');
  await after(5);
  const at = new Date();
  await after(5);

  const was = async () => {
    const { fleet } = await lookBack(stores, organization.number, at);
    return {
      counts: fleet.counts,
      tallies: Object.fromEntries(fleet.tallies),
      devices: fleet.devices.map(({ device, state, failing, unknown, statuses }) => {
        return [device.label, state, failing, unknown, statuses?.get('firewall/enabled')];
      }),
    };
  };
  const told = await was();
  expect(told.devices).toHaveLength(laptops);
  expect(told.tallies['firewall']).toMatchObject({ pass: laptops });
  let reporting = true;
  const reports = (async () => {
    for (let round = 0; round < rounds; round += 1) await reportAll(round % 2 === 0 ? 'off' : 'on');
    reporting = false;
  })();
  let looks = 0;
  for (; reporting; looks += 1) expect(await was()).toEqual(told);
  await reports;
  expect(looks).toBeGreaterThan(3);
});
