import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { newDatabase, onPostgres, type TestDatabase } from '../../databases/database.ts';

/** What the pages ask of PostgreSQL, as it was sent. */
const asked = new Set<string>();
const folder = mkdtempSync(join(tmpdir(), 'muster-plans-'));
const { query } = pg.Client.prototype;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
  await stores.organizations.create(
    { name: 'Acme', contact: '', policy: basePolicy() },
    'console',
    new Date(),
  );
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    if (/^select/i.test(text)) asked.add(text);
    return (query as (...given: unknown[]) => unknown).apply(this, given);
  } as never;
});
afterAll(async () => {
  pg.Client.prototype.query = query;
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(onPostgres)('every question about what grows has an index to answer it from', async () => {
  const { devices, findings, reports, policies, history, news, operation } = stores;
  const now = new Date();
  for (const sort of ['state', 'device', 'system', 'report'] as const) {
    for (const descending of [false, true]) {
      for (const check of [null, 'firewall']) {
        const filter = { search: '', state: 'failing' as const, platform: null, check, sort, descending };
        await devices.list(1, filter, 50, 0);
        await devices.list(1, { ...filter, state: null }, 50, 0);
        await devices.count(1, filter);
      }
    }
  }
  await devices.lastReportAt(1);
  await devices.byId(1, 'x');
  await devices.byLabel(1, 'x');
  await devices.sender('x');
  await findings.ofDevice(1, 1);
  await findings.broken(1, now, now, 20);
  await findings.timeline(1, 1, 20);
  await findings.due(now, 20);
  await reports.recent(1, 10, 20);
  await reports.following(1, 1, 20);
  await reports.bySequence(1, 1);
  await reports.strayCount(1);
  await policies.progress(1);
  await history.breakages(1, now, now);
  await history.fixTimes(1, now, now);
  await history.stateCounts(1, now);
  await history.pointsSince(1, now);
  await history.stateOf(1, 1, now);
  await history.ofDevice(1, 1, 20, undefined);
  await news.broken(0, now, 20);
  await news.stateChanges(0, 20);
  await operation.lastBackupAt();
  expect(asked.size).toBeGreaterThan(30);

  const client = new pg.Client({ connectionString: database.address });
  await client.connect();
  const through: string[] = [];
  try {
    // With nothing in them, reading through tables is cheapest: asked is whether it could be done otherwise.
    await client.query('set enable_seqscan = off; set plan_cache_mode = force_generic_plan');
    for (const text of asked) {
      const parameters = new Set(text.match(/\$\d+/g)).size;
      await client.query(`prepare asked as ${text}`);
      const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain execute asked${nulls === '' ? '' : `(${nulls})`}`,
      );
      await client.query('deallocate asked');
      for (const row of rows) {
        const step = row['QUERY PLAN'];
        if (
          /Seq Scan on (findings|reports|transitions|state_changes|stray_reports|devices|audit)\b/.test(step)
        ) {
          through.push(`${step.trim()}: ${text}`);
        }
      }
    }
  } finally {
    await client.end();
  }
  expect(through).toEqual([]);
});
