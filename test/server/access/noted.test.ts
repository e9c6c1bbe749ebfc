import { afterAll, beforeAll, expect, it } from 'vitest';
import type { User } from '../../../server/storage/users.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { ask, fill, type House, openHouse } from './routes.ts';

let house: House;
let reader: User;
let headers: Record<string, string>;
/** What belongs to this organization and to a person, by the parameter that names it. */
let names: Record<string, string>;

/** Asks for a reason and tells nothing yet; the answer to it is noted with the reason. */
const tellsNothing = '/organizations/:organization/devices/:device/holder';

/** Pages that show one laptop, one person or one person's data, or a list of people. */
const isAboutAPerson = (url: string) =>
  /:device|:person\b|\/people$|\/audit(\.csv)?$/.test(url) && !url.includes('/attestations/');

beforeAll(async () => {
  house = await openHouse();
  const { collector } = house;
  const { stores, organization } = collector;
  reader = await house.person('reader', ['admin', 'contractor', 'dpo', 'auditor'], organization);
  headers = await house.session(reader);
  const device = await collector.device();
  expect((await post(collector.url, device.full(sampleFacts('off')))).status).toBe(201);
  const subject = await stores.people.create(
    organization.number,
    { name: 'Naledi Dube', email: 'naledi@acme.example', kind: 'staff' },
    new Date(),
  );
  names = { organization: organization.id, device: device.id, person: reader.id, subject: subject.id };
}, 60_000);
afterAll(() => house.collector.close());

it('notes every look at a laptop or a person, whichever page or program it is by', async () => {
  const { stores, organization, app } = house.collector;
  const routes = app.callers.filter(
    ({ method, url, caller }) =>
      method === 'GET' && caller.startsWith('organization:') && isAboutAPerson(url) && url !== tellsNothing,
  );
  expect(routes.length).toBeGreaterThan(8);
  const unnoted: string[] = [];
  for (const { url } of routes) {
    const person = url.includes('/privacy/people/') ? names['subject'] : names['person'];
    const [last] = await stores.audit.list(organization.number, undefined, 1);
    const { statusCode } = await ask(
      house,
      'GET',
      fill(url, { ...names, person: person ?? '', exporter: 'fact-sheet-pdf', export: 'fact-sheet-pdf' }),
      headers,
    );
    const [newest] = await stores.audit.list(organization.number, undefined, 1);
    const isNoted = newest?.actor === `user:${reader.id}` && newest.number > (last?.number ?? 0);
    if (statusCode !== 200 || !isNoted) unnoted.push(`${url} (${statusCode})`);
  }
  expect(unnoted).toEqual([]);
});
