import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionCookie } from '../../server/caller.ts';
import type { RecordWrite } from '../../server/registers/record.ts';
import { newId } from '../../server/storage/ids.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import { basePolicy } from '../../shared/policy.ts';
import { CollectorProcess } from './collector-process.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';

let collector: SampleCollector;
let waiver: string;
let record: string;

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  waiver = await stores.waivers.request(
    organization.number,
    {
      scope: { kind: 'organization' },
      check: 'firewall',
      point: 'enabled',
      reason: 'The lab network filters in front of it.',
      control: '',
      startsAt: at,
      expiresAt: new Date(at.getTime() + 86_400_000),
    },
    'console',
    at,
  );
  record = newId(at);
  const write: RecordWrite = {
    title: 'The authority',
    state: 'current',
    closed: false,
    values: { name: 'The authority' },
    personal: undefined,
    links: [],
    dueAt: at,
    due: 'look again',
    missed: 0,
    closedAt: null,
    purgeAt: null,
    event: { action: 'create', changes: {} },
  };
  const by = { actor: 'console', person: 'console' } as const;
  const place = { id: record, organization: organization.number, register: 'contacts' };
  const made = await stores.records.insert(place, write, by, at);
  const event = { action: 'change', changes: {} };
  await stores.records.update(made, { ...write, title: 'An authority', event }, by, at);
  // A look at it is noted, too, and says nothing of what it is.
  await stores.audit.record(
    {
      organization: organization.number,
      actor: 'console',
      action: 'register.read-personal',
      subject: record,
    },
    at,
  );
});
afterAll(() => collector.close());

const altered = () => collector.stores.audit.altered();

/** What somebody with the database file in hand could do. */
function tamper(statement: string): void {
  const database = new DatabaseSync(join(collector.folder, 'collector.db'));
  try {
    database.exec(statement);
  } finally {
    database.close();
  }
}

test('what was published, decided and written down is as the audit log noted it', async () => {
  expect(await altered()).toEqual([]);
});

test.each([
  ['policy', 'policies', 'document', `replace(document, '"enforce"', '"advisory"')`],
  ['waiver', 'waivers', 'status', `'approved'`],
  ['waiver', 'waivers', 'subject', `'firewall'`],
  ['waiver', 'waivers', 'expires_at', 'expires_at + 86400000'],
  ['waiver', 'waivers', 'requested_by', `'user:somebody-else'`],
  ['record', 'register_records', 'state', `'closed'`],
  ['record', 'register_records', 'document', `replace(document, 'authority', 'authoritx')`],
  ['record', 'register_records', 'due_at', 'due_at + 1'],
  ['record', 'register_records', 'missed', '1'],
])('a %s changed behind its back shows: %s.%s', async (kind, table, column, value) => {
  tamper(`create table kept as select * from ${table}; update ${table} set ${column} = ${value}`);
  const id = { policy: '1', waiver, record }[kind];
  expect(await altered()).toEqual([
    { kind, organization: collector.organization.number, id, fault: 'altered' },
  ]);
  tamper(`update ${table} set ${column} = (select ${column} from kept); drop table kept`);
  expect(await altered()).toEqual([]);
});

test('the page of the log says what was changed, and of its own organization only', async () => {
  const { stores, organization } = collector;
  const at = new Date();
  const other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    at,
  );
  const user = await stores.users.create({ email: 'it@acme.example', name: 'IT' }, 'console', at);
  for (const { number } of [organization, other])
    await stores.users.grant(user, number, 'auditor', 'console', at);
  const cookie = `${sessionCookie}=${await stores.sessions.begin(user, 'link', at)}`;
  const page = async ({ id }: Organization) =>
    (
      await collector.app.inject({
        url: `/organizations/${id}/audit`,
        headers: { cookie, accept: 'text/html' },
      })
    ).body;
  expect(await page(organization)).toContain('Verified');
  tamper("update waivers set status = 'approved'");
  expect(await page(organization)).toContain(
    `Not as this log noted it, so changed from outside: waiver ${waiver}.`,
  );
  expect(await page(other)).toContain('Verified');
  tamper("update waivers set status = 'requested'");
});

test('a waiver that nobody ever noted shows, also where collector verify is asked', async () => {
  const forged = newId(new Date());
  tamper(`insert into waivers select '${forged}', organization, scope, target, device, subject, reason, control,
    requested_by, requested_at, 'approved', decided_by, decided_at, starts_at, expires_at, ends_at from waivers`);
  tamper(
    `update policies set document = document || ' ' where organization = ${collector.organization.number}`,
  );
  expect(await altered()).toEqual([
    { kind: 'policy', organization: collector.organization.number, id: '1', fault: 'altered' },
    { kind: 'waiver', organization: collector.organization.number, id: forged, fault: 'never-noted' },
  ]);
  const process = await CollectorProcess.at(collector.folder, { DATABASE_URL: collector.address });
  const { code, stdout } = await process.run(['verify']);
  expect(code).toBe(1);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'ALTERED CONTENT  policy version 1 of Acme is not what the audit log noted of it',
    `ALTERED CONTENT  waiver ${forged} of Acme is not in the audit log: nobody made it here`,
    '0 of 0 reports are broken evidence; 2 policies, waivers and records not as noted.',
  ]);
  tamper(`delete from waivers where id = '${forged}'; update policies set document = rtrim(document)`);
  expect(await altered()).toEqual([]);
});

test('an entry of the log that can no longer be read stops neither the page nor what is verified', async () => {
  const { stores, organization } = collector;
  tamper('create table kept as select * from audit');
  tamper("update audit set detail = '{' || detail where action = 'waiver.request'");
  const entries = await stores.audit.list(organization.number, undefined, 50);
  expect(entries.find(({ action }) => action === 'waiver.request')?.detail).toEqual({});
  const process = await CollectorProcess.at(collector.folder, { DATABASE_URL: collector.address });
  const { code, stdout } = await process.run(['verify']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^BROKEN AUDIT LOG {2}entry \d+ does not follow the one before it$/m);
  tamper('delete from audit; insert into audit select * from kept; drop table kept');
});

test('words that were erased on request, and a laptop that left, change nothing of it', async () => {
  tamper("update waivers set reason = 'Erased on request.', device = null");
  expect(await altered()).toEqual([]);
});

test('of what was noted longer ago than the log is kept nothing is said', async () => {
  await collector.stores.audit.record(
    { organization: null, actor: 'console', action: 'backup.create', subject: '' },
    new Date(Date.now() + 1_000),
  );
  await collector.stores.retention.purgeAudit(new Date(Date.now() + 500));
  expect(await altered()).toEqual([]);
});
