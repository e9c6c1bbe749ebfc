import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../server/app.ts';
import { sessionCookie } from '../../server/caller.ts';
import { createCollectorKey, readCollectorKey } from '../../server/signing/collector-key.ts';
import { openStores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import { median, printRow, quantile } from './measure.ts';
import { seeded, seedFleet } from './sample-fleet.ts';

const budgetMs = 30;
const rounds = 60;

/** How long the server takes for the pages a contractor opens, with a thousand and ten thousand devices. */
export async function benchFleetPage(): Promise<void> {
  for (const devices of [1_000, 10_000]) await benchPages(devices);
}

async function benchPages(count: number): Promise<void> {
  // In memory where that is possible: what is measured is reading, and seeding would wait for the disk ten thousand times.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'muster-bench-'));
  createCollectorKey(folder);
  const path = join(folder, 'collector.db');
  const stores = await openStores(`sqlite:${path}`);
  const at = new Date();
  const organization = await stores.organizations.create(
    { name: 'Sample', contact: 'it@sample.example', policy: basePolicy() },
    'console',
    at,
  );
  const user = await stores.users.create({ email: 'it@sample.example', name: 'Sample' }, 'console', at);
  await stores.users.grant(user, organization.number, 'contractor', 'console', at);
  const app = await buildApp({ stores, collectorKey: readCollectorKey(folder), logLevel: 'silent' });
  try {
    const startedAt = performance.now();
    const [device] = await seedFleet(stores, organization, count, seeded(count));
    const seconds = (performance.now() - startedAt) / 1_000;
    const mebibytes = statSync(path).size / 2 ** 20;
    process.stdout.write(
      `Pages with ${count.toLocaleString('en')} devices (seeded in ${seconds.toFixed(0)} s, ${mebibytes.toFixed(0)} MiB), server time of ${rounds} requests\n`,
    );
    const cookie = `${sessionCookie}=${await stores.sessions.begin(user, 'link', at)}`;
    const fleet = `/organizations/${organization.id}`;
    const pages = {
      today: '/',
      fleet,
      'fleet, page 20, by system': `${fleet}?page=20&sort=system`,
      'fleet, failing firewall': `${fleet}?check=firewall`,
      'fleet, search': `${fleet}?search=ubuntu`,
      device: `${fleet}/devices/${device?.id ?? ''}`,
    };
    for (const [name, url] of Object.entries(pages)) {
      const times: number[] = [];
      for (let round = -5; round < rounds; round += 1) {
        const before = performance.now();
        const response = await app.inject({ url, headers: { cookie, accept: 'text/html' } });
        if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
        if (round >= 0) times.push(performance.now() - before);
      }
      const late = quantile(times, 0.95);
      printRow(
        name,
        `${median(times).toFixed(1)} ms, p95 ${late.toFixed(1)}`,
        `at most ${budgetMs} ms`,
        late <= budgetMs,
      );
    }
  } finally {
    await app.close();
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
