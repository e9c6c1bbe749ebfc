import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPolicyYaml } from '../../../server/policy-yaml.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { checks } from '../../../shared/checks/index.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let other: Organization;
let cookie: string;

const stricter = (version: number) =>
  extendPolicy(
    basePolicy(),
    AuthoredPolicy.parse({
      policy: 'acme',
      version,
      checks: { 'screen-lock': { idle: { maxSeconds: 300, clauses: ['ACM-4'], numberFrom: 'text' } } },
    }),
  );

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    at,
  );
  const thandi = await signedIn(collector, 'thandi', ['manager'], { called: 'Thandi Mokoena' });
  ({ cookie } = thandi);
  await stores.organizations.publish(organization.number, stricter(2), `user:${thandi.user.id}`, at, {
    reason: 'The text says five minutes',
  });
});
afterAll(() => collector.close());

async function get(path: string, of: Organization = collector.organization) {
  const response = await fetch(`${collector.url}/organizations/${of.id}/policy${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test('the policy in force is told in words, with its versions, dates and who published them', async () => {
  const { status, text } = await get('');
  expect(status).toBe(200);
  for (const { title } of Object.values(checks)) expect(text).toContain(title);
  expect(text).toContain('Locks after at most 5 minutes');
  expect(text).toContain('ACM-4');
  expect(text).toContain('The company’s own text');
  expect(text).toContain('published by Thandi Mokoena');
  expect(text).toContain('The text says five minutes');
  // Somebody who may only read is offered nothing to change.
  expect(text).not.toContain('Change the policy');
});

test('an older version is shown as it was, and any two are compared', async () => {
  const first = await get('/versions/1');
  expect(first.text).toContain('Locks after at most 15 minutes');
  expect(first.text).toContain('Was in force from');
  const { text } = await get('/compare?from=1&to=2');
  expect(text).toMatch(/15 minutes<\/td>.*<strong>5 minutes<\/strong>/);
  expect(text).not.toContain('Asks for less');
  expect((await get('/compare?from=2&to=1')).text).toContain('Asks for less than the company’s own text');
  expect((await get('/compare?from=2&to=2')).text).toContain('exactly the same');
});

test('a version is downloaded as YAML and means the same when it is read again', async () => {
  const { headers, text } = await get('/versions/2.yaml');
  expect(headers.get('content-disposition')).toBe('attachment; filename="policy-acme-2.yaml"');
  expect(readPolicyYaml(text).checks).toEqual(stricter(2).checks);
});

test('what is no version, and another organization’s policy, is not there', async () => {
  for (const path of ['/versions/3', '/versions/3.yaml', '/compare?from=1&to=3']) {
    expect((await get(path)).status, path).toBe(404);
  }
  for (const path of ['', '/versions/1', '/versions/1.yaml', '/compare?from=1&to=1']) {
    expect((await get(path, other)).status, path).toBe(404);
  }
});

test('whoever may only read takes nothing back', async () => {
  const csrf = /name="csrf" value="([^"]+)"/.exec((await get('')).text)?.[1] ?? '';
  const response = await fetch(
    `${collector.url}/organizations/${collector.organization.id}/policy/versions/2/withdraw`,
    {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', cookie },
      body: new URLSearchParams({ csrf }),
    },
  );
  expect(response.status).toBe(403);
});
