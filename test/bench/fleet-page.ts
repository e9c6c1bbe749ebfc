import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../server/app.ts';
import { sessionCookie } from '../../server/caller.ts';
import { whatIfTrials } from '../../server/ingest/what-if.ts';
import { createCollectorKey, readCollectorKey } from '../../server/signing/collector-key.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import { median, printRow, quantile } from './measure.ts';
import { seeded, seedFleet } from './sample-fleet.ts';

const budgetMs = 30;
const whatIfBudgetMs = 2_000;
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
      checks: `${fleet}/checks`,
      'check, failing longest': `${fleet}/checks/admin-rights`,
      'check, passing, page 5, Windows': `${fleet}/checks/admin-rights?status=pass&platform=win32&page=5`,
      policy: `${fleet}/policy`,
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
    await benchWhatIf(stores, organization.number);
  } finally {
    await app.close();
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A draft tried on the whole fleet: first from the disk, then with another number while the facts are at hand. */
async function benchWhatIf(stores: Stores, organization: number): Promise<void> {
  const current = basePolicy();
  const trials = whatIfTrials(stores, () => new Date(), {
    error: (fields) => process.stderr.write(`${JSON.stringify(fields)}\n`),
  });
  for (const [edit, [name, maxSeconds]] of (
    [
      ['what if, first', 300],
      ['what if, another number', 600],
    ] as const
  ).entries()) {
    const authored = { policy: 'base', version: 2, checks: { 'screen-lock': { idle: { maxSeconds } } } };
    const draft = extendPolicy(current, AuthoredPolicy.parse(authored));
    const before = performance.now();
    const { finished, judged, shifted } = await trials.look({ organization, current, draft, edit }, 60_000);
    if (!finished) throw new Error('the trial did not come to an end');
    const ms = performance.now() - before;
    const what = `${ms.toFixed(0)} ms; ${shifted.length.toLocaleString('en')} of ${judged.toLocaleString('en')} would change`;
    printRow(name, what, `at most ${whatIfBudgetMs} ms`, ms <= whatIfBudgetMs);
  }
  trials.stop();
}
