import { expect } from 'vitest';
import { hiddenField, type Visitor } from '../visitor.ts';

/** Sets up an authenticator app by the pages, for somebody who is signed in; answers its secret and the recovery codes. */
export async function setUpApp(
  who: Visitor,
  codeOf: (secret: string) => string,
): Promise<{ secret: string; codes: string[] }> {
  const { page } = await who.get('/account/second-factor');
  const secret = (/<code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1] ?? '').replaceAll(' ', '');
  const done = await who.submit('/account/second-factor', {
    sealed: hiddenField(page, 'sealed'),
    code: codeOf(secret),
    next: '/',
  });
  expect(done.response.status).toBe(200);
  return {
    secret,
    codes: [...done.page.matchAll(/<li>([0-9A-Z-]{14})<\/li>/g)].map(([, code]) => code ?? ''),
  };
}
