import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CollectorProcess } from '../collector-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-user-'));
let collector: CollectorProcess;
const user = (...args: string[]) => collector.run(['user', ...args]);

beforeAll(async () => {
  collector = await CollectorProcess.at(folder);
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Listed {
  readonly organizations: readonly {
    readonly people: readonly {
      readonly email: string;
      readonly disabled: boolean;
      readonly roles: readonly { readonly role: string; readonly expiresAt: string | null }[];
    }[];
  }[];
}
const people = async () => {
  const { stdout } = await user('list', '--json');
  return (JSON.parse(stdout) as Listed).organizations[0]?.people ?? [];
};
const sipho = async () => (await people()).find(({ email }) => email === 'sipho@it.example');

describe('collector user', { timeout: 60_000 }, () => {
  it('adds somebody with a role, and prints the link alone on stdout', async () => {
    const added = await user('add', '--email', 'sipho@it.example', '--name', 'Sipho', '--role', 'contractor');
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout.trim()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in\/link\?code=[\w-]{43}$/);
    expect(await sipho()).toMatchObject({
      disabled: false,
      roles: [{ role: 'contractor', expiresAt: null }],
    });
    expect((await user('list')).stdout).toMatch(/sipho@it\.example +Sipho +contractor; no second factor/);
  });

  it('lists a name somebody chose for themselves without anything a terminal would obey', async () => {
    const name = 'Lindiwe\u001b]0;mine\u0007\u202e';
    await user('add', '--email', 'lindiwe@it.example', '--name', name, '--role', 'reviewer');
    const { stdout } = await user('list');
    expect(stdout).toMatch(/lindiwe@it\.example +Lindiwe \]0;mine +reviewer/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('gives and takes roles; an auditor needs an end', async () => {
    const email = ['--email', 'sipho@it.example'];
    const refused = await user('role', ...email, '--role', 'auditor');
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('choose the last day')]);
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    expect((await user('role', ...email, '--role', 'auditor', '--until', until)).code).toBe(0);
    expect((await user('role', ...email, '--role', 'contractor', '--remove')).code).toBe(0);
    const held = (await sipho())?.roles ?? [];
    expect(held.map(({ role }) => role)).toEqual(['auditor']);
    expect(held[0]?.expiresAt?.slice(0, 10)).toBe(
      new Date(Date.parse(until) + 86_400_000).toISOString().slice(0, 10),
    );
  });

  it('disables and enables, but never the last administrator', async () => {
    expect((await user('disable', '--email', 'sipho@it.example')).code).toBe(0);
    expect((await sipho())?.disabled).toBe(true);
    expect((await user('enable', '--email', 'sipho@it.example')).code).toBe(0);
    const last = await user('disable', '--email', 'it@acme.example');
    expect([last.code, last.stderr]).toEqual([64, expect.stringContaining('nobody would be left')]);
    const taken = await user('role', '--email', 'it@acme.example', '--role', 'admin', '--remove');
    expect(taken.code).toBe(64);
  });

  it('says what to type', async () => {
    for (const args of [
      [],
      ['dance'],
      ['role', '--email', 'nobody@x.example'],
      ['add', '--email', 'x@y.example'],
    ]) {
      const { code, stderr } = await user(...args);
      expect(code, args.join(' ')).toBe(64);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
