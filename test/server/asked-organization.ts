import { afterAll, beforeAll } from 'vitest';
import type { Organization } from '../../server/storage/organizations.ts';
import { presets } from '../../shared/policies/index.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { signedIn } from './signed-in.ts';

export let collector: SampleCollector;
export let lesoko: Organization;
const sessions = new Map<string, { cookie: string; csrf: string }>();
/** Opens a collector before the tests of a file, with an organization whose people are asked for statements; closes it after them. */
export function askForStatements(): void {
  beforeAll(async () => {
    collector = await startCollector();
    const { stores } = collector;
    const now = new Date();
    const policy = presets.find(({ id }) => id === 'lesoko')?.policy;
    if (policy === undefined) throw new Error('no policy');
    lesoko = await stores.organizations.create(
      { name: 'Lesoko', contact: 'dpo@lesoko.example', policy },
      'console',
      now,
    );
    for (const role of ['contractor', 'dpo', 'auditor'] as const) {
      sessions.set(role, await signedIn(collector, role, [role], { in: lesoko, how: 'link' }));
    }
  });
  afterAll(() => collector.close());
}

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export async function page(path: string, form?: Record<string, string>, role = 'contractor') {
  const session = sessions.get(role);
  const response = await fetch(`${collector.url}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      cookie: session?.cookie ?? '',
      accept: 'text/html',
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form !== undefined && { body: new URLSearchParams({ csrf: session?.csrf ?? '', ...form }) }),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}

export const of = (path: string) => `/organizations/${lesoko.id}${path}`;
export const ask = (changes: Record<string, string> = {}, role?: string) =>
  page(
    of('/attestations'),
    {
      template: 'A-clear-desk',
      statement: 'When I left my workplace, nothing with personal data lay on it.',
      role: 'everybody',
      periodFrom: inDays(-90),
      due: inDays(14),
      people: 'ann@lesoko.example\nbo@lesoko.example',
      ...changes,
    },
    role,
  );
export const linksIn = (text: string) =>
  [...text.matchAll(/\/statement\?code=([\w-]{43})/g)].map(([, code]) => code ?? '');
export const answer = (code: string, said: Record<string, string>) =>
  fetch(`${collector.url}/statement`, { method: 'POST', body: new URLSearchParams({ code, ...said }) });
export const clearDesk = async () => (await page(of('/clauses/LES-4-h'), undefined, 'auditor')).text;
