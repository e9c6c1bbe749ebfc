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
import type { Organization } from '../../server/storage/organizations.ts';
import { formatToken } from '../../shared/api.ts';
import { attestationType } from '../../shared/attestation-answer.ts';
import { presets } from '../../shared/policies/index.ts';
import { type Ended, runAgent, temporaryDirectory } from '../agent/run-agent.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { signedIn } from './signed-in.ts';

const processes = 120_000;
const day = 86_400_000;
let collector: SampleCollector;
let lesoko: Organization;
const sessions = new Map<string, { cookie: string; csrf: string }>();
const state = temporaryDirectory();

beforeAll(async () => {
  collector = await startCollector();
  const { stores } = collector;
  const now = new Date();
  const policy = presets.find(({ id }) => id === 'lesoko')?.policy;
  if (policy === undefined) throw new Error('no policy');
  lesoko = await stores.organizations.create(
    { name: 'Lesoko', contact: 'dpo@lesoko.example', policy },
    'console',
    now,
  );
  for (const role of ['contractor', 'dpo', 'auditor'] as const) {
    sessions.set(role, await signedIn(collector, role, [role], { in: lesoko, how: 'link' }));
  }
  const token = formatToken({
    url: collector.url,
    code: await collector.code(lesoko),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    pin: null,
  });
  const enrolled = await runAgent(['--enroll', token, '--yes'], { MUSTER_STATE: state.path });
  expect(enrolled.code, enrolled.stderr).toBe(0);
}, processes);
afterAll(async () => {
  await collector.close();
  state[Symbol.dispose]();
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function page(path: string, form?: Record<string, string>, role = 'contractor') {
  const session = sessions.get(role);
  const response = await fetch(`${collector.url}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      cookie: session?.cookie ?? '',
      accept: 'text/html',
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form !== undefined && { body: new URLSearchParams({ csrf: session?.csrf ?? '', ...form }) }),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}

const of = (path: string) => `/organizations/${lesoko.id}${path}`;
const ask = (changes: Record<string, string> = {}, role?: string) =>
  page(
    of('/attestations'),
    {
      template: 'A-clear-desk',
      statement: 'When I left my workplace, nothing with personal data lay on it.',
      role: 'everybody',
      periodFrom: inDays(-90),
      due: inDays(14),
      people: 'ann@lesoko.example\nbo@lesoko.example',
      ...changes,
    },
    role,
  );
const linksIn = (text: string) =>
  [...text.matchAll(/\/statement\?code=([\w-]{43})/g)].map(([, code]) => code ?? '');
const answer = (code: string, said: Record<string, string>) =>
  fetch(`${collector.url}/statement`, { method: 'POST', body: new URLSearchParams({ code, ...said }) });
const clearDesk = async () => (await page(of('/clauses/LES-4-h'), undefined, 'auditor')).text;

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

describe('asking by personal links', () => {
  let campaign = '';
  let codes: string[] = [];

  test('is refused with words where something is missing', async () => {
    for (const [changes, words] of [
      [{ statement: 'Too short' }, '20 to 1000 characters'],
      [{ people: 'ann@lesoko.example\nnobody' }, 'The address number 2 is none'],
      [{ people: '' }, 'Say who is asked'],
      [{ due: inDays(-3) }, 'a day to come'],
    ] as const) {
      const { status, text } = await ask(changes);
      expect([status, text.includes(words)]).toEqual([422, true]);
    }
    expect((await ask({}, 'auditor')).status).toBe(403);
    expect((await ask({ template: 'A-nothing' })).status).toBe(400);
  });

  test('shows each link once, and keeps addresses apart', async () => {
    expect(await clearDesk()).toContain('Nobody has been asked yet.');
    const made = await ask();
    expect(made.status).toBe(201);
    codes = linksIn(made.text);
    expect(new Set(codes).size).toBe(2);
    const [latest] = await collector.stores.attestations.list(lesoko.number, 1);
    campaign = latest?.id ?? '';
    const again = await page(of(`/attestations/${campaign}`));
    expect(linksIn(again.text)).toEqual([]);
    expect(again.text).not.toContain('ann@lesoko.example');
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const contacts = await collector.stores.attestationContacts.read(people.map(({ id }) => id));
    expect([...contacts.values()].toSorted()).toEqual(['ann@lesoko.example', 'bo@lesoko.example']);
    expect(JSON.stringify(await collector.stores.audit.list(lesoko.number, undefined, 50))).not.toContain(
      '@lesoko',
    );
    expect(
      collector.log.filter((line) => line.includes('ann@') || codes.some((code) => line.includes(code))),
    ).toEqual([]);
  });

  test('silence is no evidence, and nobody’s failure', async () => {
    expect(await clearDesk()).toContain('0 of 2 people stated it; 2 did not answer.');
    expect(await clearDesk()).toContain('Not evidenced');
  });

  test('the link shows the exact words and takes one answer', async () => {
    const [first = ''] = codes;
    const shown = await fetch(`${collector.url}/statement?code=${first}`);
    expect(await shown.text()).toContain('When I left my workplace, nothing with personal data lay on it.');
    expect((await answer(first, {})).status).toBe(422);
    expect((await answer(first, { answer: 'not-applicable', reason: '' })).status).toBe(422);
    expect((await answer(first, { answer: 'yes' })).status).toBe(200);
    expect((await answer(first, { answer: 'no' })).status).toBe(410);
    expect((await fetch(`${collector.url}/statement?code=${first}`)).status).toBe(410);
    expect((await fetch(`${collector.url}/statement?code=guessed`)).status).toBe(410);
    expect(await clearDesk()).toContain('1 of 2 people stated it; 1 did not answer.');
  });

  test('a no opens an action; the sentence fails until it is put right, and says so', async () => {
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const silent = people.find((person) => person.answer === null)?.id;
    const renewed = await page(of(`/attestations/${campaign}/people/${silent}/link`), {});
    const [fresh = ''] = linksIn(renewed.text);
    // The link that was handed out first is worth nothing any more.
    expect((await answer(codes[1] ?? '', { answer: 'yes' })).status).toBe(410);
    expect((await answer(fresh, { answer: 'no', reason: 'There is no locker.' })).status).toBe(200);
    expect(await clearDesk()).toContain('1 said no, which opened an action.');
    expect((await page(of(`/attestations/${campaign}`))).text).toContain('There is no locker.');
    const right = (role: string, note = 'A locker was bought.') =>
      page(of(`/attestations/${campaign}/people/${silent}/put-right`), { note }, role);
    expect((await right('auditor')).status).toBe(403);
    expect((await right('contractor', 'ok')).status).toBe(422);
    expect((await right('contractor')).status).toBe(303);
    expect((await right('contractor')).status).toBe(404);
    expect(await clearDesk()).toContain('1 said no, which opened an action (1 put right).');
    expect(await clearDesk()).toContain('Partly evidenced');
  });

  test('a statement is countersigned by somebody who may', async () => {
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const yes = people.find((person) => person.answer === 'yes')?.id;
    const path = of(`/attestations/${campaign}/people/${yes}/countersign`);
    expect((await page(path, {})).status).toBe(403);
    expect((await page(path, {}, 'dpo')).status).toBe(303);
    expect((await page(of(`/attestations/${campaign}`))).text).toContain('countersigned');
  });
});

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
