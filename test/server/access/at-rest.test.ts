import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../server/password.ts';
import type { User } from '../../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { Visitor } from '../visitor.ts';
import { setUpApp } from './set-up-app.ts';

const password = 'correct horse battery staple';
const email = 'thandi@it.example';

let collector: SampleCollector;
let thandi: User;

beforeEach(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  thandi = await stores.users.create({ email, name: 'Thandi Mokoena' }, 'console', at);
  await stores.users.grant(thandi, organization.number, 'admin', 'console', at);
  await stores.users.setPassword(thandi, await hashPassword(password), 'console', at);
});
afterEach(() => collector.close());

const visitor = () => new Visitor(collector.url);
const signIn = (who: Visitor) => who.submit('/sign-in', { email, password });
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** Signs in and sets up an app; answers its secret and the recovery codes. */
async function signInWithApp(who: Visitor) {
  await signIn(who);
  return setUpApp(who, codeOf);
}

/** What somebody finds, or changes, who has the database file itself. */
describe('the database file', () => {
  it('keeps neither secret nor recovery codes readable in the database', async () => {
    const { secret, codes } = await signInWithApp(visitor());
    const database = new DatabaseSync(join(collector.folder, 'collector.db'), { readOnly: true });
    const kept = JSON.stringify([
      database.prepare('select totp_secret from users').all(),
      database.prepare('select hex(digest) from recovery_codes').all(),
      database.prepare('select detail from audit').all(),
    ]);
    database.close();
    expect(kept).not.toContain(secret);
    for (const code of codes) {
      expect(kept).not.toContain(code);
      expect(kept).not.toContain(Buffer.from(code).toString('hex').toUpperCase());
    }
    expect(collector.log.join('')).not.toContain(secret);
  });

  it.each([email, 'nobody@it.example'])(
    'of the password of %s is held up, and noted once',
    async (address) => {
      for (let tries = 0; tries < 10; tries += 1) {
        const { response } = await visitor().submit('/sign-in', { email: address, password: 'guess' });
        expect(response.status).toBe(401);
      }
      const { stores, folder } = collector;
      const database = new DatabaseSync(join(folder, 'collector.db'), { readOnly: true });
      const entries = database.prepare("select subject from audit where action = 'sign-in.locked'").all();
      database.close();
      expect(entries.map(({ subject }) => subject)).toEqual([address === email ? thandi.id : '']);
      expect(await stores.audit.firstBroken()).toBeUndefined();
    },
  );

  it('shows an entry of the audit log that was changed', async () => {
    const admin = visitor();
    await signInWithApp(admin);
    const audit = `/organizations/${collector.organization.id}/audit`;
    const { page } = await admin.get(audit);
    expect(page).toContain('Verified');
    const { head } = await collector.stores.audit.verify();
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    const database = new DatabaseSync(join(collector.folder, 'collector.db'));
    database.exec("update audit set actor = 'user:somebody-else' where number = 2");
    database.close();
    expect((await admin.get(audit)).page).toContain('Entry 2 does not follow the one before it');
  });
});
