import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { postgresIsHere } from './test/databases/postgres-cluster.ts';

/** Tests of the collector with a real database run once with each; but for those that open SQLite's file themselves. */
const onBoth = globSync('test/server/**/*.test.{ts,tsx}', { cwd: import.meta.dirname }).filter((path) => {
  const text = readFileSync(`${import.meta.dirname}/${path}`, 'utf8');
  return /sample-collector|told-organization|newDatabase/.test(text) && !text.includes('node:sqlite');
});

if (!postgresIsHere) console.warn('PostgreSQL is not installed: the collector is tested on SQLite only.');

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'threads',
    globalSetup: 'test/databases/run.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.{ts,tsx}'],
          setupFiles: 'test/databases/refuse-scans.ts',
        },
      },
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
