import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../server/app.ts';
import { sessionCookie } from '../../server/caller.ts';
import { reportReceiver } from '../../server/ingest/receive.ts';
import { whatIfTrials } from '../../server/ingest/what-if.ts';
import { addresses } from '../../server/pages/addresses.ts';
import { clauseAddresses } from '../../server/pages/clauses/addresses.ts';
import { sections } from '../../server/pages/sections.ts';
import { createCollectorKey, readCollectorKey } from '../../server/signing/collector-key.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { presets } from '../../shared/policies/index.ts';
import { AuthoredPolicy, extendPolicy, type Policy } from '../../shared/policy.ts';
import { addressOf, postgresIsHere, startCluster, stopCluster } from '../databases/postgres-cluster.ts';
import type { SampleDevice } from '../server/sample-device.ts';
import { median, printRow, quantile } from './measure.ts';
import { multiplyFleet } from './multiply-fleet.ts';
import { slowQueries, timeQueries } from './query-times.ts';
import { reportsBeside } from './reports-beside.ts';
import { sampleFleetFacts, seeded, seedFleet, withFirewall } from './sample-fleet.ts';

/** Server time of a page, p95, by how many devices there are. */
const budgets = new Map([
  [10_000, 30],
  [100_000, 100],
]);
/** What is computed anew from stored facts. */
const computedMs = 2_000;
const queryMs = 20;
const rounds = 40;
const roundsAlone = 10;
/** Between two requests. */
const pauseMs = 20;
/** So long the trials of drafts take, about. */
const whatIfSeconds = 10;
/** Up to so many devices are really enrolled and really report, as trials of drafts need it. */
const allReal = 10_000;
/** Of more, so many; the others are copies of them. */
const templates = 1_000;
/** What comes in beside the pages, of the most that the collector takes. */
const share = 0.25;

/** `BENCH_DEVICES=10000` and `BENCH_DATABASES=sqlite` for a part of it. */
const list = (name: string, all: string) => (process.env[name] ?? all).split(',');

/** How long the server takes for every page a contractor opens, on both databases, while reports come in. */
export async function benchPages(): Promise<void> {
  timeQueries();
  for (const count of list('BENCH_DEVICES', '10000,100000').map(Number)) {
    for (const kind of list('BENCH_DATABASES', 'sqlite,postgres')) await benchOne(kind, count);
  }
}

async function benchOne(kind: string, count: number): Promise<void> {
  // In memory where that is possible: what is measured is reading, and seeding would wait for the disk.
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(root, 'muster-bench-'));
  const cluster = mkdtempSync(join(root, 'muster-bench-postgres-'));
  createCollectorKey(folder);
  if (kind === 'postgres' && !postgresIsHere) {
    process.stdout.write('PostgreSQL is not installed here.\n');
    return;
  }
  if (kind === 'postgres') await startCluster(cluster);
  const address =
    kind === 'postgres' ? addressOf(cluster, 'postgres') : `sqlite:${join(folder, 'collector.db')}`;
  const stores = await openStores(address, folder);
  const app = await buildApp({ stores, collectorKey: readCollectorKey(folder), logLevel: 'silent' });
  try {
    const at = new Date();
    const given = { name: 'Sample', contact: 'it@sample.example', policy: writtenPolicy() };
    const organization = await stores.organizations.create(given, 'console', at);
    const startedAt = performance.now();
    const real = count <= allReal ? count : templates;
    const devices = await seedFleet(stores, organization, real, seeded(templates));
    await changeHalf(stores, devices, at);
    await multiplyFleet(address, real, count / real);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { bytes } = await stores.operation.figures(at);
    process.stdout.write(
      `Pages with ${count.toLocaleString('en')} devices on ${kind} (made in ${seconds.toFixed(0)} s, ${(bytes / 2 ** 20).toFixed(0)} MiB), server time of ${rounds} requests, of those over 100 ms of 10 and over 500 ms of 3\n`,
    );
    await app.listen({ host: '127.0.0.1', port: 0 });
    await measurePages({ app, stores, organization, devices, at, count });
  } finally {
    await app.close();
    await stores.close();
    await stopCluster(cluster);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A policy with a text behind it, so that there are sentences to state. */
function writtenPolicy(): Policy {
  const preset = presets.find(({ id }) => id === 'kelia');
  if (preset === undefined) throw new Error('there is no such policy');
  return preset.policy;
}

/** Half of the fleet changes in one point, so that there is something to tell. */
async function changeHalf(stores: Stores, devices: readonly SampleDevice[], at: Date): Promise<void> {
  const receive = reportReceiver(stores);
  const group = [];
  for (const [index, device] of devices.entries()) {
    if (index % 2 === 0 || device.sequence === 0) continue;
    const facts = sampleFleetFacts(seeded(index), device.machine);
    group.push(await receive(device.full(withFirewall(facts, index % 4 === 1 ? 'off' : 'on')), at));
    if (group.length === 200) await stores.ingest.keep(group.splice(0));
  }
  await stores.ingest.keep(group);
}

async function measurePages(given: {
  readonly app: FastifyInstance;
  readonly stores: Stores;
  readonly organization: Organization;
  readonly devices: readonly SampleDevice[];
  readonly at: Date;
  readonly count: number;
}): Promise<void> {
  const { app, stores, organization, devices, at, count } = given;
  const budgetMs = budgets.get(count) ?? 100;
  const user = await stores.users.create({ email: 'it@sample.example', name: 'Sample' }, 'console', at);
  for (const role of ['admin', 'contractor'] as const) {
    await stores.users.grant(user, organization.number, role, 'console', at);
  }
  const cookie = `${sessionCookie}=${await stores.sessions.begin(user, 'link', at)}`;
  const { id } = organization;
  const [device] = devices.filter(({ sequence }) => sequence > 1);
  const monthAgo = new Date(at.getTime() - 30 * 86_400_000).toISOString().slice(0, 10);
  const pages: Record<string, readonly [url: string, budget: number]> = {
    today: [addresses.today, budgetMs],
    ...Object.fromEntries(sections.map(({ id: name, address }) => [name, [address(id), budgetMs] as const])),
    'overview, page 20, by system': [addresses.organization(id, { page: 20, sort: 'system' }), budgetMs],
    'overview, by last report': [addresses.organization(id, { sort: 'report', descending: true }), budgetMs],
    'overview, failing firewall': [addresses.organization(id, { check: 'firewall' }), budgetMs],
    'overview, search': [addresses.organization(id, { search: 'ubuntu' }), budgetMs],
    'check firewall': [addresses.check(id, 'firewall'), budgetMs],
    device: [addresses.device(id, device?.id ?? ''), budgetMs],
    'device, history': [addresses.deviceHistory(id, device?.id ?? ''), budgetMs],
    'clauses as of a month ago': [clauseAddresses.clauses(id, { asOf: monthAgo }), computedMs],
    'check as of a month ago': [addresses.check(id, 'screen-lock', { asOf: monthAgo }), computedMs],
    'overview as of a month ago': [addresses.organization(id, { asOf: monthAgo }), computedMs],
    'check passing, page 5, Windows': [
      addresses.check(id, 'admin-rights', { status: 'pass', platform: 'win32', page: 5 }),
      budgetMs,
    ],
  };
  const open = async (url: string) => {
    const before = performance.now();
    const response = await app.inject({ url, headers: { cookie, accept: 'text/html' } });
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
    return performance.now() - before;
  };
  // Alone, by processor time: what else runs on the machine does not count.
  const cpu = new Map<string, number>();
  const alone = new Map<string, number>();
  const slow = new Map<string, ReturnType<typeof slowQueries>>();
  for (const [name, [url]] of Object.entries(pages)) {
    const long = (await open(url)) > 1_000;
    if (!long) for (let round = 0; round < 2; round += 1) await open(url);
    const times = long ? 1 : roundsAlone;
    slowQueries(0);
    const before = process.cpuUsage();
    const took: number[] = [];
    for (let round = 0; round < times; round += 1) took.push(await open(url));
    alone.set(name, median(took));
    const { user: own, system } = process.cpuUsage(before);
    cpu.set(name, (own + system) / 1_000 / times);
    slow.set(name, slowQueries(queryMs));
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const beside = await reportsBeside(port, devices, share);
  try {
    printRow('reports a second, one in four changed', `${beside.atMost.toFixed(0)} at most`);
    printRow('of these beside the pages', `${beside.perSecond.toFixed(0)} a second`);
    for (const [name, [url, budget]] of Object.entries(pages)) {
      const usual = alone.get(name) ?? 0;
      const wanted = usual > 500 ? 3 : usual > 100 ? 10 : rounds;
      const times: number[] = [];
      await beside.during((wanted * (2 * usual + pauseMs)) / 1_000, async () => {
        while (times.length < wanted) {
          // Whoever reads waits before the next click; meanwhile reports are kept.
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          times.push(await open(url));
        }
      });
      const late = quantile(times, 0.95);
      const figure = `${median(times).toFixed(1)} ms, p95 ${late.toFixed(1)}, cpu ${cpu.get(name)?.toFixed(1)}`;
      printRow(name, figure, `at most ${budget} ms`, late <= budget);
      for (const { ms, text } of slow.get(name) ?? []) {
        printRow('  a statement', `${ms.toFixed(0)} ms`, `at most ${queryMs} ms`, false);
        process.stdout.write(`    ${text.replaceAll(/\s+/g, ' ').slice(0, 300)}\n`);
      }
    }
    const { policy } = await stores.organizations.policy(organization.number);
    await beside.during(whatIfSeconds, () =>
      benchWhatIf(stores, organization.number, policy, count <= allReal ? computedMs : undefined),
    );
    printRow('reports that came in beside', `${beside.came().toFixed(0)} a second`);
  } finally {
    beside.stop();
  }
}

/**
 * A draft tried on the whole fleet while reports come in: as a person does it, who reads the draft for two seconds before asking; at
 * once after it was saved; and another number while the facts are at hand. What is told is how long that person waits.
 */
async function benchWhatIf(
  stores: Stores,
  organization: number,
  current: Policy,
  budgetMs: number | undefined,
): Promise<void> {
  const begin = () =>
    whatIfTrials(stores, () => new Date(), {
      error: (fields) => process.stderr.write(`${JSON.stringify(fields)}\n`),
    });
  let trials = begin();
  const steps = [
    ['what if, two seconds after it was saved', 300, 2_000],
    ['what if, at once', 300, 0],
    ['what if, another number', 600, 0],
  ] as const;
  for (const [edit, [name, maxSeconds, readMs]] of steps.entries()) {
    if (edit === 1) {
      // Nothing is at hand again.
      trials.stop();
      trials = begin();
    }
    const checks = { 'screen-lock': { idle: { maxSeconds } } };
    const authored = { policy: current.id, version: current.version + 1, checks };
    const draft = extendPolicy(current, AuthoredPolicy.parse(authored));
    const trial = { organization, current, draft, edit };
    const turns = monitorEventLoopDelay({ resolution: 1 });
    turns.enable();
    const used = process.cpuUsage();
    trials.begin(trial);
    await new Promise((resolve) => setTimeout(resolve, readMs));
    const before = performance.now();
    const { finished, judged, shifted } = await trials.look(trial, 60_000);
    const ms = performance.now() - before;
    const { user, system } = process.cpuUsage(used);
    const figure = `${ms.toFixed(0)} ms, cpu ${((user + system) / 1_000).toFixed(0)}`;
    const what = finished ? name : `${name}, given up`;
    if (budgetMs === undefined) printRow(what, figure);
    else printRow(what, figure, `at most ${budgetMs} ms`, finished && ms <= budgetMs);
    process.stdout.write(
      `    ${shifted.length.toLocaleString('en')} of ${judged.toLocaleString('en')} would change; event loop turn p99 ${(turns.percentile(99) / 1e6).toFixed(0)} ms\n`,
    );
    turns.disable();
  }
  trials.stop();
}
