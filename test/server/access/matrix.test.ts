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
  // The route stands last, so that a longer one moves no other line.
  const cell = (text: string, width: number) => text.padEnd(width);
  const line = (cells: readonly string[], caller: string, route: string) =>
    `${cells.map((text) => cell(text, 13)).join('')}${cell(caller, 32)}${route}`;
  const head = line(
    house.askers.map(({ name }) => name),
    'caller',
    'route',
  );
  const body = routes
    .toSorted((a, b) => a.url.localeCompare(b.url) || a.method.localeCompare(b.method))
    .map((route) =>
      line(
        house.askers.map((asker) => expected(route, asker)),
        route.caller,
        `${route.method} ${general(route.url)}`,
      ),
    );
  const reviewed = [head, ...new Set(body)];
  await expect(`${reviewed.join('\n')}\n`).toMatchFileSnapshot('matrix.txt');
});
