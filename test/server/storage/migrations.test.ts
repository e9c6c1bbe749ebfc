import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { openStores } from '../../../server/storage/stores.ts';
import { CollectorProcess } from '../collector-process.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-migrations-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const shapeOf = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('select type, name, sql from sqlite_schema order by name').all();
  database.close();
  return rows;
};

/** Takes back what 0004-waivers does. */
const beforeWaivers = `drop table waiver_events; drop table waivers; alter table organizations drop column waiver_revision;
  create table waiver_requests (
    number integer primary key, id text not null unique, organization integer not null, device integer not null,
    subject text not null, reason text not null, requested_at integer not null, decided_at integer);
  delete from migrations where name = '0004-waivers'`;

test('a database is brought up to date once, and opening it again changes nothing', async () => {
  const path = join(newFolder(), 'collector.db');
  await (await openStores(`sqlite:${path}`)).close();
  const before = shapeOf(path);
  await (await openStores(`sqlite:${path}`)).close();
  expect(shapeOf(path)).toEqual(before);
});

test('several that start at once do it once, and all of them work', async () => {
  const folder = newFolder();
  const collector = await CollectorProcess.at(folder);
  const setup = ['setup', '--organization', 'Acme', '--admin', 'it@acme.example'];
  await collector.run(setup);
  const database = new DatabaseSync(join(folder, 'collector.db'));
  // Back to where a migration has not run, as an older collector left it.
  database.exec(beforeWaivers);
  database.close();
  const answers = await Promise.all(Array.from({ length: 4 }, () => collector.run(['status'])));
  expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual(answers.map(() => [0, '']));
});

/** Takes back what 0051-approvals does. */
const beforeApprovals = `drop index register_records_by_title; alter table devices drop column agreement;
  alter table devices drop column approval; delete from migrations where name = '0051-approvals'`;

test('what was approved for a laptop before its check looked at it counts in the newer one', async () => {
  const folder = newFolder();
  const path = join(folder, 'collector.db');
  const collector = await CollectorProcess.at(folder);
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  const database = new DatabaseSync(path);
  const record = (id: string, sequence: number, state: string, action: string) => `
    insert into register_records values ('${id}', 1, 'mobile-approvals', ${sequence}, 'D-1', '${state}', 0, 2,
      '{"content":"some","conditions":["locked"],"device":"D-1","until":"2027-06-30"}', 0, '', 0, 0, 'user:x', 0, null, null);
    insert into register_events values ('${id}', 2, 1, 'mobile-approvals', 1780272000000, 'user:x', '${action}', '${state}', 0, 0, 0, '{}');`;
  database.exec(`${beforeApprovals};
    insert into devices (number, id, organization, label, owner, public_key, enrolled_at, notice_version, platform, os_name,
        system, agent, sequence, clock_skew, judge_at, judged_version, state, failing, unknown, statuses)
      values (1, 'laptop', 1, 'D-1', 'company', x'00', 0, '1', 'linux', 'ubuntu', 'Ubuntu', '0.1.0', 0, 0, 9, 1, 2, '', '', '');
    ${record('given', 1, 'approved', 'approve')} ${record('refused', 2, 'refused', 'refuse')}`);
  database.close();
  const stores = await openStores(`sqlite:${path}`);
  expect(await stores.devices.byId(1, 'laptop')).toMatchObject({
    agreement: '',
    approval: {
      basis: 'approval',
      since: '2026-06-01',
      until: '2027-06-30',
      withdrawn: false,
      conditions: ['locked'],
    },
  });
  await stores.close();
});

test('what staff asked an older collector for is waiting in the newer one', async () => {
  const folder = newFolder();
  const path = join(folder, 'collector.db');
  const collector = await CollectorProcess.at(folder);
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  const database = new DatabaseSync(path);
  database.exec(`${beforeWaivers};
    insert into devices (number, id, organization, label, owner, public_key, enrolled_at, notice_version, platform, os_name,
        system, agent, sequence, clock_skew, judge_at, judged_version, state, failing, unknown, statuses)
      values (1, 'laptop', 1, 'D-1', 'company', x'00', 0, '1', 'linux', 'ubuntu', 'Ubuntu', '0.1.0', 0, 0, 0, 1, 2, '', '', '');
    insert into waiver_requests values (1, 'asked', 1, 1, 'firewall/enabled', 'It breaks the printer.', 5, null)`);
  database.close();
  const stores = await openStores(`sqlite:${path}`);
  expect(await stores.waivers.waiting(1, 10)).toMatchObject([
    {
      id: 'asked',
      check: 'firewall',
      point: 'enabled',
      scope: { kind: 'device', device: 'laptop' },
      requestedBy: 'device:laptop',
      requestedAt: new Date(5),
    },
  ]);
  expect(await stores.waivers.history(1, 'asked')).toHaveLength(1);
  await stores.close();
});

test('a database that a newer collector has changed is left alone, in words', async () => {
  const folder = newFolder();
  const collector = await CollectorProcess.at(folder);
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  const database = new DatabaseSync(join(folder, 'collector.db'));
  database.exec("insert into migrations values ('9999-of-tomorrow', 0)");
  database.close();
  const { code, stderr } = await collector.run(['serve']);
  expect(code).toBe(78);
  expect(stderr).toContain('newer collector');
});

test('what is committed is on the disk: write-ahead log, every commit flushed, foreign keys held', async () => {
  const path = join(newFolder(), 'collector.db');
  const executed: string[] = [];
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    executed.push(sql);
    exec.call(this, sql);
    if (sql.includes('synchronous')) {
      expect(this.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 });
      expect(this.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
      expect(this.prepare('pragma foreign_keys').get()).toMatchObject({ foreign_keys: 1 });
    }
  };
  try {
    await (await openStores(`sqlite:${path}`)).close();
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
  expect(executed.join()).toContain('synchronous');
});
