import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../server/permissions.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { clauseSetIds, clauseSetOf } from '../../../shared/policies/clause-sets.ts';
import { presets } from '../../../shared/policies/index.ts';
import { seedFleet } from '../../sample/seed.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';

let collector: SampleCollector;
const organizations = new Map<string, Organization>();
const sessions = new Map<string, { cookie: string; csrf: string }>();

async function signIn(role: Role): Promise<void> {
  const { stores } = collector;
  const now = new Date();
  const user = await stores.users.create(
    { email: `${role}@it.example`, name: `The ${role}` },
    'console',
    now,
  );
  for (const organization of organizations.values()) {
    await stores.users.grant(user, organization.number, role, 'console', now);
  }
  const cookie = await stores.sessions.begin(user, 'link', now);
  const session = await stores.sessions.find(cookie, now);
  sessions.set(role, { cookie, csrf: session?.csrf ?? '' });
}

beforeAll(async () => {
  collector = await startCollector();
  const now = new Date();
  for (const id of clauseSetIds) {
    const policy = presets.find((preset) => preset.id === id)?.policy;
    if (policy === undefined) throw new Error(id);
    const made = await collector.stores.organizations.create(
      { name: id, contact: 'it@example.com', policy },
      'console',
      new Date(now.getTime() - 100 * 86_400_000),
    );
    organizations.set(id, made);
    await seedFleet({ stores: collector.stores, organization: made, devices: 5, seed: 3, now });
  }
  for (const role of ['admin', 'contractor', 'manager', 'auditor', 'dpo'] as const) await signIn(role);
}, 120_000);
afterAll(() => collector.close());

const kelia = () => organizations.get('kelia') as Organization;

async function get(path: string, role: Role = 'auditor', organization = kelia()) {
  const response = await fetch(`${collector.url}/organizations/${organization.id}${path}`, {
    headers: { cookie: `muster_session=${sessions.get(role)?.cookie}`, accept: 'text/html' },
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function post(path: string, form: Record<string, string>, role: Role) {
  const session = sessions.get(role);
  const response = await fetch(`${collector.url}/organizations/${kelia().id}${path}`, {
    method: 'POST',
    headers: {
      cookie: `muster_session=${session?.cookie}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ csrf: session?.csrf ?? '', ...form }),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}

/** A table of CSV, as far as these tests need it: rows of cells. */
function cells(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push((quoted ?? plain ?? '').replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

describe('the statement of an organization with laptops', () => {
  test.each(clauseSetIds)('%s: page and table list every sentence', async (id) => {
    const organization = organizations.get(id) as Organization;
    const ids = clauseSetOf(id)?.clauses.map((clause) => clause.id) ?? [];
    const page = await get('/clauses', 'auditor', organization);
    expect(page.status).toBe(200);
    expect([...page.text.matchAll(/<tr id="([A-Z][^"]*)"/g)].map(([, clause]) => clause)).toEqual(ids);
    const table = await get('/clauses.csv', 'auditor', organization);
    expect([
      ...new Set(
        cells(table.text)
          .slice(1)
          .map(([clause]) => clause),
      ),
    ]).toEqual(ids);
  });

  test('counts laptops by what they said, with the number’s source', async () => {
    const page = await get('/clauses/KEL-22-l');
    expect(page.text).toMatch(/\d of 5 laptops pass/);
    expect(page.text).toContain('from our proposal; the text gives no number');
    expect(page.text).toContain(`/organizations/${kelia().id}/checks/screen-lock`);
  });

  test('is filtered by how it stands, by what answers it, by chapter and by words', async () => {
    const shown = async (query: string) =>
      [...(await get(`/clauses?${query}`)).text.matchAll(/<tr id="([A-Z][^"]*)"/g)].map(
        ([, clause]) => clause,
      );
    const all = clauseSetOf('kelia')?.clauses ?? [];
    expect(await shown('chapter=22')).toEqual(
      all.filter(({ id }) => id.startsWith('KEL-22-')).map(({ id }) => id),
    );
    expect(await shown('kind=attestation')).toEqual(
      all.filter(({ answers }) => answers.some(({ kind }) => kind === 'attestation')).map(({ id }) => id),
    );
    expect(await shown('search=fax')).toEqual(['KEL-22-f']);
    const evidenced = await shown('status=evidenced');
    const not = await shown('status=not-evidenced');
    expect(evidenced.length).toBeGreaterThan(0);
    expect(not.filter((clause) => evidenced.includes(clause))).toEqual([]);
    expect(await shown('search=nobody-writes-this')).toEqual([]);
  });

  test('of a day before the first report nothing is evidenced by laptops', async () => {
    const before = new Date(Date.now() - 95 * 86_400_000).toISOString().slice(0, 10);
    const then = await get(`/clauses/KEL-22-l?asOf=${before}`);
    expect(then.text).toContain(`As it was when ${before} ended`);
    expect(then.text).toContain('No laptop has reported yet.');
    const table = cells((await get(`/clauses.csv?asOf=${before}`)).text).slice(1);
    expect(new Set(table.map(([clause]) => clause)).size).toBe(117);
    expect(table.filter((row) => row[3] === 'Laptops' && row[5] === 'Evidenced')).toEqual([]);
  });

  test('the document is a PDF, and that it was taken is evidence that somebody looked', async () => {
    expect((await get('/clauses/KEL-26')).status).toBe(200);
    const organization = organizations.get('kanj') as Organization;
    const pdf = await get('/clauses.pdf', 'auditor', organization);
    expect([pdf.status, pdf.headers.get('content-type'), pdf.text.slice(0, 5)]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    expect((await get('/clauses/KAN-5-1', 'auditor', organization)).text).toContain(
      'last taken as a document at',
    );
  });

  test('a formula somebody typed stays text in the table', async () => {
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const reason = '=HYPERLINK("http://evil.example") is no reason';
    expect((await post('/clauses/KEL-22-g/exclude', { reason, until }, 'dpo')).status).toBe(303);
    const row = cells((await get('/clauses.csv')).text).find(([clause]) => clause === 'KEL-22-g');
    expect(row?.at(-1)).toBe(`'${reason}`);
    expect((await post('/clauses/KEL-22-g/include', {}, 'dpo')).status).toBe(303);
  });
});

describe('a sentence that does not apply', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  test('is said with a reason, until a day, by somebody who may', async () => {
    const form = { reason: 'No fax is in use.', until: inDays(200) };
    expect((await post('/clauses/KEL-22-f/exclude', form, 'auditor')).status).toBe(403);
    expect((await post('/clauses/KEL-22-f/exclude', { ...form, reason: 'no fax' }, 'dpo')).status).toBe(422);
    expect((await post('/clauses/KEL-22-f/exclude', { ...form, until: inDays(500) }, 'dpo')).status).toBe(
      422,
    );
    expect((await post('/clauses/KEL-22-f/exclude', { ...form, until: inDays(-2) }, 'dpo')).status).toBe(422);
    expect((await post('/clauses/KEL-99/exclude', form, 'dpo')).status).toBe(404);
    expect((await post('/clauses/KEL-22-f/exclude', form, 'dpo')).status).toBe(303);
    const page = await get('/clauses/KEL-22-f');
    expect(page.text).toContain('Does not apply: No fax is in use. Said by The dpo, until');
    const [entry] = await collector.stores.audit.list(kelia().number, undefined, 1);
    expect(entry).toMatchObject({ action: 'clause.exclude', subject: 'KEL-22-f' });
  });

  test('applies again when its day has come', async () => {
    const at = collector.clock;
    collector.clock = () => new Date(Date.now() + 201 * 86_400_000);
    try {
      const found = await collector.stores.clauses.exclusions(kelia().number, collector.clock());
      expect(found.has('KEL-22-f')).toBe(false);
    } finally {
      collector.clock = at;
    }
  });
});

describe('who may read it', () => {
  test('not a manager, who sees counts only, and nobody from elsewhere', async () => {
    for (const path of ['/clauses', '/clauses/KEL-1', '/clauses.csv', '/clauses.pdf']) {
      expect([path, (await get(path, 'manager')).status]).toEqual([path, 403]);
      expect([path, (await get(path, 'auditor', collector.organization)).status]).toEqual([path, 404]);
    }
    expect((await get('/clauses/NOT-1')).status).toBe(404);
  });

  test('the stores that were written can be opened again', async () => {
    const again = await openStores(collector.address, collector.folder);
    expect((await again.clauses.exclusions(kelia().number, new Date())).has('KEL-22-f')).toBe(true);
    await again.close();
  });
});
