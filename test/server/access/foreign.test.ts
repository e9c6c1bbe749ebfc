import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../../server/storage/ids.ts';
import type { SampleDevice } from '../sample-device.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { ask, examplesOf, fill, type House, openHouse, type Route } from './routes.ts';

let house: House;
let routes: readonly Route[];
let insider: Record<string, string>;
/** What belongs to the other organization, by the parameter that names it. */
let theirs: Record<string, string>;
/** Somebody whose data they keep: `:person` where privacy is concerned. */
let subjectOfTheirs: string;

/** Parameters that name something every organization has. */
const common = new Set([
  'export',
  'organization',
  'check',
  'clause',
  'register',
  'step',
  'document',
  'sequence',
  'version',
  'period',
  'exporter',
  'role',
]);

/** What forms of these routes hold, so that a request is not refused for its form alone. */
const inTheFuture = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
const body = {
  until: inTheFuture,
  expires: inTheFuture,
  expiresAt: inTheFuture,
  note: 'A reason that is long enough to be taken.',
  reason: 'A reason that is long enough to be taken.',
  role: 'contractor',
  owner: 'contractor',
  agreement: 'C-2026-04',
  label: 'D-00000000',
  confirm: 'ERASE',
  disabled: 'yes',
  required: 'yes',
  version: '1',
};

beforeAll(async () => {
  house = await openHouse();
  const { collector, other } = house;
  const { stores, app } = collector;
  routes = app.callers.filter(
    ({ method, url, caller }) =>
      method !== 'HEAD' &&
      caller.startsWith('organization:') &&
      [...url.matchAll(/:(\w+)/g)].some(([, name]) => !common.has(name ?? '')),
  );
  const everything = ['admin', 'contractor', 'reviewer', 'dpo', 'auditor'] as const;
  insider = await house.session(await house.person('insider', everything, collector.organization));
  const owner = await house.person('owner', everything, other);
  const device: SampleDevice = await collector.device(other);
  expect((await post(collector.url, device.full(sampleFacts('off')))).status).toBe(201);
  const at = new Date();
  const expiresAt = new Date(at.getTime() + 86_400_000);
  const { id: token } = await stores.apiTokens.create(
    { organization: other.number, name: 'theirs', scopes: ['fleet.read'], expiresAt },
    owner,
    at,
  );
  const waiver = await stores.waivers.request(
    other.number,
    {
      scope: { kind: 'organization' },
      check: 'firewall',
      point: 'enabled',
      reason: 'The lab network filters in front of it.',
      control: 'The router lets nothing in.',
      startsAt: at,
      expiresAt,
    },
    `user:${owner.id}`,
    at,
  );
  const made = await collector.app.inject({
    method: 'POST',
    url: `/api/v1/organizations/${other.id}/registers/contacts`,
    headers: { ...(await house.session(owner)), 'content-type': 'application/json' },
    payload: JSON.stringify({ role: 'authority', name: 'The authority', reach: 'by post' }),
  });
  expect(made.statusCode, made.body).toBe(201);
  const webhook = await stores.alertSettings.addWebhook(
    other.number,
    { name: 'Chat', host: 'chat.example', format: 'plain' },
    () => ({ url: 'sealed', secret: 'sealed' }),
    'console',
    at,
  );
  await stores.attestations.create(
    other.number,
    {
      template: 'A-clear-desk',
      title: 'Clear desk',
      statement: 'My desk is clear.',
      role: 'all staff',
      periodFrom: at,
      dueAt: expiresAt,
      validUntil: expiresAt,
      people: [{ contact: 'naledi@other.example' }],
    },
    `user:${owner.id}`,
    at,
  );
  const [campaign] = await stores.attestations.list(other.number, 1);
  const certificate = await stores.retention.certify(other.number, {
    request: null,
    at,
    by: `user:${owner.id}`,
    erased: {},
    backupsUntil: expiresAt,
  });
  const subject = await stores.people.create(
    other.number,
    { name: 'Naledi Dube', email: 'naledi@other.example', kind: 'staff' },
    at,
  );
  subjectOfTheirs = subject.id;
  theirs = {
    certificate: certificate.id,
    device: device.id,
    waiver,
    token,
    webhook,
    campaign: campaign?.id ?? '',
    person: owner.id,
    record: made.json<{ id: string }>().id,
  };
}, 60_000);
afterAll(() => house.collector.close());

/** What the API takes has no member too many: the example that its description gives. */
function bodyFor(method: string, url: string): object {
  if (!url.startsWith('/api/')) return { ...body, csrf: insider['x-csrf-token'] ?? '' };
  return examplesOf(house.collector, method, url)[0] ?? {};
}

it('answers whatever belongs to another organization exactly like what does not exist', async () => {
  expect(routes.length).toBeGreaterThan(100);
  const wrong: string[] = [];
  /** Refused for the form of what was sent, before anything was looked up. */
  const unread: string[] = [];
  const here = house.collector.organization.id;
  const general = {
    organization: here,
    register: 'contacts',
    check: 'firewall',
    clause: 'AC-1',
    step: 'review',
    document: 'letter',
    period: '2026-10',
    exporter: 'html',
    role: 'contractor',
  };
  for (const { method, url } of routes) {
    for (const [, name = ''] of url.matchAll(/:(\w+)/g)) {
      if (common.has(name)) continue;
      const foreign = url.includes('/privacy/people/') ? subjectOfTheirs : theirs[name];
      if (foreign === undefined) {
        wrong.push(`${url}: say in this test what of another organization :${name} could name`);
        continue;
      }
      const [of, nothing] = await Promise.all(
        [foreign, newId(new Date())].map((id) =>
          ask(house, method, fill(url, { ...general, [name]: id }), insider, bodyFor(method, url)),
        ),
      );
      if (of?.statusCode === 400) unread.push(`${method} ${url}: ${of.body.slice(0, 200)}`);
      const isRefusal = (of?.statusCode ?? 0) >= 400 && (method !== 'GET' || of?.statusCode === 404);
      if (!isRefusal || of?.statusCode !== nothing?.statusCode || of?.body !== nothing?.body) {
        wrong.push(`${method} ${url}: ${of?.statusCode} for theirs, ${nothing?.statusCode} for nothing`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(unread).toEqual([]);
}, 120_000);

it('answers a whole organization one has no role in like one that does not exist', async () => {
  const wrong: string[] = [];
  for (const { method, url } of house.collector.app.callers.filter(
    ({ method: verb, caller }) => verb !== 'HEAD' && caller.startsWith('organization:'),
  )) {
    const [of, nothing] = await Promise.all(
      [house.other.id, newId(new Date())].map((organization) =>
        ask(house, method, fill(url, { ...theirs, organization }), insider, {
          ...body,
          csrf: insider['x-csrf-token'] ?? '',
        }),
      ),
    );
    if (of?.statusCode !== 404 || nothing?.statusCode !== 404 || of.body !== nothing.body) {
      wrong.push(`${method} ${url}: ${of?.statusCode} and ${nothing?.statusCode}`);
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);
