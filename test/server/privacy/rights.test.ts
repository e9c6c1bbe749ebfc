import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { compactVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { revealsOf } from '../../../server/privacy/identity.ts';
import { keepStaffRequest } from '../../../server/privacy/staff-requests.ts';
import { moveRecord, type openRecord, readRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { publicKeyOf } from '../../../server/signing/keys.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { post, sampleFacts } from '../sample-device.ts';
import {
  collector,
  device,
  number,
  open,
  person,
  protectPeople,
  request,
  send,
  worker,
} from './protected-people.ts';

protectPeople();

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
