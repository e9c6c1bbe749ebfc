import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemMediaType } from '../../../server/problem.ts';
import { ask, examplesOf, fill, type House, openHouse } from '../access/routes.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.collector.close());

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly requestBody?: object;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

const base = '/api/v1/organizations';

test('every route says what it takes, what it answers, who may ask, and how an error looks', async () => {
  const response = await fetch(`${house.collector.url}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const wrong: string[] = [];
  for (const [path, operations] of Object.entries(paths).filter(([address]) => address.startsWith(base))) {
    for (const [method, operation] of Object.entries(operations)) {
      const at = `${method.toUpperCase()} ${path}`;
      const { responses, parameters = [] } = operation;
      if (!operation.summary || !operation.tags?.length) wrong.push(`${at} does not say what it is for`);
      if (!operation.security?.length) wrong.push(`${at} does not say who may ask`);
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const isDescribed = ([status, { content }]: (typeof good)[number]) =>
        ['202', '204'].includes(status) || Object.keys(content ?? {}).length > 0;
      if (good.length === 0 || !good.every(isDescribed)) wrong.push(`${at} does not say what it answers`);
      for (const status of ['4XX', '5XX']) {
        if (responses[status]?.content?.[problemMediaType] === undefined) {
          wrong.push(`${at} does not say how ${status} looks`);
        }
      }
      const names = new Set(parameters.filter((one) => one.in === 'path').map(({ name }) => name));
      for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
        if (!names.has(name)) wrong.push(`${at} does not describe {${name}}`);
      }
      const hasKey = parameters.some(({ name }) => name === 'idempotency-key');
      if (hasKey === (method === 'get')) wrong.push(`${at}: only writes have a key`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every example of a body is understood', async () => {
  const { collector } = house;
  const everything = ['admin', 'contractor', 'reviewer', 'dpo', 'auditor'] as const;
  const headers = await house.session(await house.person('everything', everything, collector.organization));
  const writes = collector.app.callers.filter(
    ({ method, url }) => url.startsWith(base) && !['GET', 'HEAD'].includes(method),
  );
  const wrong: string[] = [];
  let asked = 0;
  for (const { method, url } of writes) {
    // What registers take is made of their fields, and said there.
    if (/\/registers\//.test(url)) continue;
    const examples = examplesOf(collector, method, url);
    const path = collector.app.swagger().paths?.[url.replaceAll(/:(\w+)/g, '{$1}')] as Readonly<
      Record<string, Operation>
    >;
    const takesBody = path[method.toLowerCase()]?.requestBody !== undefined;
    if (takesBody && examples.length === 0) wrong.push(`${method} ${url} has no example`);
    for (const example of examples) {
      asked += 1;
      const names = { organization: collector.organization.id, role: 'contractor' };
      const { statusCode, body } = await ask(house, method, fill(url, names), headers, example);
      if (statusCode === 400 || statusCode >= 500) wrong.push(`${method} ${url}: ${statusCode} ${body}`);
    }
  }
  expect(asked).toBeGreaterThan(25);
  expect(wrong).toEqual([]);
});
