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
/** Tests that put others in the place of modules have them for themselves. */
const alone = testsThat('test/**/*.test.{ts,tsx}', (text) => /\bvi\.(doMock|mock)\(/.test(text));

if (!postgresIsHere) console.warn('PostgreSQL is not installed: the collector is tested on SQLite only.');

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'threads',
    // What all import is read once: for every file anew it would be a third of the time. No test may leave anything behind in a module.
    isolate: false,
    globalSetup: 'test/databases/run.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: alone,
          setupFiles: 'test/databases/refuse-scans.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: alone, isolate: true } },
      ...(postgresIsHere && onBoth.length > 0
        ? [
            {
              extends: true as const,
              test: {
                name: 'postgres',
                include: onBoth,
                env: { TEST_DATABASE: 'postgres' },
                setupFiles: 'test/databases/refuse-scans-postgres.ts',
              },
            },
          ]
        : []),
    ],
  },
});
