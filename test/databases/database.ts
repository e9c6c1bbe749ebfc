import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { addressOf, asAdministrator, startCluster } from './postgres-cluster.ts';
import './run.ts';

/** Which database this run of a test file is about; `vitest.config.ts` runs the collector's tests once with each. */
export const onPostgres: boolean = process.env['TEST_DATABASE'] === 'postgres';

export interface TestDatabase {
  /** What DATABASE_URL would say. */
  readonly address: string;
  /** Removes it with everything in it. */
  drop(): Promise<void>;
  /** Cuts every connection to it, as a restart of the database does; on SQLite there are none. */
  cut(): Promise<void>;
}

/** An empty database of the kind this run is about; on SQLite it is `collector.db` in a folder that exists. */
export const newDatabase = (folder: string): Promise<TestDatabase> =>
  onPostgres ? newPostgres() : newSqlite(folder);

async function newSqlite(folder: string): Promise<TestDatabase> {
  const path = join(folder, 'collector.db');
  return {
    address: `sqlite:${path}`,
    cut: async () => {},
    async drop() {
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    },
  };
}

async function newPostgres(): Promise<TestDatabase> {
  const folder = inject('clusterFolder');
  await startCluster(folder);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator(folder, `create database ${name}`);
  return {
    address: addressOf(folder, name),
    drop: () => asAdministrator(folder, `drop database if exists ${name} with (force)`),
    cut: () =>
      asAdministrator(
        folder,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      ),
  };
}
