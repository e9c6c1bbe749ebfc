import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { postgresIsHere } from './test/databases/postgres-cluster.ts';

const root = import.meta.dirname;

/** The text of a test, and of what it imports from beside it. */
function textOf(path: string, seen = new Set<string>()): string {
  if (seen.has(path)) return '';
  seen.add(path);
  const text = readFileSync(join(root, path), 'utf8');
  const beside = [...text.matchAll(/ from '(\.[^']+)'/g)]
    .map(([, to = '']) => join(dirname(path), to))
    .filter((imported) => imported.startsWith('test/server/'));
  return [text, ...beside.map((imported) => textOf(imported, seen))].join('\n');
}

const testsThat = (pattern: string, are: (text: string) => boolean) =>
  globSync(pattern, { cwd: root }).filter((path) => are(textOf(path)));

/** Tests of the collector with a real database run once with each; but for those that open SQLite's file themselves. */
const onBoth = testsThat(
  'test/server/**/*.test.{ts,tsx}',
  (text) => text.includes('newDatabase(') && !text.includes('node:sqlite'),
);
const everything = testsThat('test/**/*.test.{ts,tsx}', () => true);
/** Tests that put others in the place of modules have them for themselves. */
const alone = testsThat('test/**/*.test.{ts,tsx}', (text) => /\bvi\.(doMock|mock)\(/.test(text));

if (!postgresIsHere) console.warn('PostgreSQL is not installed: the collector is tested on SQLite only.');

interface Run {
  readonly name: string;
  readonly tests: readonly string[];
  readonly setupFiles: string;
  readonly env: Record<string, string>;
}

const runs: readonly Run[] = [
  { name: 'all', tests: everything, setupFiles: 'test/databases/refuse-scans.ts', env: {} },
  {
    name: 'postgres',
    tests: postgresIsHere ? onBoth : [],
    setupFiles: 'test/databases/refuse-scans-postgres.ts',
    env: { TEST_DATABASE: 'postgres' },
  },
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'threads',
    globalSetup: 'test/databases/run.ts',
    projects: runs.flatMap(({ name, tests, ...test }) =>
      [
        // What all import is read once: for every file anew it would be a third of the time. No test may leave anything behind in a module.
        { name, include: tests.filter((path) => !alone.includes(path)), isolate: false },
        { name: `${name} alone`, include: tests.filter((path) => alone.includes(path)), isolate: true },
      ]
        .filter(({ include }) => include.length > 0)
        .map((one) => ({ extends: true as const, test: { ...one, ...test } })),
    ),
  },
});
