/** Calls of the API by people of every role and by programs, over real HTTP. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type House, openHouse } from '../access/routes.ts';
import type { SampleCollector } from '../sample-collector.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly replayed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what an API answers is looked at member by member
  readonly body: any;
}

export interface Call {
  readonly asker?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls below the address of the house's organization, or at a whole address. */
function callsOf({ collector, askers }: House) {
  const base = `${collector.url}/api/v1/organizations/${collector.organization.id}`;
  const as = (name: string) => askers.find((asker) => asker.name === name)?.headers ?? {};

  async function call(method: string, path: string, { asker = 'admin', body, headers = {} }: Call = {}) {
    const response = await fetch(path.startsWith('http') ? path : base + path, {
      method,
      headers: {
        ...as(asker),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const answer: Answer = {
      status: response.status,
      type,
      headers: response.headers,
      replayed: response.headers.get('idempotency-replayed') === 'true',
      body: type.includes('json') && text !== '' ? JSON.parse(text) : text,
    };
    return answer;
  }

  /** Every entry of a list, page by page. `between` happens after each page. */
  async function all(
    path: string,
    entries: string,
    limit: number,
    { asker = 'admin', between }: { asker?: string; between?: () => Promise<unknown> } = {},
  ) {
    const found: unknown[] = [];
    let cursor = '';
    for (let pages = 0; pages < 50; pages += 1) {
      const separator = path.includes('?') ? '&' : '?';
      const { status, body } = await call('GET', `${path}${separator}limit=${limit}${cursor}`, { asker });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body[entries].length).toBeLessThanOrEqual(limit);
      found.push(...body[entries]);
      if (body.next === null) return found;
      cursor = `&cursor=${body.next}`;
      await between?.();
    }
    throw new Error('the list has no end');
  }

  return { base, call, all };
}

export let house: House;
export let collector: SampleCollector;
/** The address of the house's organization. */
export let base: string;
export let call: ReturnType<typeof callsOf>['call'];
export let all: ReturnType<typeof callsOf>['all'];

/** Opens a house before the tests of a file, to be called by whoever is in it, and closes it after them. */
export function callHouse(): void {
  beforeAll(async () => {
    house = await openHouse();
    ({ collector } = house);
    ({ base, call, all } = callsOf(house));
  });
  afterAll(() => collector.close());
}
