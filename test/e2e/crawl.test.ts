import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookie } from '../../server/caller.ts';
import { demoConfiguration, makeDemo } from '../../server/commands/demo.ts';
import { readConfiguration } from '../../server/configuration.ts';
import { type Role, roles } from '../../server/permissions.ts';
import { createCollectorKey } from '../../server/signing/collector-key.ts';
import { type RunningCollector, startCollector } from '../../server/start-collector.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import { type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';
import { crawl, kindOf, type Visit } from './crawl.ts';

interface Place {
  readonly origin: string;
  readonly stores: Stores;
  readonly collector: RunningCollector;
  /** Signs somebody in who has these roles in every organization; the cookie's value. */
  signIn(name: string, held: readonly Role[]): Promise<string>;
}

const folder = mkdtempSync(join(tmpdir(), 'muster-crawl-'));
const places: Place[] = [];
let fleet: Place;
let empty: Place;

async function placeOf(configuration: ReturnType<typeof readConfiguration>): Promise<Place> {
  const stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  const collector = await startCollector(configuration);
  const place: Place = {
    origin: `http://127.0.0.1:${collector.port}`,
    stores,
    collector,
    async signIn(name, held) {
      const at = new Date();
      const user = await stores.users.create({ email: `${name}@it.example`, name }, 'console', at);
      const until = new Date(at.getTime() + 86_400_000);
      for (const { number } of await stores.organizations.all()) {
        for (const role of held) {
          await stores.users.grant(user, number, role, 'console', at, role === 'auditor' ? until : null);
        }
      }
      return stores.sessions.begin(user, 'link', at);
    },
  };
  places.push(place);
  return place;
}

beforeAll(async () => {
  const demo = demoConfiguration({ MUSTER_DATA: join(folder, 'a'), PORT: '0', LOG_LEVEL: 'silent' });
  await makeDemo(demo, { devices: 9, days: 30 });
  fleet = await placeOf(demo);
  const bare = readConfiguration({ MUSTER_DATA: join(folder, 'b'), PORT: '0', LOG_LEVEL: 'silent' });
  createCollectorKey(bare.dataFolder);
  empty = await placeOf(bare);
}, 120_000);
afterAll(async () => {
  for (const { collector, stores } of places) {
    await collector.stop();
    await stores.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const dead = (visits: readonly Visit[]) =>
  visits
    .filter(({ status }) => status !== 200)
    .map(({ status, address, from }) => `${status} ${address} from ${from}`);

describe('every link that is shown', { timeout: 60_000 }, () => {
  it.each(roles.map((role) => ({ role })))('leads somewhere for $role', async ({ role }) => {
    const cookie = `${sessionCookie}=${await fleet.signIn(role, [role])}`;
    const visits = await crawl(fleet.origin, cookie, '/', 1);
    expect(dead(visits)).toEqual([]);
    expect(visits.length).toBeGreaterThan(role === 'manager' ? 3 : 60);
  });

  it('leads somewhere where there is nothing yet, nor anybody', async () => {
    const alone = `${sessionCookie}=${await empty.signIn('alone', [])}`;
    expect(dead(await crawl(empty.origin, alone, '/', 2))).toEqual([]);
    await empty.stores.organizations.create(
      { name: 'Brand New', contact: 'it@new.example', policy: basePolicy() },
      'console',
      new Date(),
    );
    const everything = `${sessionCookie}=${await empty.signIn('everything', ['admin', 'dpo'])}`;
    const visits = await crawl(empty.origin, everything, '/', 2);
    expect(dead(visits)).toEqual([]);
    expect(visits.length).toBeGreaterThan(60);
  });
});

describe.skipIf(chromiumPath === undefined)(
  chromiumPath === undefined ? 'every kind of page (skipped: no Chromium here)' : 'every kind of page',
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(() => browser?.close());

    it.each([
      { of: 'a fleet', place: () => fleet },
      { of: 'nothing', place: () => empty },
    ])('of $of fits a wide and a narrow screen, and complains of nothing', async ({ of, place }) => {
      const { origin, signIn } = place();
      const cookie = await signIn(`sees ${of}`.replaceAll(' ', '-'), ['admin', 'dpo', 'contractor']);
      await browser.context.addCookies([{ name: sessionCookie, value: cookie, url: origin }]);
      const visits = await crawl(origin, `${sessionCookie}=${cookie}`, '/', 1);
      // Registers look alike; of each kind of page one is looked at.
      const kinds = new Map(
        visits
          .filter(({ page }) => page)
          .map(({ address }) => [
            kindOf(address)
              .replace(/\?.*/, '')
              .replace(/registers\/[^/]+/, 'registers/{register}'),
            address,
          ]),
      );
      expect(kinds.size).toBeGreaterThan(25);
      const wrong: string[] = [];
      const { page, complaints } = browser;
      for (const address of kinds.values()) {
        await page.goto(origin + address);
        for (const width of [1440, 390]) {
          await page.setViewportSize({ width, height: 900 });
          const wider = await overflow(page);
          if (wider > 0) wrong.push(`${address} is ${wider} pixels wider than ${width}`);
        }
        for (const complaint of complaints.splice(0)) wrong.push(`${address}: ${complaint}`);
      }
      expect(wrong).toEqual([]);
    });
  },
);
