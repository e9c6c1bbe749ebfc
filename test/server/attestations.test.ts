import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statementEnding, statementNo, statementReminder } from '../../server/alerts/sources/attestations.ts';
import { evidenceBundle } from '../../server/exports/evidence-bundle.ts';
import { verifyBundle } from '../../server/ingest/verify-bundle.ts';
import { purge } from '../../server/privacy/purge.ts';
import { readCollectorKey } from '../../server/signing/collector-key.ts';
import {
  readHeader,
  readJson,
  sha256,
  signJws,
  splitJws,
  verifyJws,
} from '../../server/signing/compact-jws.ts';
import { publicKeyOf } from '../../server/signing/keys.ts';
import { formatToken } from '../../shared/api.ts';
import { attestationType } from '../../shared/attestation-answer.ts';
import { type Ended, runAgent, temporaryDirectory } from '../agent/run-agent.ts';
import {
  answer,
  ask,
  askForStatements,
  clearDesk,
  collector,
  lesoko,
  linksIn,
  of,
  page,
} from './asked-organization.ts';

const processes = 120_000;
const day = 86_400_000;
const state = temporaryDirectory();

askForStatements();
beforeAll(async () => {
  const token = formatToken({
    url: collector.url,
    code: await collector.code(lesoko),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    pin: null,
  });
  const enrolled = await runAgent(['--enroll', token, '--yes'], { MUSTER_STATE: state.path });
  expect(enrolled.code, enrolled.stderr).toBe(0);
}, processes);
afterAll(() => state[Symbol.dispose]());

/** The real agent, with somebody who types. */
function attest(typed: string): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../agent/main.ts'), '--attest'], {
    env: { PATH: process.env['PATH'], MUSTER_STATE: state.path },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(typed);
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('asking on laptops', () => {
  test(
    'agent --attest shows the exact words, and signs what is said',
    async () => {
      await ask({ people: '', laptops: 'yes' });
      await ask({
        people: '',
        laptops: 'yes',
        template: 'A-printer',
        statement: 'I left no printouts at the printer, ever.',
      });
      const [printer, desk] = await collector.stores.attestations.list(lesoko.number, 2);
      const first = await attest('y\n\n');
      expect(first.stderr).toBe('');
      expect(first.code).toBe(0);
      expect(first.stdout).toContain('"When I left my workplace, nothing with personal data lay on it."');
      expect(first.stdout).toContain('Not answered: 1.');
      const [person] = await collector.stores.attestations.people(lesoko.number, desk?.id ?? '');
      expect(person).toMatchObject({ answer: 'yes', answeredBy: 'laptop' });
      expect(await clearDesk()).toContain('1 of 1 person stated it.');

      const second = await attest('maybe\na\n\na\nThere is no printer.\n');
      expect(second.stdout).toContain('Say why it does not apply to you.');
      const [other] = await collector.stores.attestations.people(lesoko.number, printer?.id ?? '');
      expect(other).toMatchObject({ answer: 'not-applicable', reason: 'There is no printer.' });
      expect((await attest('')).stdout).toContain('asks you for nothing');

      // Whoever has the laptop's public key can verify it without us.
      const path = of(`/attestations/${desk?.id}/people/${person?.id}/statement.jws`);
      const parts = splitJws((await page(path, undefined, 'auditor')).text);
      const [device] = await collector.stores.devices.list(
        lesoko.number,
        { search: '', state: null, platform: null, check: null, sort: 'device', descending: false },
        1,
        0,
      );
      if (parts === undefined || device === undefined) throw new Error('nothing signed');
      expect(verifyJws(parts, publicKeyOf(device.publicKey))).toBe(true);
      expect(readHeader(parts.header, attestationType)).toEqual({ kid: device.id });
      expect(readJson(parts.payload)).toMatchObject({
        answer: 'yes',
        digest: sha256('When I left my workplace, nothing with personal data lay on it.').toString('hex'),
      });
    },
    processes,
  );

  test('an answer to other words, for another laptop, or signed by another is refused', async () => {
    await ask({
      people: '',
      laptops: 'yes',
      template: 'A-shred',
      statement: 'I shredded what I no longer needed.',
    });
    const outsider = await collector.device(lesoko);
    const path = '/api/v1/attestations';
    const listed = await fetch(`${collector.url}${path}`, {
      headers: { authorization: outsider.authorize('GET', path) },
    });
    expect(await listed.json()).toEqual({ attestations: [] });
    const [shred] = await collector.stores.attestations.list(lesoko.number, 1);
    const [person] = await collector.stores.attestations.people(lesoko.number, shred?.id ?? '');
    const said = {
      schema: 'muster.attestation/1',
      id: person?.id,
      device: outsider.id,
      digest: shred?.digest,
      answer: 'yes',
      reason: '',
      at: new Date().toISOString(),
    };
    const send = async (payload: object, kid = outsider.id) => {
      const body = JSON.stringify({
        signed: signJws(JSON.stringify(payload), attestationType, outsider.privateKey, kid),
      });
      const response = await fetch(`${collector.url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: outsider.authorize('POST', path, body),
        },
        body,
      });
      return response.status;
    };
    expect(await send(said)).toBe(404);
    expect(await send({ ...said, extra: 'ann' })).toBe(400);
    expect(await send(said, shred?.id)).toBe(401);
    // One of its own, answered for words it was not asked.
    await ask({
      people: '',
      laptops: 'yes',
      template: 'A-paper',
      statement: 'Paper I hold is under lock and key.',
    });
    const [paper] = await collector.stores.attestations.list(lesoko.number, 1);
    const own = (await collector.stores.attestations.people(lesoko.number, paper?.id ?? '')).map(
      ({ id }) => id,
    );
    for (const id of own) expect(await send({ ...said, id })).toBe(404);
  });
});

test('a reminder, a no and answers that grow old raise one alert each', async () => {
  const { stores } = collector;
  const lines = async (now: Date) => {
    const looking = {
      stores,
      now,
      organizations: new Map([[lesoko.number, lesoko]]),
      settings: (organization: number) => stores.alertSettings.read(organization),
      begun: 0,
    };
    const found = await Promise.all(
      [statementReminder, statementNo, statementEnding].map((source) => source.find(looking, 0)),
    );
    return found.flatMap(({ events }) => events.filter(({ subject }) => subject === latest));
  };
  const made = await ask({ people: 'cy@lesoko.example\ndi@lesoko.example' });
  const latest = (await stores.attestations.list(lesoko.number, 1))[0]?.id;
  const [code = ''] = linksIn(made.text);
  const soon = new Date(Date.now() + 10 * day);
  expect((await lines(new Date())).map(({ line }) => line)).toEqual([]);
  const reminder = await lines(soon);
  expect(reminder.map(({ line }) => line)).toEqual([
    expect.stringMatching(/^2 people of 2 have not answered “Clear desk”, due on/),
  ]);
  expect((await lines(new Date(soon.getTime() + day))).map(({ key }) => key)).toEqual(
    reminder.map(({ key }) => key),
  );
  await answer(code, { answer: 'no' });
  expect((await lines(soon)).map(({ kind }) => kind)).toEqual(['statement-reminder', 'statement-no']);
  const old = await lines(new Date(Date.now() + 100 * day));
  expect(old.map(({ kind }) => kind)).toEqual(['statement-no', 'statement-ending']);
  expect(JSON.stringify(old)).not.toContain('@lesoko');
});

test('the evidence bundle holds what was stated on laptops, and how each sentence stood', async () => {
  const { stores } = collector;
  const now = new Date();
  const bundle = await evidenceBundle(
    stores,
    readCollectorKey(collector.folder),
    lesoko,
    { from: new Date(now.getTime() - day), until: now },
    now,
  );
  const { manifest, broken } = verifyBundle(bundle);
  expect(broken).toEqual([]);
  const paths = manifest.files.map(({ path }) => path);
  expect(paths).toContain('clauses.json');
  expect(paths.filter((path) => path.startsWith('statements/'))).toHaveLength(2);
  expect(bundle.toString('utf8')).not.toContain('@lesoko.example');
});

test('what was said is told as of any moment', async () => {
  const { attestations } = collector.stores;
  const before = await attestations.coverage(lesoko.number, new Date(Date.now() - 3_600_000));
  expect(before.size).toBe(0);
  const later = await attestations.coverage(lesoko.number, new Date(Date.now() + 200 * 86_400_000));
  expect(later.get('A-clear-desk')?.validUntil.getTime()).toBeLessThan(Date.now() + 200 * 86_400_000);
});

test('addresses go a month after answers were due, answers five years after they stopped to count', async () => {
  const { stores } = collector;
  await ask({ people: 'ed@lesoko.example' });
  const asked = (await stores.attestations.askedBefore(lesoko.number, new Date(Date.now() + 900 * day)))
    .people;
  const known = async () => (await stores.attestationContacts.read(asked)).size;
  const before = await known();
  expect(before).toBeGreaterThan(2);
  await purge(stores, lesoko.number, new Date(Date.now() + 40 * day));
  expect(await known()).toBe(before);
  await purge(stores, lesoko.number, new Date(Date.now() + 46 * day));
  expect(await known()).toBe(0);
  expect((await stores.attestations.list(lesoko.number, 50)).length).toBeGreaterThan(3);
  await purge(stores, lesoko.number, new Date(Date.now() + 8 * 366 * day));
  expect(await stores.attestations.list(lesoko.number, 50)).toEqual([]);
});
