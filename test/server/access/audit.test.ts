import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditActions } from '../../../server/audit-actions.ts';
import { sessionCookie } from '../../../server/caller.ts';
import { formatAuditQuery, parseAuditQuery } from '../../../server/pages/audit/addresses.ts';
import { sentenceOf } from '../../../server/pages/audit/sentence.ts';
import { detailsInWords } from '../../../server/routes/pages/audit/detail-words.ts';
import type { AuditEntry } from '../../../server/storage/audit.ts';
import type { User } from '../../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import type { SampleDevice } from '../sample-device.ts';
import { Visitor } from '../visitor.ts';

const root = join(import.meta.dirname, '../../..');

describe('the words of the log', () => {
  const sources = readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && name !== 'audit-actions.ts')
    .map((name) => readFileSync(join(root, 'server', name), 'utf8'))
    .join('\n');

  it.each(Object.keys(auditActions))('%s is used somewhere, and reads as a sentence', (action) => {
    const [noun = ''] = action.split('.');
    expect(sources.includes(`'${action}'`) || sources.includes(`\`${noun}.\${`), action).toBe(true);
    const { parts } = sentenceOf(action, { name: 'D-7K3F9Q2M' }, {});
    const sentence = parts.map(({ text }) => text).join('');
    expect(sentence).toMatch(/^[a-z]/);
    expect(sentence).not.toMatch(/[{}.]|\s{2}/);
  });

  it('tells an action of a newer collector as it stands', () => {
    expect(sentenceOf('device.teleport', undefined, { to: 'Mars' })).toEqual({
      parts: [{ text: 'device.teleport' }],
      rest: ['to Mars'],
    });
  });

  it.each([
    [1, 'exported 1 record of the register “Contacts”'],
    [3, 'exported 3 records of the register “Contacts”'],
  ])('counts %i in words that fit', (records, sentence) => {
    const { parts, rest } = sentenceOf('register.export', undefined, { records, register: 'Contacts' });
    expect(parts.map(({ text }) => text).join('')).toBe(sentence);
    expect(rest).toEqual([]);
  });

  it('says of which day an export was', () => {
    const { rest } = sentenceOf('clauses.export', undefined, { format: 'CSV', asOf: '2026-11-21' });
    expect(rest).toEqual(['as of 2026-11-21']);
  });

  it('is put together of subject and details, and leaves the rest beside', () => {
    const { parts, rest } = sentenceOf(
      'membership.grant',
      { name: 'Sipho', address: '/x' },
      { role: 'auditor', until: '2026-12-31' },
    );
    expect(parts).toEqual([
      { text: 'gave ' },
      { text: 'Sipho', address: '/x' },
      { text: ' the role ' },
      { text: 'auditor' },
    ]);
    expect(rest).toEqual(['until 2026-12-31']);
  });
});

describe('what the log keeps as an id', () => {
  const at = new Date('2026-11-21T08:00:00Z');
  const words = (detail: NonNullable<AuditEntry['detail']>) => detailsInWords({ detail, at });

  it('is called by its title', () => {
    expect(words({ about: 'firewall/enabled' })).toEqual({ about: 'Firewall: switched on' });
    expect(words({ about: 'removable-media/approved/m3fa2b1c8d4e5' })['about']).toContain('m3fa2b1c8d4e5');
    expect(words({ register: 'breaches', state: 'reported', document: 'authority-notice' })).toEqual({
      register: 'Breaches',
      state: 'Reported',
      document: 'Notice to the authority',
    });
    expect(words({ class: 'results', deleted: 3 })).toEqual({ class: 'Signed reports', deleted: 3 });
    expect(words({ format: 'pdf', asOf: null })).toEqual({ format: 'PDF', asOf: null });
    expect(words({ statement: 'A-clear-desk', people: 4 })).toEqual({ statement: 'Clear desk', people: 4 });
  });

  it('stays as it is where nothing of that id is known any more, and where nothing is an id', () => {
    const unknown = {
      export: 'hologram',
      about: '2099-01',
      register: 'seances',
      step: 'levitate',
      class: 'x',
    };
    expect(words(unknown)).toEqual({ ...unknown, about: 'about 2099-01' });
    expect(words({ role: 'auditor', until: '2026-12-31', required: true })).toEqual({
      role: 'auditor',
      until: '2026-12-31',
      required: true,
    });
  });
});

describe('the address of a view', () => {
  it('is read back as it was written, and never trusted', () => {
    const query = parseAuditQuery({
      actor: 'console',
      kind: 'sign-in',
      device: 'd-7k3f9q2m',
      from: '2026-11-01',
      to: '2026-11-21',
      before: '99',
    });
    expect(parseAuditQuery(Object.fromEntries(new URLSearchParams(formatAuditQuery(query))))).toEqual(query);
    expect(query.device).toBe('D-7K3F9Q2M');
    expect(
      formatAuditQuery(
        parseAuditQuery({ actor: 'x', kind: 'y', device: 'z', from: '2026-13-45', to: ['a'], before: '-1' }),
      ),
    ).toBe('');
  });
});

describe('the log of an organization', () => {
  const start = new Date('2026-11-01T08:00:00Z');
  let collector: SampleCollector;
  let clock: Date;
  let naledi: User;
  let admin: Visitor;
  let device: SampleDevice;
  let audit: string;

  beforeEach(async () => {
    collector = await startCollector();
    clock = start;
    collector.clock = () => clock;
    const { stores, organization } = collector;
    naledi = await stores.users.create({ email: 'naledi@it.example', name: 'Naledi Dube' }, 'console', clock);
    await stores.users.grant(naledi, organization.number, 'admin', 'console', clock);
    admin = new Visitor(collector.url);
    admin.cookies.set(sessionCookie, await stores.sessions.begin(naledi, 'link', clock));
    device = await collector.device();
    audit = `/organizations/${organization.id}/audit`;
  });
  afterEach(() => collector.close());

  const sentences = (page: string) =>
    [...page.matchAll(/<td class="whole">(.*?)<\/td>/g)].map(([, cell]) =>
      (cell ?? '').replaceAll(/<span class="under">.*?<\/span>/g, '').replaceAll(/<[^>]+>/g, ''),
    );
  const labelOf = async () =>
    (await collector.stores.devices.byId(collector.organization.number, device.id))?.label ?? '';

  it('says in sentences who did what and who looked at what', async () => {
    const label = await labelOf();
    await admin.get(`/organizations/${collector.organization.id}/devices/${device.id}`);
    await admin.get(`/organizations/${collector.organization.id}/people`);
    const told = sentences((await admin.get(audit)).page);
    expect(told).toContain(`Naledi Dube looked at ${label}`);
    expect(told).toContain('Naledi Dube looked at who has access');
    expect(told).toContain('Naledi Dube signed in by link');
    expect(told).toContain('Somebody at the collector’s terminal gave Naledi Dube the role admin');
    expect(told).toContain(`${label} joined the fleet`);
    // Looking at the log is itself in the log.
    expect(sentences((await admin.get(audit)).page)[0]).toBe('Naledi Dube read the audit log');
  });

  it('says what was downloaded, of whom or of when, as people call it', async () => {
    const home = `/organizations/${collector.organization.id}`;
    const label = await labelOf();
    await admin.get(`${home}/reports/2026-10/report-csv`);
    await admin.get(`${home}/reports/2026-Q4/report-csv`);
    await admin.get(`${home}/exports/findings-csv?asOf=2026-10-31`);
    await admin.get(`/api/v1${home}/exports/findings-csv`);
    await admin.get(`${home}/devices/${device.id}/exports/fact-sheet-pdf`);
    await admin.get(`${home}/registers/suppliers/export.csv`);
    expect(
      sentences((await admin.get(audit)).page)
        .slice(0, 6)
        .toReversed(),
    ).toEqual([
      'Naledi Dube downloaded the report (CSV) for October 2026',
      'Naledi Dube downloaded the report (CSV) for the fourth quarter of 2026',
      'Naledi Dube downloaded every finding (CSV) as of 31 October 2026',
      'Naledi Dube downloaded every finding (CSV) as of that moment',
      `Naledi Dube downloaded the fact sheet (PDF) about ${label}`,
      'Naledi Dube exported 0 records of the register “Suppliers and cloud services”',
    ]);
  });

  it('is narrowed by who, what, laptop and day', async () => {
    const label = await labelOf();
    const address = `/organizations/${collector.organization.id}/devices/${device.id}`;
    await admin.get(address);
    clock = new Date('2026-11-01T09:30:00Z');
    await admin.get(address);
    const asked = async (query: string) => sentences((await admin.get(`${audit}?${query}`)).page);
    expect(await asked(`device=${label.toLowerCase()}`)).toHaveLength(3);
    expect(await asked('device=D-00000000')).toEqual([]);
    for (const sentence of await asked('actor=console'))
      expect(sentence).toMatch(/^Somebody at the collector/);
    for (const sentence of await asked(`actor=user:${naledi.id}`)) expect(sentence).toMatch(/^Naledi Dube/);
    expect(await asked('kind=sign-in')).toEqual(['Naledi Dube signed in by link']);
    expect(await asked(`kind=devices&actor=user:${naledi.id}`)).toEqual([
      `Naledi Dube looked at ${label}`,
      `Naledi Dube looked at ${label}`,
    ]);
    expect((await asked('from=2026-11-01&to=2026-11-01')).length).toBeGreaterThan(4);
    expect(await asked('from=2999-01-01')).toEqual([]);
    expect(await asked('to=2026-10-31')).toEqual([]);
  });

  it('is paged by the address, without gaps and without doubles', async () => {
    const { stores, organization } = collector;
    for (let index = 0; index < 120; index += 1) {
      await stores.audit.record(
        { organization: organization.number, actor: 'console', action: 'people.view', subject: '' },
        clock,
      );
    }
    const numbers: number[] = [];
    let next: string | undefined = `${audit}?kind=people&actor=console`;
    for (let pages = 0; next !== undefined && pages < 10; pages += 1) {
      const { page } = await admin.get(next);
      numbers.push(
        ...[...page.matchAll(/<td class="number muted">([\d,]+)<\/td>/g)].map(([, text]) => Number(text)),
      );
      next = /href="([^"]+)">Older/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    }
    // Beside them: the account that was made and the role it was given.
    expect(numbers).toHaveLength(121);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => b - a));
  });

  it('shows that the chain holds', async () => {
    expect((await admin.get(audit)).page).toContain('Verified');
    const { head, entries } = await collector.stores.audit.verify();
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    expect(entries).toBeGreaterThan(4);
  });

  it('is taken along as a table: the same entries, with their digests', async () => {
    const { stores, organization } = collector;
    for (let index = 0; index < 1_100; index += 1) {
      await stores.audit.record(
        { organization: organization.number, actor: 'console', action: 'people.view', subject: '=cmd()' },
        clock,
      );
    }
    const { response, page } = await admin.get(`${audit}.csv`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = page.trimEnd().split('\r\n');
    const entries = await stores.audit.list(organization.number, undefined, 5_000);
    expect(lines).toHaveLength(entries.length + 1);
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(
      entries.map(({ number }) => number),
    );
    expect(lines[1]).toContain('Naledi Dube,downloaded the audit log');
    expect(lines[1]).toContain(entries[0]?.digest);
    expect(lines[2]).toContain("'=cmd()");
    expect(page.split('\uFEFF')).toHaveLength(1);
  });

  it('is read by a program with a token, page by page', async () => {
    const { stores, organization, url } = collector;
    const expiresAt = new Date(clock.getTime() + 3_600_000);
    const given = {
      organization: organization.number,
      name: 'test',
      scopes: ['audit.read'] as const,
      expiresAt,
    };
    const { token } = await stores.apiTokens.create(given, naledi, clock);
    const before = await stores.audit.list(organization.number, undefined, 500);
    const numbers: number[] = [];
    let next: string | null = null;
    do {
      const response: Response = await fetch(
        `${url}/api/v1${audit}?limit=3${next === null ? '' : `&cursor=${next}`}`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      const page = (await response.json()) as { entries: { number: number }[]; next: string | null };
      numbers.push(...page.entries.map(({ number }) => number));
      next = page.next;
    } while (next !== null);
    expect(numbers).toEqual(before.map(({ number }) => number));
  });

  it('shows nothing of another organization', async () => {
    const { stores } = collector;
    await stores.audit.record(
      { organization: 999, actor: 'console', action: 'people.view', subject: 'theirs' },
      clock,
    );
    expect((await admin.get(`${audit}.csv`)).page).not.toContain('theirs');
  });
});
