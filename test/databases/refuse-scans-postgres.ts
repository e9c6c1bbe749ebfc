import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { growing, isExplained, namesOf, wide } from './growing-tables.ts';
import { addressOf, asAdministrator, startCluster } from './postgres-cluster.ts';

/** The same of PostgreSQL as refuse-scans.ts of SQLite: every statement that a test makes the stores send is explained. */
const asked = new Set<string>();

/** A step of a plan, as far as it matters. */
interface Step {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Step[];
}

/** Columns of every index, in their order. */
type Indexes = ReadonlyMap<string, readonly string[]>;

/** The columns by which an index is searched: from the first on, as long as the condition names them. */
function searchedBy(columns: readonly string[], condition: string): readonly string[] {
  const end = columns.findIndex((column) => !new RegExp(`\\b${column}\\b`).test(condition));
  return end < 0 ? columns : columns.slice(0, end);
}

/** Tables that a plan reads through, and how. */
function scansOf(step: Step, indexes: Indexes): readonly string[] {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index = '' } = step;
  const found = (step.Plans ?? []).flatMap((next) => scansOf(next, indexes));
  if (!growing.includes(table)) return found;
  if (type === 'Seq Scan') return [...found, `Seq Scan on ${table}`];
  if (!/^Index (Only )?Scan$/.test(type)) return found;
  const by = searchedBy(indexes.get(index) ?? [], step['Index Cond'] ?? '');
  const onlyOrganization = wide.has(table) && by.length === 1 && by[0] === 'organization';
  return by.length === 0 || onlyOrganization
    ? [...found, `${type} of ${table} by ${index}(${by.join(', ')})`]
    : found;
}

/** Rows enough that the way to a few of them matters: two hundred organizations of ten laptops. */
const fill = `set session_replication_role = replica;
  insert into devices (number, id, organization, label, owner, public_key, enrolled_at, notice_version, platform, os_name, system,
    agent, sequence, clock_skew, judge_at, judged_version, state, failing, unknown, statuses, received_at)
  select n, 'device-' || n, n % 200, 'D-' || n, 'company', '', n, '1', 'linux', 'ubuntu', 'Ubuntu ' || n % 9, '1', 9, 0, n, 1, n % 5,
    '', '', '', n from generate_series(1, 2000) n;
  insert into findings (device, subject, organization, status, since)
  select d, 'check-' || s, d % 200, case when (d + s) % 9 = 0 then 'fail' else 'pass' end, d * s
  from generate_series(1, 2000) d, generate_series(1, 40) s;
  insert into transitions (organization, device, subject, before, after, at, observed, enforced)
  select n % 200, n % 2000, 'check-' || n % 37, 'pass', case when n % 2 = 0 then 'fail' else 'pass' end, n, '', n % 3 % 2
  from generate_series(1, 20000) n;
  insert into state_changes (organization, device, before, after, at)
  select n % 200, n % 2000, 0, 1, n from generate_series(1, 10000) n;
  insert into reports (device, sequence, received_at, facts_sequence, body)
  select d, s, s, 1, '' from generate_series(1, 2000) d, generate_series(1, 9) s;
  insert into stray_reports (device, sequence, received_at, digest, body)
  select n % 2000, n, n, sha256(n::text::bytea), '' from generate_series(1, 5000) n;
  insert into audit (number, at, organization, actor, action, subject, detail, previous, digest)
  select n, n, n % 200, 'user:' || n % 50, 'action-' || n % 60, 'device-' || n % 2000, '', '', '' from generate_series(1, 20000) n;
  analyze`;

/** A database with the collector's tables and rows in those that grow, made once a test run. */
async function filledDatabase(): Promise<string> {
  const folder = inject('clusterFolder');
  await startCluster(folder);
  const address = addressOf(folder, 'plans');
  const made = join(folder, 'plans-made');
  try {
    mkdirSync(join(folder, 'plans-making'));
  } catch {
    for (let tries = 0; !existsSync(made) && tries < 600; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return address;
  }
  await asAdministrator(folder, 'create database plans');
  await (await openDatabase(address)).destroy();
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(fill);
  await client.end();
  writeFileSync(made, '');
  return address;
}

/** No such table, no such column. */
const goneSince = new Set(['42P01', '42703']);

async function explainAll(texts: readonly string[]): Promise<readonly string[]> {
  if (texts.length === 0) return [];
  const client = new pg.Client({ connectionString: await filledDatabase() });
  await client.connect();
  const found: string[] = [];
  try {
    // In tables as small as these reading through is often cheapest: asked is whether it could be done otherwise.
    await client.query(`set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
      set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan`);
    const { rows: columns } = await client.query<{ index: string; columns: string[] }>(
      `select c.relname as index, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relkind = 'i' group by c.relname`,
    );
    const indexes = new Map(columns.map((row) => [row.index, row.columns]));
    for (const text of texts) {
      const parameters = new Set(text.match(/\$\d+/g)).size;
      try {
        await client.query(`prepare asked as ${text}`);
      } catch (error) {
        // A migration asked it of a table or a column that a later one took away.
        if (goneSince.has((error as { code?: string }).code ?? '')) continue;
        throw error;
      }
      const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
      const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ Plan: Step }] }>(
        `explain (format json) execute asked${nulls === '' ? '' : `(${nulls})`}`,
      );
      await client.query('deallocate asked');
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan === undefined) throw new Error('PostgreSQL explains nothing');
      found.push(...scansOf(plan, indexes).map((scan) => `${scan}\n    ${text.replaceAll(/\s+/g, ' ')}`));
    }
  } finally {
    await client.end();
  }
  return found;
}

const path = expect.getState().testPath ?? '';
if (isExplained(path)) {
  const asBefore = pg.Client.prototype.query;
  const query = asBefore as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function (
    this: pg.Client & { readonly connectionParameters: { readonly application_name?: string } },
    ...given: unknown[]
  ) {
    const [statement] = given as [string | { readonly text?: string }];
    const text = typeof statement === 'string' ? statement : (statement.text ?? '');
    // What a test itself asks is its own affair.
    const ofStores = this.connectionParameters.application_name === 'muster-collector';
    if (ofStores && namesOf(text).size > 0) asked.add(text);
    return query.apply(this, given);
  } as never;
  afterAll(async () => {
    // The next test file is explained for itself.
    pg.Client.prototype.query = asBefore;
    expect(await explainAll([...asked]), 'statements that read through a whole table').toEqual([]);
  });
}
