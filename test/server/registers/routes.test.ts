import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles, tokenScopes } from '../../../server/permissions.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let other: Organization;
/** Cookie and token of a person with these roles. */
const people = new Map<string, { cookie: string; csrf: string }>();

async function person(name: string, held: readonly Role[], organization: Organization): Promise<void> {
  people.set(name, await signedIn(collector, name, held, { in: organization }));
}

beforeAll(async () => {
  collector = await startCollector();
  other = await collector.stores.organizations.create(
    { name: 'Other', contact: 'it@other.example', policy: basePolicy() },
    'console',
    new Date(),
  );
  await person('contractor', ['contractor'], collector.organization);
  await person('dpo', ['dpo'], collector.organization);
  await person('auditor', ['auditor'], collector.organization);
  await person('reviewer', ['reviewer'], collector.organization);
  await person('stranger', ['admin', 'dpo'], other);
});
afterAll(() => collector.close());

const api = (register: string, rest = '') =>
  `${collector.url}/api/v1/organizations/${collector.organization.id}/registers/${register}${rest}`;
const page = (register: string, rest = '') =>
  `${collector.url}/organizations/${collector.organization.id}/registers/${register}${rest}`;

async function call(who: string, method: string, address: string, body?: unknown) {
  const { cookie = '', csrf = '' } = people.get(who) ?? {};
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    headers: {
      cookie,
      'x-csrf-token': csrf,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(!address.includes('/api/') && { accept: 'text/html' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    json: () => JSON.parse(text) as Record<string, never>,
  };
}

const supplier = {
  name: 'Sandstone Backups',
  service: 'Backups of the file server',
  kind: 'backup',
  owner: 'Operations',
  country: 'Ireland',
  data: ['Files of staff'],
  contact: 'Palesa Dlamini',
};
const request = {
  kind: 'access',
  receivedOn: '2026-11-02',
  channel: 'mail',
  jurisdiction: 'eu',
  person: 'Naledi Phiri',
  reach: 'naledi@acme.example',
};

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly reference: string;
  readonly values: Record<string, unknown>;
}
const create = async (who: string, register: string, values: object) => {
  const made = await call(who, 'POST', api(register), values);
  expect(made.status, made.text).toBe(201);
  return made.json() as unknown as Shown;
};

describe('the API', () => {
  it('keeps a record, lists it, changes it, and takes it a step further', async () => {
    const made = await create('contractor', 'incidents', {
      summary: 'Strange mail opened',
      severity: 'high',
      noticedAt: new Date(Date.now() - 3_600_000).toISOString(),
    });
    expect(made.reference).toMatch(/^IN-\d+$/);
    const listed = await call('auditor', 'GET', api('incidents'));
    expect(listed.json()).toMatchObject({ records: [{ id: made.id, due: 'Look into it' }], next: null });
    const changed = await call('contractor', 'PUT', api('incidents', `/${made.id}`), {
      version: made.version,
      values: { ...made.values, severity: 'low' },
    });
    expect(changed.json()).toMatchObject({ version: 2, values: { severity: 'low' } });
    const moved = await call('contractor', 'POST', api('incidents', `/${made.id}/steps/investigate`), {
      version: 2,
    });
    expect(moved.json()).toMatchObject({ state: 'investigating', version: 3 });
  });

  it('refuses field by field, as a problem that repeats nothing', async () => {
    const refused = await call('contractor', 'POST', api('suppliers'), {
      ...supplier,
      kind: 'C4NARY',
      extra: 'C4NARY',
    });
    expect(refused.status).toBe(422);
    expect(refused.type).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ errors: [{ field: 'kind', message: 'Choose one.' }] });
    expect(refused.text).not.toContain('C4NARY');
  });

  it('lets one of two who change the same version win, and tells the other', async () => {
    const made = await create('contractor', 'suppliers', supplier);
    const change = (country: string) =>
      call('contractor', 'PUT', api('suppliers', `/${made.id}`), {
        version: 1,
        values: { ...supplier, country },
      });
    const answers = await Promise.all([change('France'), change('Spain'), change('Italy')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const winner = answers.find(({ status }) => status === 200)?.json() as unknown as Shown;
    const read = (await call('dpo', 'GET', api('suppliers', `/${made.id}`))).json() as unknown as Shown;
    expect(read.values['country']).toBe(winner.values['country']);
    expect(read.values['contact']).toBe('Palesa Dlamini');
  });

  it('answers another organization as if there were nothing', async () => {
    const made = await create('dpo', 'requests', request);
    for (const [method, rest, body] of [
      ['GET', '', undefined],
      ['GET', `/${made.id}`, undefined],
      ['POST', '', request],
      ['POST', `/${made.id}/steps/identify`, { version: 1 }],
    ] as const) {
      expect((await call('stranger', method, api('requests', rest), body)).status).toBe(404);
    }
    const theirs = `${collector.url}/api/v1/organizations/${other.id}/registers/requests/${made.id}`;
    expect((await call('stranger', 'GET', theirs)).status).toBe(404);
  });

  it('does not let a record point at a record of somebody else', async () => {
    const foreign = (
      await call(
        'stranger',
        'POST',
        `${collector.url}/api/v1/organizations/${other.id}/registers/suppliers`,
        supplier,
      )
    ).json() as unknown as Shown;
    const refused = await call('dpo', 'POST', api('requests'), { ...request, recipients: [foreign.id] });
    expect(refused.status).toBe(422);
  });

  it('lets readers read and nothing else', async () => {
    expect((await call('auditor', 'POST', api('suppliers'), supplier)).status).toBe(403);
    expect((await call('auditor', 'GET', api('suppliers'))).status).toBe(200);
    expect((await call('nobody', 'GET', api('suppliers'))).status).toBe(401);
  });
});

describe('what is said about people', () => {
  it('is seen by the data protection officer, and by nobody else', async () => {
    const made = await create('contractor', 'requests', request);
    expect(JSON.stringify(made)).not.toContain('Naledi');
    const officer = await call('dpo', 'GET', api('requests', `/${made.id}`));
    expect(officer.text).toContain('Naledi Phiri');
    for (const who of ['contractor', 'auditor', 'reviewer']) {
      const seen = await call(who, 'GET', api('requests', `/${made.id}`));
      expect(seen.status).toBe(200);
      expect(seen.text).not.toContain('Naledi');
      const shown = await call(who, 'GET', page('requests', `/records/${made.id}`));
      expect(shown.status).toBe(200);
      expect(shown.text).not.toContain('Naledi');
      expect(shown.text).toContain('it is about a person');
      const exported = await call(who, 'GET', page('requests', '/export.csv'));
      expect(exported.text).not.toContain('Naledi');
    }
    expect((await call('dpo', 'GET', page('requests', `/records/${made.id}`))).text).toContain(
      'Naledi Phiri',
    );
    expect((await call('dpo', 'GET', page('requests', '/export.csv'))).text).toContain('Naledi Phiri');
  });

  it('stays when somebody who does not see it changes the rest', async () => {
    const made = await create('dpo', 'requests', request);
    const { person: _hidden, reach: _too, ...rest } = request;
    const changed = await call('contractor', 'PUT', api('requests', `/${made.id}`), {
      version: 1,
      values: { ...rest, kind: 'objection' },
    });
    expect(changed.status, changed.text).toBe(200);
    expect((await call('dpo', 'GET', api('requests', `/${made.id}`))).json()).toMatchObject({
      values: { kind: 'objection', person: 'Naledi Phiri' },
    });
  });

  it('is in no log, no audit entry, and read with a trace', async () => {
    const made = await create('dpo', 'requests', request);
    await call('dpo', 'GET', api('requests', `/${made.id}`));
    const entries = await collector.stores.audit.list(collector.organization.number, undefined, 200);
    expect(
      entries.some(({ action, subject }) => action === 'register.read-personal' && subject === made.id),
    ).toBe(true);
    expect(JSON.stringify(entries)).not.toMatch(/Naledi|Palesa/);
    expect(collector.log.join('\n')).not.toMatch(/Naledi|Palesa/);
  });
});

describe('a second person', () => {
  it('is somebody else, and somebody who may', async () => {
    const made = await create('dpo', 'suppliers', supplier);
    const approve = async (who: string, version: number) => {
      const { csrf = '', cookie = '' } = people.get(who) ?? {};
      return fetch(page('suppliers', `/records/${made.id}/steps/approve`), {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, accept: 'text/html' },
        body: new URLSearchParams({ csrf, version: String(version), evaluation: 'ISO 27001 seen.' }),
      });
    };
    expect((await approve('dpo', 1)).status).toBe(422);
    expect((await approve('contractor', 1)).status).toBe(422);
    expect((await approve('stranger', 1)).status).toBe(404);
    const approved = await approve('reviewer', 1);
    expect(approved.status, await approved.text()).toBe(303);
    expect((await call('dpo', 'GET', api('suppliers', `/${made.id}`))).json()).toMatchObject({
      state: 'approved',
    });
    expect((await approve('reviewer', 1)).status).toBe(409);
  });

  it('is never a program', async () => {
    const made = await create('contractor', 'suppliers', supplier);
    const body = { version: 1, values: { evaluation: 'Fine.' } };
    const { stores, organization } = collector;
    const at = new Date();
    const maker = await stores.users.create({ email: 'maker@it.example', name: 'Maker' }, 'console', at);
    for (const role of roles) await stores.users.grant(maker, organization.number, role, 'console', at);
    const expiresAt = new Date(at.getTime() + 60_000);
    const given = { organization: organization.number, name: 'All', scopes: tokenScopes, expiresAt };
    const { token } = await stores.apiTokens.create(given, maker, at);
    const address = api('suppliers', `/${made.id}/steps/approve`);
    const byProgram = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(byProgram.status).toBe(403);
    expect((await call('contractor', 'POST', address, body)).status).toBe(403);
    expect((await call('reviewer', 'POST', address, body)).status).toBe(200);
  });
});

it('counts how registers stood at any moment', async () => {
  const before = new Date();
  const made = await create('contractor', 'actions', {
    what: 'Encrypt the disk of the spare laptop',
    owner: 'IT contractor',
    dueOn: '2026-01-31',
  });
  const after = new Date();
  const { records } = collector.stores;
  const { number } = collector.organization;
  const then = (at: Date) => records.coverage(number, at).then((coverage) => coverage.get('actions'));
  expect((await then(new Date(before.getTime() - 1)))?.records ?? 0).toBe(0);
  expect(await then(after)).toMatchObject({ records: 1, open: 1, overdue: 1, inTime: 0 });
  await call('contractor', 'POST', api('actions', `/${made.id}/steps/done`), {
    version: 1,
    values: { result: 'Done.' },
  });
  expect(await then(new Date())).toMatchObject({ records: 1, open: 0, overdue: 0, missed: 1 });
  expect(await then(after)).toMatchObject({ open: 1, overdue: 1 });
});

it('exports a table no spreadsheet runs', async () => {
  await create('contractor', 'suppliers', { ...supplier, name: '=HYPERLINK("http://evil.example")' });
  const { text, type } = await call('contractor', 'GET', page('suppliers', '/export.csv'));
  expect(type).toContain('text/csv');
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
});

it('makes the notice to the authority as PDF', async () => {
  const made = await create('contractor', 'breaches', {
    summary: 'Laptop left on a train',
    kinds: ['confidentiality'],
    cause: 'lost-device',
    discoveredAt: '2026-11-20T10:00:00.000Z',
    becameAwareAt: '2026-11-20T11:00:00.000Z',
    role: 'controller',
    jurisdictions: ['uk'],
  });
  const pdf = await call(
    'contractor',
    'GET',
    page('breaches', `/records/${made.id}/documents/authority-notice.pdf`),
  );
  expect(pdf.status).toBe(200);
  expect(pdf.text.slice(0, 5)).toBe('%PDF-');
  expect(
    (await call('reviewer', 'GET', page('breaches', `/records/${made.id}/documents/authority-notice.pdf`)))
      .status,
  ).toBe(403);
});

it('what was written down, by forms and by programs, is what the audit log noted', async () => {
  expect(await collector.stores.audit.altered()).toEqual([]);
});
