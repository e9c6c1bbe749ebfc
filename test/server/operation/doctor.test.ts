import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';
import { CollectorProcess } from '../collector-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
let database: TestDatabase;
let collector: CollectorProcess;

interface Answer {
  readonly settings: Record<string, string>;
  readonly diagnoses: { about: string; state: string; found: string; remedy?: string }[];
}

const ask = async (environment: NodeJS.ProcessEnv = {}) => {
  const asked = await CollectorProcess.at(folder, { DATABASE_URL: database.address, ...environment });
  const { code, stdout, stderr } = await asked.run(['doctor', '--json']);
  return { code, stderr, ...(JSON.parse(stdout || '{"diagnoses":[]}') as Answer) };
};
const about = ({ diagnoses }: Answer, what: string) => diagnoses.find((one) => one.about === what);

beforeAll(async () => {
  database = await newDatabase(folder);
  collector = await CollectorProcess.at(folder, { DATABASE_URL: database.address });
}, 60_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('before anything is set up it says what is missing, and makes nothing', async () => {
  const answer = await ask();
  expect(answer.code).toBe(1);
  expect(about(answer, 'keys')).toMatchObject({ state: 'wrong' });
  expect(about(answer, 'database')).toMatchObject({
    state: 'wrong',
    remedy: expect.stringContaining('setup'),
  });
  expect(existsSync(join(folder, 'collector.db'))).toBe(false);
});

test('a collector in order: everything is looked at, and only a backup is missing', async () => {
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  const answer = await ask();
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  expect(answer.diagnoses.filter(({ state }) => state !== 'ok').map((one) => one.about)).toEqual(['backup']);
  expect(answer.diagnoses.map((one) => one.about)).toEqual(
    expect.arrayContaining(['keys', 'disk', 'database', 'audit log', 'evidence', 'backup']),
  );
  const key = await collector.run(['backup-key', '--to', join(folder, 'key')]);
  await collector.run(['backup', '--to', join(folder, 'b.muster'), '--recipient', key.stdout.trim()]);
  expect(about(await ask(), 'backup')).toMatchObject({ state: 'ok', found: 'the last one today' });
});

test('settings are shown without what must not be', async () => {
  const answer = await ask({
    METRICS_TOKEN: 'very-secret-metrics-token',
    TRUSTED_PROXIES: '10.0.0.1, fd00::/8',
  });
  expect(answer.settings).toMatchObject({ metricsToken: 'set', trustedProxies: '10.0.0.1, fd00::/8' });
  const postgres = await ask({ DATABASE_URL: 'postgres://muster:hunter2hunter2@127.0.0.1:1/muster' });
  expect(postgres.code).toBe(1);
  expect(about(postgres, 'database')).toMatchObject({
    state: 'wrong',
    found: expect.stringContaining('ECONNREFUSED'),
  });
  expect(JSON.stringify([answer, postgres])).not.toMatch(/very-secret|hunter2/);
});

test('keys that others may read, and settings that cannot be used', async () => {
  chmodSync(join(folder, 'collector-key.pem'), 0o644);
  expect(about(await ask(), 'keys')).toMatchObject({
    state: 'wrong',
    remedy: expect.stringContaining('chmod'),
  });
  chmodSync(join(folder, 'collector-key.pem'), 0o600);
  for (const [name, value] of [
    ['METRICS_TOKEN', 'short'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['TRUSTED_PROXIES', '10.0.0.0/64'],
    ['DATABASE_URL', 'mysql://x'],
  ] as const) {
    const { code, stderr } = await ask({ [name]: value });
    expect([name, code]).toEqual([name, 78]);
    expect(stderr).toContain(name);
    expect(stderr).not.toContain('everybody');
  }
});

test('a mail server is asked whether it would take something', async () => {
  expect(about(await ask(), 'mail')).toMatchObject({
    state: 'ok',
    found: expect.stringContaining('SMTP_URL'),
  });
  const receiver = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], logger: false });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.server.address() as AddressInfo;
  const SMTP_URL = `smtp://127.0.0.1:${port}`;
  expect(about(await ask({ SMTP_URL }), 'mail')).toMatchObject({ state: 'ok' });
  await new Promise<void>((resolve) => receiver.close(resolve));
  const silent = await ask({ SMTP_URL: SMTP_URL.replace('//', '//me:hunter2hunter2@') });
  expect(about(silent, 'mail')).toMatchObject({ state: 'wrong', found: expect.stringContaining('reached') });
  expect(JSON.stringify(silent)).not.toContain('hunter2');
});

test('a certificate that ends, is for another host or has no key is named', async () => {
  const files = { TLS_CERT: join(folder, 'tls.crt'), TLS_KEY: join(folder, 'tls.key') };
  writeFileSync(files.TLS_CERT, 'nothing');
  writeFileSync(files.TLS_KEY, 'nothing');
  expect(about(await ask(files), 'certificate')).toMatchObject({ state: 'wrong' });
  const { createSelfSigned } = await import('../../../server/signing/self-signed.ts');
  rmSync(files.TLS_CERT);
  await createSelfSigned({ cert: files.TLS_CERT, key: files.TLS_KEY }, 'muster.example');
  const named = { ...files, PUBLIC_URL: 'https://muster.example' };
  expect(about(await ask(named), 'certificate')).toMatchObject({ state: 'ok' });
  expect(about(await ask({ ...files, PUBLIC_URL: 'https://other.example' }), 'certificate')).toMatchObject({
    state: 'wrong',
    found: expect.stringContaining('other.example'),
  });
});
