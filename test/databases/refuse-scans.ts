import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect } from 'vitest';

/**
 * Asks SQLite how it will execute every statement that a test of the collector makes the stores send, and fails the test file where one
 * reads through a table that grows with the fleet. Also an index that only tells organizations apart reads all of one.
 */
const growing = ['findings', 'reports', 'stray_reports', 'transitions', 'state_changes', 'audit', 'devices'];
/** These are searched by more than the organization. */
const wide = new Set(['findings', 'reports', 'stray_reports', 'transitions', 'state_changes']);

/** What nobody waits for: everything is meant. The reason stands behind each. */
const meant: readonly RegExp[] = [
  // From the end of the table, and only so many.
  /^select "number", "digest" from "audit" order by "number" desc limit \?$/,
  // `collector verify` goes through all evidence.
  /^select "devices"."number", "devices"."id", .*"report_floors"."previous" from "devices" left join/,
  // Once a night, up to the first entry that is young enough, and the very first.
  /^select "number" from "audit" where "at" >= \? order by "number" limit \?$/,
  /^select "at" from "audit" order by "number" limit \?$/,
];

const found = new Set<string>();
const seen = new Set<string>();
const explaining = /^\s*(select|update|delete|insert into \S+ \([^)]*\)\s*select|with)\b/i;

/** The tables a statement names, by the name the plan will call them. */
function namesOf(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, table = '', alias] of text.matchAll(
    /\b(?:from|join|update|into)\s+"?(\w+)"?(?:\s+(?:as\s+)?"?(?!where\b|on\b|inner\b|left\b|join\b|set\b|order\b|group\b|limit\b|select\b)(\w+)"?)?/gi,
  )) {
    if (growing.includes(table)) names.set(alias ?? table, table).set(table, table);
  }
  return names;
}

function explain(database: DatabaseSync, text: string): void {
  const names = namesOf(text);
  if (names.size === 0 || meant.some((pattern) => pattern.test(text))) return;
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

// A backup reads everything, and so do the tests that compare whole databases.
if (/\/test\/server\//.test(path) && !/backup|-kill|\/bench\//.test(path)) {
  // What a test itself asks of the file is its own affair.
  DatabaseSync.prototype.exec = function (this: DatabaseSync, text: string) {
    if (text.includes('trusted_schema')) ofStores.add(this);
    exec.call(this, text);
  };
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, text: string, ...rest: []) {
    if (ofStores.has(this) && explaining.test(text) && !seen.has(text)) {
      seen.add(text);
      explain(this, text);
    }
    return prepare.call(this, text, ...rest);
  };
  afterAll(() => {
    expect([...found], 'statements that read through a whole table').toEqual([]);
  });
}
