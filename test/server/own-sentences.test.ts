import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOrganization } from '../../server/statement.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { CollectorProcess } from './collector-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-sentences-'));
let collector: CollectorProcess;
let stores: Stores;

beforeAll(async () => {
  collector = await CollectorProcess.at(folder);
  const policy = file(
    'acme.yaml',
    'policy: acme\nversion: 1\nextends: kelia\nchecks:\n  wired-preferred:\n    wired: { mode: off }\n',
  );
  const done = await collector.run([
    'setup',
    '--organization',
    'Acme',
    '--admin',
    'it@acme.example',
    '--policy',
    policy,
  ]);
  expect(done.stdout, done.stderr).toContain('policy acme 1');
  stores = await openStores(`sqlite:${join(folder, 'collector.db')}`, folder);
}, 120_000);
afterAll(async () => {
  await stores?.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const sentences = (answers: string) => `
company: Acme
policy: acme
version: 1
jurisdictions: [ eu ]
chapters: { 1: Desks }
registers: {}
attestations: {}
gaps: [ The text names no time. ]
clauses:
  - id: ACM-1
    text: Screens lock
    answers: [ ${answers} ]
`;

const stated = async (at: Date) => {
  const [organization] = await stores.organizations.all();
  return (await stateOrganization(stores, organization?.number ?? 0, at, new Date())).clauses;
};

test('an organization brings the sentences of its own policy; a slip is named, a version kept', async () => {
  expect(await stated(new Date())).toEqual([]);
  const bring = (text: string) => collector.run(['clauses', '--file', file('acme.clauses.yaml', text)]);

  const slip = await bring(sentences('check:screen-lock/idel'));
  expect([slip.code, slip.stderr]).toEqual([
    64,
    expect.stringContaining('clauses/0/answers/0: nothing answers by the name check:screen-lock/idel'),
  ]);
  expect((await bring('a: [')).stderr).toContain('is not valid YAML');
  expect((await collector.run(['clauses'])).code).toBe(64);
  expect((await collector.run(['clauses', '--file', join(folder, 'nowhere.yaml')])).stderr).toContain(
    'could not open',
  );

  const kept = await bring(sentences('check:screen-lock/idle'));
  expect([kept.code, kept.stdout]).toEqual([0, 'Kept: 1 sentence of Acme, version 1, for Acme.\n']);
  const between = new Date();
  expect((await stated(between)).map(({ id, answers }) => [id, answers.length])).toEqual([['ACM-1', 1]]);

  const more = await bring(sentences('check:screen-lock/idle, check:wired-preferred/wired'));
  expect(more.stdout).toContain('version 2');
  expect(more.stdout).toContain(
    'ACM-1 rests on wired-preferred/wired, which the policy in force does not ask.',
  );
  expect((await stated(new Date())).map(({ answers }) => answers.length)).toEqual([2]);
  expect((await stated(between)).map(({ answers }) => answers.length)).toEqual([1]);
}, 60_000);
