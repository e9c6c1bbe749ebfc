import { describe, expect, it } from 'vitest';
import { erasePerson } from '../../../server/privacy/erase.ts';
import { moveRecord, readRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { dump } from './database-dump.ts';
import {
  author,
  collector,
  number,
  open,
  person,
  protectPeople,
  record,
  request,
  send,
  worker,
} from './protected-people.ts';

protectPeople();

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

    const before = dump(collector.folder);
    expect(before.said).toContain('Naledi Phiri');
    expect(before.said).toContain('naledi@acme.example');
    expect(before.bytes).not.toMatch(/Naledi|naledi/);

    const { certificate, byHand } = await erasePerson(stores, naledi, author, asked.id, new Date());
    expect(byHand).toEqual([]);
    expect(certificate.erased).toEqual({ people: 1, laptops: 1, records: 3, answers: 1, reasons: 0 });

    const after = dump(collector.folder);
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
