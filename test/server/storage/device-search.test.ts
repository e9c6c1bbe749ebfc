import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemWords } from '../../../server/review/system.ts';
import { countedAtMost } from '../../../server/storage/counted.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import type { Device, DeviceFilter } from '../../../server/storage/devices.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import type { Machine } from '../../../shared/machine.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';

const machines: readonly Machine[] = [
  { platform: 'darwin', osName: 'macos', osVersion: '26.1' },
  { platform: 'win32', osName: 'windows', osVersion: '10.0.26100' },
  { platform: 'linux', osName: 'ubuntu', osVersion: '24.04' },
  { platform: 'linux', osName: 'ubuntu', osVersion: '26.04' },
  { platform: 'linux', osName: 'Ünlü_OS', osVersion: '1%' },
];
const folder = mkdtempSync(join(tmpdir(), 'muster-search-'));
const at = new Date('2026-11-01T10:00:00Z');
let database: TestDatabase;
let stores: Stores;
let organization = 0;

beforeAll(async () => {
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
  const { publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const expiresAt = new Date(at.getTime() + 60_000);
  for (const [name, laptops] of Object.entries({ ours: 20, theirs: 5 })) {
    const given = { name, contact: '', policy: basePolicy() };
    const { number } = await stores.organizations.create(given, 'console', at);
    if (name === 'ours') organization = number;
    for (let made = 0; made < laptops; made += 1) {
      const token = { organization: number, owner: 'company' as const, expiresAt };
      const code = await stores.enrollments.create(token, 'console', at);
      const machine = machines[made % machines.length] as Machine;
      const enrolled = await stores.enrollments.enroll(
        { code, publicKey: x, agent: '0.1.0', machine, noticeVersion: '1' },
        at,
      );
      if (made % 7 === 6) await stores.devices.revoke(number, enrolled?.device ?? '', 'console', at);
    }
  }
});
afterAll(async () => {
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const everything: DeviceFilter = {
  search: '',
  state: null,
  platform: null,
  check: null,
  sort: 'device',
  descending: false,
};
const labels = (devices: readonly Device[]) => devices.map(({ label }) => label);

test('a search finds what pseudonyms and systems say, in capitals or not, of its organization alone', async () => {
  const all = await stores.devices.list(organization, everything, 100, 0);
  const retired = await stores.devices.list(organization, { ...everything, state: 'retired' }, 100, 0);
  expect([all.length, retired.length]).toEqual([18, 2]);
  const [{ label } = { label: '' }] = all;
  const searches = [
    'ubuntu',
    'UBUNTU 24',
    'a',
    '4',
    '%',
    '_',
    'nl',
    '\\',
    label,
    label.toLowerCase().slice(2, 6),
  ];
  expect(all.some(({ system }) => system === systemWords(machines[4] as Machine))).toBe(true);
  for (const search of searches) {
    const said = ({ label: name, system }: Device) =>
      `${name}\n${system}`.toLowerCase().includes(search.toLowerCase());
    for (const platform of [null, 'linux'] as const) {
      const filter = { ...everything, search, platform };
      const wanted = labels(
        all.filter((one) => said(one) && (platform === null || one.machine.platform === platform)),
      );
      expect(labels(await stores.devices.list(organization, filter, 100, 0)), search).toEqual(wanted);
      expect(labels(await stores.devices.after(organization, '', 100, filter)), search).toEqual(wanted);
      expect(await stores.devices.count(organization, filter), search).toBe(wanted.length);
    }
    const out = await stores.devices.list(organization, { ...everything, search, state: 'retired' }, 100, 0);
    expect(labels(out), search).toEqual(labels(retired.filter(said)));
  }
});

test('every order has the same laptops, the other way round where it descends', async () => {
  for (const sort of ['state', 'device', 'system', 'report'] as const) {
    const up = labels(await stores.devices.list(organization, { ...everything, sort }, 100, 0));
    const down = labels(
      await stores.devices.list(organization, { ...everything, sort, descending: true }, 100, 0),
    );
    expect(up.length).toBe(18);
    expect(down).toEqual(up.toReversed());
  }
});

test('what counters know is counted exactly', async () => {
  const { count } = stores.devices;
  expect(await count(organization)).toBe(18);
  expect(await count(organization, { ...everything, state: 'retired' })).toBe(2);
  const states = await stores.devices.stateCounts(organization);
  for (const state of ['failing', 'unknown', 'silent', 'compliant', 'on-leave'] as const) {
    const listed = await stores.devices.list(organization, { ...everything, state }, 100, 0);
    expect([await count(organization, { ...everything, state }), states[state]]).toEqual([
      listed.length,
      listed.length,
    ]);
  }
  expect(await count(organization, { ...everything, check: 'firewall' })).toBe(
    (await stores.devices.list(organization, { ...everything, check: 'firewall' }, 100, 0)).length,
  );
});

test('counting what a filter finds ends where there is more than anybody reads, and counters go on', async () => {
  const db = await openDatabase(database.address);
  const { number: _number, ...row } = await db
    .selectFrom('devices')
    .selectAll()
    .where('organization', '=', organization)
    .where('platform', '=', 'linux')
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirstOrThrow();
  for (let made = 0; made <= countedAtMost; made += 1) {
    const label = `D-COPY${String(made).padStart(4, '0')}`;
    await db
      .insertInto('devices')
      .values({ ...row, id: `copy-${made}`, label })
      .execute();
  }
  await db.destroy();
  const found = (search: string) =>
    stores.devices.count(organization, { ...everything, search, platform: 'linux' });
  expect(await found('copy000')).toBe(10);
  expect(await found('copy')).toBe(countedAtMost + 1);
  expect(await found('')).toBe(countedAtMost + 1);
  expect(await stores.devices.count(organization)).toBe(18);
});
