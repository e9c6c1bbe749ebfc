import { afterAll, beforeAll, expect, it } from 'vitest';
import { registers } from '../../../server/registers/index.ts';
import { answerOf, ask, expected, fill, type House, openHouse, type Route } from './routes.ts';

let house: House;
let routes: readonly Route[];

beforeAll(async () => {
  house = await openHouse();
  // A HEAD is its GET without the body; assets have names that change with what is in them.
  routes = house.collector.app.callers.filter(
    ({ method, url }) => method !== 'HEAD' && !url.startsWith('/assets/'),
  );
}, 60_000);
afterAll(() => house.collector.close());

/** Routes that are the same for every register, once; each of them is asked for all the same. */
const general = (url: string) =>
  registers.reduce(
    (text, { id }) => text.replace(`/registers/${id}`, '/registers/{register}'),
    url.replace(/\/steps\/[a-z-]+$/, '/steps/{step}'),
  );

it('lets in whom the table of permissions lets in, at every route, and nobody else', async () => {
  const wrong: string[] = [];
  for (const route of routes) {
    for (const asker of house.askers) {
      const names = { organization: house.collector.organization.id };
      const answer = answerOf(
        route,
        asker,
        await ask(house, route.method, fill(route.url, names), asker.headers),
      );
      const should = expected(route, asker);
      if (answer !== should) {
        wrong.push(`${asker.name}: ${route.method} ${route.url} is "${answer}", should be "${should}"`);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 240_000);

it('is the table that was reviewed', async () => {
  const columns = house.askers.map(({ name }) => name);
  const rows = routes.map((route) => [
    `${route.method.padEnd(6)} ${general(route.url)}`,
    route.caller,
    ...house.askers.map((asker) => expected(route, asker)),
  ]);
  const table = [['', 'caller', ...columns], ...rows];
  const widths = [
    ...table.reduce(
      (most, row) => row.map((cell, index) => Math.max(cell.length, most[index] ?? 0)),
      [] as number[],
    ),
  ];
  const lines = table.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  const reviewed = [
    head,
    ...new Set(body.toSorted((a, b) => a.slice(7).localeCompare(b.slice(7)) || a.localeCompare(b))),
  ];
  await expect(`${reviewed.join('\n')}\n`).toMatchFileSnapshot('matrix.txt');
});
