import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { strFromU8, unzipSync } from 'fflate';
import { compactVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { erasePerson } from '../../../server/privacy/erase.ts';
import { revealsOf } from '../../../server/privacy/identity.ts';
import { purge, purgeAll } from '../../../server/privacy/purge.ts';
import { keepStaffRequest } from '../../../server/privacy/staff-requests.ts';
import { moveRecord, openRecord, readRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { publicKeyOf } from '../../../server/signing/keys.ts';
import type { Person } from '../../../server/storage/people/people.ts';
import { sealWith } from '../../../server/storage/people/seal.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let device: SampleDevice;
const people = new Map<string, { cookie: string; csrf: string }>();
const author = { actor: 'user:dpo', person: 'user:dpo' } as const;
const worker = {
  author,
  may: ['registers.read', 'registers.write', 'privacy.manage'] as const,
};

beforeAll(async () => {
  collector = await startCollector();
  people.set('dpo', await signedIn(collector, 'dpo', ['dpo']));
  people.set('contractor', await signedIn(collector, 'contractor', ['contractor']));
  people.set('auditor', await signedIn(collector, 'auditor', ['auditor']));
  device = await collector.device();
  expect((await post(collector.url, device.full(sampleFacts('off')))).status).toBe(201);
});
afterAll(() => collector.close());

const address = (rest: string) => `${collector.url}/organizations/${collector.organization.id}${rest}`;

async function open(who: string, rest: string) {
  const response = await fetch(address(rest), {
    redirect: 'manual',
    headers: { cookie: people.get(who)?.cookie ?? '', accept: 'text/html' },
  });
  return { status: response.status, text: await response.text() };
}

function send(who: string, rest: string, fields: Record<string, string> = {}) {
  const { cookie = '', csrf = '' } = people.get(who) ?? {};
  return fetch(address(rest), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, accept: 'text/html' },
    body: new URLSearchParams({ csrf, ...fields }),
  });
}

const number = () => collector.organization.number;

async function person(name: string, of?: SampleDevice): Promise<Person> {
  const at = new Date();
  const made = await collector.stores.people.create(
    number(),
    { name, email: `${name.split(' ')[0]?.toLowerCase()}@acme.example`, kind: 'staff' },
    at,
  );
  if (of !== undefined) await collector.stores.people.assign(number(), of.id, made.id, at);
  return made;
}

async function record(id: string, values: Parameters<typeof openRecord>[2]) {
  const register = registerById(id);
  if (register === undefined) throw new Error(`no register ${id}`);
  const full = { ...worker, organization: number() };
  return openRecord(collector.stores, register, values, full, new Date());
}

const request = (name: string, kind = 'erasure') =>
  record('requests', {
    kind,
    receivedOn: new Date().toISOString().slice(0, 10),
    channel: 'mail',
    jurisdiction: 'eu',
    person: name,
    words: `I, ${name}, want this.`,
  });

/** Everything both databases say, with every seal opened that the key opens; and the bytes of their files. */
function dump(): { readonly said: string; readonly bytes: string } {
  const key = Buffer.from(readFileSync(join(collector.folder, 'people.key'), 'utf8').trim(), 'base64url');
  const seal = sealWith(key);
  const places: Readonly<Record<string, (row: Record<string, unknown>) => string>> = {
    people: ({ id }) => `person/${id}`,
    reveals: ({ id }) => `reveal/${id}`,
    register_personal: ({ record: of, version }) => `register/${of}/${version}`,
    attestation_contacts: ({ person: of }) => `attestation/${of}`,
  };
  let said = '';
  for (const name of ['collector.db', 'people.db']) {
    const database = new DatabaseSync(join(collector.folder, name), { readOnly: true });
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    for (const { name: table } of tables) {
      for (const row of database.prepare(`select * from "${table}"`).all()) {
        const { sealed, ...plain } = row as Record<string, unknown> & { sealed?: Uint8Array };
        said += `${table} ${JSON.stringify(plain)}\n`;
        if (sealed === undefined) continue;
        said += `${JSON.stringify(seal.open(places[String(table)]?.(plain) ?? '', sealed))}\n`;
      }
    }
    database.close();
  }
  const files = readdirSync(collector.folder).filter((file) => /\.db/.test(file));
  return { said, bytes: files.map((file) => readFileSync(join(collector.folder, file), 'latin1')).join('') };
}

describe('erasure', () => {
  it('leaves no trace of the person in either database, and a certificate that names nobody', async () => {
    const { stores, organization } = collector;
    const at = new Date();
    const laptop = await collector.device();
    await post(collector.url, laptop.full(sampleFacts('off')));
    const naledi = await person('Naledi Phiri', laptop);
    const other = await person('Thabo Nkosi');
    const asked = await request('Naledi Phiri');
    await record('training', { module: 'Privacy', person: 'naledi@acme.example', startedOn: '2026-01-05' });
    await record('breaches', {
      summary: 'Laptop left on a train',
      kinds: ['confidentiality'],
      cause: 'lost-device',
      discoveredAt: '2026-11-20T10:00:00.000Z',
      becameAwareAt: '2026-11-20T11:00:00.000Z',
      role: 'controller',
      jurisdictions: ['eu'],
      reportedBy: 'Naledi Phiri',
      facts: 'It was in a blue bag.',
    });
    await stores.people.noteReveal(
      { organization: number(), device: laptop.id, actor: 'user:x', reason: 'Naledi Phiri called for help.' },
      at,
    );
    await stores.attestations.create(
      number(),
      {
        template: 'A-clear-desk',
        title: 'Clear desk',
        statement: 'My desk is clear.',
        role: 'all staff',
        periodFrom: at,
        dueAt: at,
        validUntil: at,
        people: [{ contact: 'naledi@acme.example' }],
      },
      'user:dpo',
      at,
    );

    const before = dump();
    expect(before.said).toContain('Naledi Phiri');
    expect(before.said).toContain('naledi@acme.example');
    expect(before.bytes).not.toMatch(/Naledi|naledi/);

    const { certificate, byHand } = await erasePerson(stores, naledi, author, asked.id, new Date());
    expect(byHand).toEqual([]);
    expect(certificate.erased).toEqual({ people: 1, laptops: 1, records: 3, answers: 1, reasons: 0 });

    const after = dump();
    expect(after.said).not.toMatch(/naledi|phiri/i);
    expect(after.bytes).not.toMatch(/naledi|phiri/i);
    expect(after.said).not.toContain(naledi.id);
    // What is about others, or about nobody, is still there.
    expect(after.said).toContain(other.name);
    expect(after.said).toContain('It was in a blue bag.');
    const requests = registerById('requests');
    const left = requests && (await readRecord(stores, requests, number(), asked.id));
    expect(left?.history.at(-1)).toMatchObject({ action: 'erase', changes: { person: null, words: null } });
    const page = await open('dpo', `/privacy/certificates/${certificate.id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Backups made before');
    expect(page.text).not.toContain('Naledi');
    expect(organization.number).toBe(number());
  });

  it('waits for a legal hold to end', async () => {
    const lerato = await person('Lerato Khumalo');
    const hold = await record('legal-holds', {
      matter: 'Claim 7',
      reason: 'A claim is pending.',
      scope: ['people'],
      owner: 'Counsel',
    });
    const refused = await send('dpo', `/privacy/people/${lerato.id}/erase`, {
      confirm: 'ERASE',
      request: '',
    });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('legal hold');
    const holds = registerById('legal-holds');
    const full = holds && (await readRecord(collector.stores, holds, number(), hold.id));
    if (holds === undefined || full === undefined) throw new Error('no hold');
    await moveRecord(
      collector.stores,
      holds,
      full,
      'end',
      {},
      { ...worker, organization: number() },
      new Date(),
    );
    const done = await send('dpo', `/privacy/people/${lerato.id}/erase`, { confirm: 'ERASE', request: '' });
    expect(done.status).toBe(303);
    expect((await open('dpo', `/privacy/people/${lerato.id}`)).status).toBe(404);
  });

  it('takes the word, and the right', async () => {
    const mpho = await person('Mpho Sithole');
    expect((await send('dpo', `/privacy/people/${mpho.id}/erase`, { confirm: 'yes' })).status).toBe(422);
    expect((await send('contractor', `/privacy/people/${mpho.id}/erase`, { confirm: 'ERASE' })).status).toBe(
      403,
    );
    expect((await open('dpo', `/privacy/people/${mpho.id}`)).text).toContain('Mpho Sithole');
  });
});

describe('who is behind a pseudonym', () => {
  it('is told to those who may, for a reason, and the person can see that', async () => {
    const sipho = await person('Sipho Zulu', device);
    const holder = `/devices/${device.id}/holder`;
    expect((await open('contractor', `/devices/${device.id}`)).text).not.toContain('Who holds it');
    expect((await open('contractor', holder)).status).toBe(403);
    expect((await send('contractor', holder, { reason: 'I would like to know.' })).status).toBe(403);
    expect((await open('dpo', `/devices/${device.id}`)).text).toContain('Who holds it');
    expect((await open('dpo', holder)).text).not.toContain('Sipho');
    expect((await send('dpo', holder, { reason: 'x' })).status).toBe(422);
    const told = await send('dpo', holder, { reason: 'The disk fails, we must call them.' });
    expect(told.status).toBe(200);
    expect(await told.text()).toContain('Sipho Zulu');
    expect(await revealsOf(collector.stores, number(), device.id)).toMatchObject([
      { reason: 'The disk fails, we must call them.', actor: expect.stringMatching(/^user:/) },
    ]);
    const entries = await collector.stores.audit.list(number(), undefined, 50);
    expect(entries.find(({ action }) => action === 'identity.reveal')?.subject).toBe(device.id);
    expect(JSON.stringify(entries)).not.toMatch(/Sipho|disk fails/);
    for (const who of ['contractor', 'auditor']) {
      expect((await open(who, '/privacy')).text).not.toContain('Sipho');
      expect((await open(who, `/privacy/people/${sipho.id}`)).status).toBe(403);
    }
  });
});

describe('restriction', () => {
  it('keeps nothing more and shows nothing, and lifting it brings the laptop back', async () => {
    const { stores } = collector;
    const laptop = await collector.device();
    expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
    const kagiso = await person('Kagiso Molefe', laptop);
    const before = await stores.devices.stateCounts(number());
    const findings = await stores.devices.findingCounts(number());

    expect((await send('dpo', `/privacy/people/${kagiso.id}/restrict`)).status).toBe(303);
    const waiting = laptop.unchanged();
    const refused = await post(collector.url, waiting);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ type: 'urn:muster:problem:restricted' });
    // Not removed: an agent that were told so would never report again.
    const policy = await fetch(`${collector.url}/api/v1/policy`, {
      headers: { authorization: laptop.authorize('GET', '/api/v1/policy') },
    });
    expect(policy.status).toBe(200);
    const retired = {
      search: '',
      state: 'retired',
      platform: null,
      check: null,
      sort: 'device',
      descending: false,
    } as const;
    const gone = await stores.devices.list(number(), retired, 100, 0);
    expect(gone.map(({ id }) => id)).not.toContain(laptop.id);
    expect(await stores.devices.retiredCount(number())).toBe(gone.length);
    const page = await open('contractor', `/devices/${laptop.id}`);
    expect(page.text).toContain('restricted since');
    expect(page.text).not.toContain('Firewall');
    expect((await open('contractor', `/devices/${laptop.id}/reports/1.jws`)).status).toBe(403);
    const list = await stores.devices.after(number(), '', 100);
    expect(list.map(({ id }) => id)).not.toContain(laptop.id);
    expect(await stores.devices.stateCounts(number())).toEqual({ ...before, failing: before.failing - 1 });

    expect((await send('dpo', `/privacy/people/${kagiso.id}/lift`)).status).toBe(303);
    // What waited on the laptop is accepted now, in its place in the chain.
    expect((await post(collector.url, waiting)).status).toBe(201);
    while ((await reviewDue(stores, new Date(), 50)) > 0);
    expect(await stores.devices.stateCounts(number())).toEqual(before);
    expect(await stores.devices.findingCounts(number())).toEqual(findings);
  });
});

it('is known at once to every collector of the same database', async () => {
  const laptop = await collector.device();
  expect((await post(collector.url, laptop.full(sampleFacts('on')))).status).toBe(201);
  const other = await openStores(collector.address, collector.folder);
  await other.restrictions.restrict(number(), laptop.id, 'console', new Date());
  await other.close();
  const refused = await post(collector.url, laptop.unchanged());
  expect(await refused.json()).toMatchObject({ type: 'urn:muster:problem:restricted' });
});

describe('the copy', () => {
  it('holds everything about the person and nothing about others, and proves itself', async () => {
    const laptop = await collector.device();
    expect((await post(collector.url, laptop.full(sampleFacts('on')))).status).toBe(201);
    const palesa = await person('Palesa Dlamini', laptop);
    expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
    await person('Someone Else');
    await request('Palesa Dlamini', 'access');
    await open('contractor', `/devices/${laptop.id}`);
    await send('dpo', `/devices/${laptop.id}/holder`, { reason: 'The laptop was found on a train.' });

    const made = await send('dpo', `/privacy/people/${palesa.id}/copy`);
    expect(made.status).toBe(200);
    const files = unzipSync(new Uint8Array(await made.arrayBuffer()));
    const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
    const manifest = JSON.parse(text('manifest.json')) as { files: Record<string, string> };
    expect(Object.keys(manifest.files).toSorted()).toEqual(
      Object.keys(files)
        .filter((name) => !name.startsWith('manifest'))
        .toSorted(),
    );
    for (const [name, digest] of Object.entries(manifest.files)) {
      expect(
        createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex'),
        name,
      ).toBe(digest);
    }
    const key = readCollectorKey(collector.folder);
    const signed = await compactVerify(
      text('manifest.jws'),
      publicKeyOf(Buffer.from(key.publicKey, 'base64url')),
    );
    expect(strFromU8(signed.payload)).toBe(text('manifest.json'));

    expect(JSON.parse(text('person.json'))).toMatchObject({ name: 'Palesa Dlamini' });
    expect(text('results.ndjson')).toContain('"point":"enabled","status":"fail"');
    expect(text('changes.csv')).toContain('Firewall');
    expect(text('records.json')).toContain('I, Palesa Dlamini, want this.');
    expect(text('who-was-told.json')).toContain('found on a train');
    expect(text('audit-about-me.ndjson')).toContain('device.view');
    expect(text('README.html')).toContain('What Acme holds about you');
    const everything = Object.keys(files).map(text).join('');
    expect(everything).not.toMatch(/Someone|Sipho|user:[0-9a-f]/);
    expect((await send('contractor', `/privacy/people/${palesa.id}/copy`)).status).toBe(403);
  });
});

describe('retention', () => {
  it('deletes reports whose time is over, keeps the chain whole, and leaves receipts', async () => {
    const { stores } = collector;
    const day = 86_400_000;
    const laptop = await collector.device();
    const begin = Date.now();
    const clock = collector.clock;
    const at = (days: number) => new Date(begin + days * day);
    const whole = (days: number) => new Date(Math.floor(at(days).getTime() / 1000) * 1000).toISOString();
    for (const [index, days] of [0, 10, 20, 60, 95, 100].entries()) {
      collector.clock = () => at(days);
      const report =
        index % 2 === 0
          ? laptop.full(sampleFacts(index % 4 === 0 ? 'on' : 'off'), { takenAt: whole(days) })
          : laptop.unchanged({ takenAt: whole(days) });
      const response = await post(collector.url, report);
      expect(response.status, await response.text()).toBe(201);
    }
    collector.clock = clock;
    const known = await stores.devices.byId(number(), laptop.id);
    if (known === undefined) throw new Error('no device');
    const kept = async () =>
      (await stores.reports.recent(known.number, 99, 99)).map(({ sequence }) => sequence);
    expect(await kept()).toEqual([6, 5, 4, 3, 2, 1]);

    await purge(stores, number(), at(80));
    expect(await kept()).toEqual([6, 5, 4, 3, 2, 1]);
    await purge(stores, number(), at(115));
    // The one of day 60 is young enough, and needs the facts of day 20.
    expect(await kept()).toEqual([6, 5, 4, 3]);
    const verification = await verifyEvidence(stores);
    expect(verification.broken.filter(({ device: id }) => id === laptop.id)).toEqual([]);
    const receipts = await stores.retention.receipts(number(), 10);
    expect(receipts.find((receipt) => receipt.class === 'results')).toMatchObject({
      deleted: expect.any(Number),
    });
    expect((await open('auditor', '/privacy/retention')).text).toContain('Signed reports');

    // Taking one out of the middle is still seen.
    const database = new DatabaseSync(join(collector.folder, 'collector.db'));
    database.prepare('delete from reports where device = ? and sequence = 3').run(known.number);
    database.close();
    const broken = (await verifyEvidence(stores)).broken.filter(({ device: id }) => id === laptop.id);
    expect(broken.length).toBeGreaterThan(0);
  });

  it('deletes closed records with what they say about people, unless a hold keeps them', async () => {
    const { stores } = collector;
    const register = registerById('complaints');
    if (register === undefined) throw new Error('no register');
    const made = await record('complaints', {
      subject: 'Too many mails',
      receivedOn: '2026-11-01',
      person: 'Zanele Mthembu',
    });
    const step = async (id: string, values: Parameters<typeof openRecord>[2]) => {
      const full = await readRecord(stores, register, number(), made.id);
      if (full === undefined) throw new Error('no record');
      return moveRecord(
        stores,
        register,
        full,
        id,
        values,
        { ...worker, organization: number() },
        new Date(),
      );
    };
    await step('acknowledge', { acknowledgedOn: '2026-11-02' });
    const closed = await step('answer', { outcome: 'upheld', answer: 'We stopped, Zanele.' });
    const over = new Date((closed.purgeAt?.getTime() ?? 0) + 1);
    const hold = await record('legal-holds', {
      matter: 'Claim 8',
      reason: 'Pending.',
      scope: ['records'],
      owner: 'Counsel',
    });
    await purge(stores, number(), over);
    expect(await stores.records.byId(number(), 'complaints', made.id)).toBeDefined();
    const holds = registerById('legal-holds');
    const held = holds && (await readRecord(stores, holds, number(), hold.id));
    if (holds === undefined || held === undefined) throw new Error('no hold');
    await moveRecord(stores, holds, held, 'end', {}, { ...worker, organization: number() }, new Date());
    await purge(stores, number(), over);
    expect(await stores.records.byId(number(), 'complaints', made.id)).toBeUndefined();
    expect(dump().said).not.toContain('Zanele');
  });

  it('says in the schedule of every class why, and who says so', async () => {
    const { text } = await open('contractor', '/privacy/retention');
    expect(text).toContain('90 days after the day the report came in');
    expect(text).toContain('Register: breaches');
  });
});

describe('what people ask on the page about their laptop', () => {
  it('stands in the register with its month running, and the answer goes back to the page', async () => {
    const { stores } = collector;
    const found = await stores.devices.byId(number(), device.id);
    if (found === undefined) throw new Error('no device');
    const asked = {
      kind: 'contest',
      about: 'firewall/enabled',
      words: 'It is switched on, I looked.',
    } as const;
    expect(await keepStaffRequest(stores, found, asked, new Date())).toBe(true);
    const requests = registerById('requests');
    const [waiting] = (await stores.staffRequests.ofDevice(number(), found.number, 5)).slice(0, 1);
    const full = requests && waiting && (await readRecord(stores, requests, number(), waiting.id));
    if (requests === undefined || full === undefined || waiting === undefined) throw new Error('no record');
    expect(full.record).toMatchObject({ title: 'Rectification', due: 'Take it up' });
    expect(full.record.values).toMatchObject({ about: 'Firewall (enabled)', laptop: found.label });
    expect(JSON.stringify(full.record)).not.toContain('I looked');
    const step = async (id: string, values: Parameters<typeof openRecord>[2]) => {
      const now = await readRecord(stores, requests, number(), waiting.id);
      if (now === undefined) throw new Error('no record');
      return moveRecord(stores, requests, now, id, values, { ...worker, organization: number() }, new Date());
    };
    await step('identify', { identity: 'account' });
    await step('answer', {
      outcome: 'Read again: it is on now.',
      answeredOn: new Date().toISOString().slice(0, 10),
    });
    const [answered] = await stores.staffRequests.ofDevice(number(), found.number, 1);
    expect(answered).toMatchObject({ answer: 'Read again: it is on now.', answeredAt: expect.any(Date) });
  });
});

it('deletes a laptop that left a month ago with everything that hangs on it', async () => {
  const { stores } = collector;
  const laptop = await collector.device();
  expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
  const found = await stores.devices.byId(number(), laptop.id);
  if (found === undefined) throw new Error('no device');
  await keepStaffRequest(
    stores,
    found,
    { kind: 'object', about: '', words: 'Not this, please.' },
    new Date(),
  );
  await stores.waivers.requestFromDevice(
    { organization: number(), device: found.number, deviceId: found.id },
    {
      id: '01990000-0000-7000-8000-0000000000aa',
      check: 'firewall',
      point: null,
      reason: 'An old printer needs it.',
    },
    new Date(),
  );
  await stores.devices.revoke(number(), laptop.id, 'user:x', new Date());
  await purge(stores, number(), new Date(Date.now() + 20 * 86_400_000));
  expect(await stores.devices.byId(number(), laptop.id)).toBeDefined();
  await purge(stores, number(), new Date(Date.now() + 40 * 86_400_000));
  expect(await stores.devices.byId(number(), laptop.id)).toBeUndefined();
  // The request itself goes on in the register, which has a time of its own.
  const { said } = dump();
  expect(said.match(/Not this, please\./g)).toHaveLength(1);
  expect(said.includes('old printer')).toBe(false);
});

it('shortens the audit log from its beginning, and what is left still proves that it is whole', async () => {
  const { stores } = collector;
  expect(await stores.audit.firstBroken()).toBeUndefined();
  const before = (await stores.audit.list(number(), undefined, 1_000)).length;
  expect(before).toBeGreaterThan(10);
  await purgeAll(stores, new Date(Date.now() + 370 * 86_400_000));
  // What purging itself wrote is dated by that day, so something is left.
  const left = await stores.audit.list(number(), undefined, 1_000);
  expect(left.length).toBeLessThan(before);
  expect(await stores.audit.firstBroken()).toBeUndefined();
  const { text } = await open('auditor', '/privacy/retention');
  expect(text).toContain('Audit log');
  const database = new DatabaseSync(join(collector.folder, 'collector.db'));
  database.prepare('delete from audit where number = (select min(number) from audit)').run();
  database.close();
  expect(await stores.audit.firstBroken()).toBeDefined();
});
