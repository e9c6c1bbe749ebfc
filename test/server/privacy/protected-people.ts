import { afterAll, beforeAll, expect } from 'vitest';
import { openRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import type { Person } from '../../../server/storage/people/people.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { type SignedIn, signedIn } from '../signed-in.ts';

export let collector: SampleCollector;
/** The laptop that everybody knows, with a report. */
export let device: SampleDevice;
const people = new Map<string, SignedIn>();
export const author = { actor: 'user:dpo', person: 'user:dpo' } as const;
export const worker = {
  author,
  may: ['registers.read', 'registers.write', 'privacy.manage'] as const,
};

/** Opens a collector before the tests of a file, with a data protection officer, a contractor, an auditor and a laptop; closes it after them. */
export function protectPeople(): void {
  beforeAll(async () => {
    collector = await startCollector();
    people.set('dpo', await signedIn(collector, 'dpo', ['dpo']));
    people.set('contractor', await signedIn(collector, 'contractor', ['contractor']));
    people.set('auditor', await signedIn(collector, 'auditor', ['auditor']));
    device = await collector.device();
    expect((await post(collector.url, device.full(sampleFacts('off')))).status).toBe(201);
  });
  afterAll(() => collector.close());
}

const address = (rest: string) => `${collector.url}/organizations/${collector.organization.id}${rest}`;

export async function open(who: string, rest: string) {
  const response = await fetch(address(rest), {
    redirect: 'manual',
    headers: { cookie: people.get(who)?.cookie ?? '', accept: 'text/html' },
  });
  return { status: response.status, text: await response.text() };
}

export function send(who: string, rest: string, fields: Record<string, string> = {}) {
  const { cookie = '', csrf = '' } = people.get(who) ?? {};
  return fetch(address(rest), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, accept: 'text/html' },
    body: new URLSearchParams({ csrf, ...fields }),
  });
}

export const number = () => collector.organization.number;

export async function person(name: string, of?: SampleDevice): Promise<Person> {
  const at = new Date();
  const made = await collector.stores.people.create(
    number(),
    { name, email: `${name.split(' ')[0]?.toLowerCase()}@acme.example`, kind: 'staff' },
    at,
  );
  if (of !== undefined) await collector.stores.people.assign(number(), of.id, made.id, at);
  return made;
}

export async function record(id: string, values: Parameters<typeof openRecord>[2]) {
  const register = registerById(id);
  if (register === undefined) throw new Error(`no register ${id}`);
  const full = { ...worker, organization: number() };
  return openRecord(collector.stores, register, values, full, new Date());
}

export const request = (name: string, kind = 'erasure') =>
  record('requests', {
    kind,
    receivedOn: new Date().toISOString().slice(0, 10),
    channel: 'mail',
    jurisdiction: 'eu',
    person: name,
    words: `I, ${name}, want this.`,
  });
