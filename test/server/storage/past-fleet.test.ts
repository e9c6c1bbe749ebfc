import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';
import { sampleMachine } from '../sample-device.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-history-'));
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

test('a fleet of more laptops than are read at a time is looked back at whole, each laptop once', async () => {
  const at = new Date('2026-11-01T10:00:00Z');
  const { publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const organizationOf = async (laptops: number) => {
    const given = { name: `Of ${laptops}`, contact: '', policy: basePolicy() };
    const { number: organization } = await stores.organizations.create(given, 'console', at);
    const expiresAt = new Date(at.getTime() + 60_000);
    for (let made = 0; made < laptops; made += 1) {
      const code = await stores.enrollments.create(
        { organization, owner: 'company', expiresAt },
        'console',
        at,
      );
      const asked = { code, publicKey: x, agent: '0.1.0', machine: sampleMachine, noticeVersion: '1' };
      await stores.enrollments.enroll(asked, at);
    }
    return organization;
  };
  const [organization] = [await organizationOf(2_001), await organizationOf(3)];
  const fleet = await stores.history.fleet(organization, at);
  expect(fleet.length).toBe(2_001);
  expect(new Set(fleet.map(({ number }) => number)).size).toBe(2_001);
  expect((await stores.history.fleet(organization, new Date(at.getTime() - 1))).length).toBe(0);
}, 120_000);
