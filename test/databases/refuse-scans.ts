import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect } from 'vitest';
import { isExplained, namesOf, wide } from './growing-tables.ts';

/**
 * Asks SQLite how it will execute every statement that a test of the collector makes the stores send, and fails the test file where one
 * reads through a table that grows with the fleet. Also an index that only tells organizations apart reads all of one.
 */
const found = new Set<string>();
const seen = new Set<string>();
function explain(database: DatabaseSync, text: string): void {
  const names = namesOf(text);
  if (names.size === 0) return;
  const steps = prepare
    .call(database, `explain query plan ${text}`)
    .all(...Array.from(text.matchAll(/\?/g), () => 1)) as { detail: string }[];
  for (const { detail } of steps) {
    const [, how = '', name = '', by = ''] = /^(SCAN|SEARCH) (\S+)(?:.*\((.*)\))?/.exec(detail) ?? [];
    const table = names.get(name);
    if (table === undefined) continue;
    const onlyOrganization = wide.has(table) && /^organization=\?$/.test(by);
    if (how === 'SCAN' || onlyOrganization) found.add(`${detail}\n    ${text.replaceAll(/\s+/g, ' ')}`);
  }
}

const { exec, prepare } = DatabaseSync.prototype;
/** Connections that the stores opened: they all set this. */
const ofStores = new WeakSet<DatabaseSync>();
const path = expect.getState().testPath ?? '';

if (isExplained(path)) {
  // What a test itself asks of the file is its own affair.
  DatabaseSync.prototype.exec = function (this: DatabaseSync, text: string) {
    if (text.includes('trusted_schema')) ofStores.add(this);
    exec.call(this, text);
  };
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, text: string, ...rest: []) {
    if (ofStores.has(this) && !seen.has(text)) {
      seen.add(text);
      explain(this, text);
    }
    return prepare.call(this, text, ...rest);
  };
  afterAll(() => {
    // The next test file is explained for itself.
    Object.assign(DatabaseSync.prototype, { exec, prepare });
    expect([...found], 'statements that read through a whole table').toEqual([]);
  });
}
