import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { postgresIsHere } from './test/databases/postgres-cluster.ts';

const testsThat = (pattern: string, are: (text: string) => boolean) =>
  globSync(pattern, { cwd: import.meta.dirname }).filter((path) =>
    are(readFileSync(`${import.meta.dirname}/${path}`, 'utf8')),
  );

/** Tests of the collector with a real database run once with each; but for those that open SQLite's file themselves. */
const onBoth = testsThat(
  'test/server/**/*.test.{ts,tsx}',
  (text) => /sample-collector|told-organization|newDatabase/.test(text) && !text.includes('node:sqlite'),
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
