import { beforeAll, expect, it } from 'vitest';
import { problemMediaType } from '../../../server/problem.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

let first: SampleDevice;
let campaign: string;
/** Every list there is, as the description tells: its address with names filled in. */
let lists: readonly { readonly path: string; readonly entries: string }[];

interface Described {
  readonly get?: {
    readonly parameters?: readonly { readonly name: string }[];
    readonly responses: Readonly<
      Record<
        string,
        {
          readonly content?: Readonly<
            Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, object>> } }>
          >;
        }
      >
    >;
  };
}

async function failing(): Promise<SampleDevice> {
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  return device;
}

beforeAll(async () => {
  first = await failing();
  for (let more = 0; more < 3; more += 1) await failing();
  const asked = { template: 'A-clear-desk', periodFrom: '2026-01-01', due: soon(), laptops: true };
  const { body: made } = await call('POST', '/attestations', { body: asked });
  campaign = made.id;
  const { body } = await call('GET', `${collector.url}/openapi.json`);
  lists = Object.entries(body.paths as Record<string, Described>).flatMap(([path, { get }]) => {
    const properties = get?.responses['200']?.content?.['application/json']?.schema.properties ?? {};
    const entries = Object.keys(properties).find((name) => name !== 'next');
    return 'next' in properties && entries !== undefined
      ? [{ path: `${collector.url}${filled(path)}`, entries }]
      : [];
  });
});

const soon = () => new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

const filled = (path: string) =>
  path
    .replace('{organization}', collector.organization.id)
    .replace('{device}', first.id)
    .replace('{campaign}', campaign)
    .concat(path.endsWith('/findings') ? '?subject=firewall' : '');

const withParameter = (path: string, parameter: string) =>
  `${path}${path.includes('?') ? '&' : '?'}${parameter}`;

it('every list takes a cursor, and refuses what is none in words that repeat nothing', async () => {
  expect(lists.length).toBeGreaterThan(20);
  const foreign = Buffer.from(JSON.stringify(['another-list', 1])).toString('base64url');
  const wrong: string[] = [];
  for (const { path } of lists) {
    const asker = path.includes('/privacy/') ? 'dpo' : 'admin';
    const whole = await call('GET', path, { asker });
    if (whole.status !== 200) wrong.push(`${path}: ${whole.status} without a cursor`);
    for (const cursor of ['7', 'canary-7Q', '%25%25', foreign, 'e30', 'W10']) {
      const { status, type, body } = await call('GET', withParameter(path, `cursor=${cursor}`), { asker });
      const isTold = type.includes(problemMediaType) && /cursor/.test(body.detail ?? '');
      if (status !== 400 || !isTold || JSON.stringify(body).includes('canary')) {
        wrong.push(`${path}: ${status} for the cursor ${cursor}`);
      }
    }
    // What a list does not know, it does not pass over: a program would ask for the first page for ever.
    const { status } = await call('GET', withParameter(path, 'after=1'), { asker });
    if (status !== 400) wrong.push(`${path}: ${status} for a parameter it does not have`);
  }
  expect(wrong).toEqual([]);
});

it('a cursor of one list is none of another, also where both are sorted alike', async () => {
  for (let records = 0; records < 2; records += 1) {
    const made = await call('POST', '/registers/contacts', {
      body: { role: 'authority', name: 'The authority', reach: 'by post' },
    });
    expect(made.status).toBe(201);
  }
  const { body } = await call('GET', '/registers/contacts?limit=1');
  expect(body.next).toEqual(expect.any(String));
  expect((await call('GET', `/registers/suppliers?cursor=${body.next}`)).status).toBe(400);
  expect((await call('GET', `/registers/contacts?cursor=${body.next}`)).body.records).toHaveLength(1);
});

it('shows nothing twice and passes over nothing while laptops come', async () => {
  const before = (await all('/devices', 'devices', 100)) as { id: string }[];
  const listed = (await all('/devices', 'devices', 1, { between: failing })) as { id: string }[];
  const ids = listed.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(before.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
});

it('shows nothing twice and passes over nothing while findings come to their end', async () => {
  const before = (await all('/findings?subject=firewall', 'findings', 100)) as { device: string }[];
  expect(before.length).toBeGreaterThan(4);
  // The first of the list is put right after its page was read: by a number of entries the next would be passed over.
  const listed = (await all('/findings?subject=firewall', 'findings', 2, {
    between: () => post(collector.url, first.full(sampleFacts('on'))),
  })) as { device: string }[];
  expect(listed.map(({ device }) => device)).toEqual(before.map(({ device }) => device));
});
