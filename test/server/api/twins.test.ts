import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { twins } from './twins.ts';

let collector: SampleCollector;

beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const base = '/api/v1/organizations/:organization';
const isWrite = (method: string) => !['GET', 'HEAD'].includes(method);

it('every form of the pages is in the API under the same permission, or it is written why not', () => {
  const { callers } = collector.app;
  const forms = callers.filter(({ method, url }) => isWrite(method) && !url.startsWith('/api/'));
  expect(forms.length).toBeGreaterThan(60);
  const wrong: string[] = [];
  for (const { url, caller } of forms) {
    const twin = twins[url];
    if (twin === undefined)
      wrong.push(`${url}: say in twins.ts what it is in the API, or why it is not there`);
    else if ('none' in twin) {
      if (twin.none.length < 30) wrong.push(`${url}: the reason is no reason`);
    } else {
      const found = twin.api.map((route) => {
        const [method = '', path = ''] = route.split(' ');
        const address = path.startsWith('/api/') ? path : `${base}${path}`;
        const known = callers.find((one) => one.method === method && one.url === address);
        if (known === undefined) wrong.push(`${url}: there is no ${route}`);
        return known?.caller;
      });
      // Steps of registers ask for more than their page, which leaves the rest to the desk.
      const isStep = url.endsWith('/steps/:step');
      if (!isStep && found.some((one) => one !== undefined && one !== caller)) {
        wrong.push(`${url}: ${caller} on the page, ${found} in the API`);
      }
    }
  }
  for (const url of Object.keys(twins)) {
    if (!forms.some((form) => form.url === url)) wrong.push(`${url} is in twins.ts and nowhere else`);
  }
  expect(wrong).toEqual([]);
});
