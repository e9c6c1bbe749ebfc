import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../../server/storage/audit.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-measurements-'));
let database: TestDatabase;
let stores: Stores;
beforeAll(async () => {
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
});
afterAll(async () => {
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('decisions and the newest backup are told from the audit log, as of a moment', async () => {
  const start = Date.now();
  const at = (minutes: number) => new Date(start + minutes * 60_000);
  const { number } = await stores.organizations.create(
    { name: 'Acme', contact: '', policy: basePolicy() },
    'console',
    at(0),
  );
  const note = (organization: number | null, action: string, actor: Actor, minutes: number) =>
    stores.audit.record({ organization, actor, action: action as never, subject: 'x' }, at(minutes));
  await note(null, 'backup.create', 'console', 1);
  await note(number, 'device.revoke', 'user:a', 2);
  await note(number, 'waiver.approve', 'collector', 3);
  await note(null, 'backup.create', 'console', 4);
  await note(null, 'backup.restore', 'console', 5);
  await note(number, 'device.look', 'user:a', 6);
  await note(number, 'waiver.refuse', 'user:b', 7);

  expect(await stores.measurements.read(number, at(8))).toMatchObject({
    decisions: 3,
    decisionsByCollector: 1,
    backupMadeAt: at(4),
    backupVerifiedAt: at(5),
    statedAt: null,
  });
  expect(await stores.measurements.read(number, at(3))).toMatchObject({
    decisions: 2,
    decisionsByCollector: 1,
    backupMadeAt: at(1),
    backupVerifiedAt: null,
  });
});
