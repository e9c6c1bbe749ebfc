import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigurationError, readConfiguration } from '../../server/configuration.ts';
import { parseToken } from '../../shared/api.ts';
import { CollectorProcess } from './collector-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-cli-'));
let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.at(join(folder, 'data'));
}, 60_000);
afterAll(async () => {
  await collector.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const setup = ['setup', '--organization', 'Acme', '--admin', 'it@acme.example'];

describe('the collector command', () => {
  test('says what to type when it was typed wrongly, on one line, and exits with 64', async () => {
    for (const args of [
      [],
      ['nonsense'],
      ['serve', '--port', '1'],
      ['setup'],
      ['token', '--expires', 'soon'],
    ]) {
      const { code, stdout, stderr } = await collector.run(args);
      expect([args, code, stdout]).toEqual([args, 64, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await collector.run(['--version'])).stdout).toMatch(/^collector \d+\.\d+\.\d+\n$/);
  });

  test('helps with every setting that the guides name', async () => {
    const { code, stdout, stderr } = await collector.run(['help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = ['collector', 'access']
      .map((guide) => readFileSync(join(import.meta.dirname, `../../docs/${guide}.md`), 'utf8'))
      .flatMap((guide) => guide.split('\n').filter((line) => line.startsWith('| `')));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(stdout.match(/[A-Z][A-Z_]+/g)).toEqual(expect.arrayContaining(named));
  });

  test('a reader that stops early is no fault', async () => {
    expect(await collector.runUnread(['help'])).toEqual({ code: 0, stderr: '' });
  });

  test('before it is set up, says how to', async () => {
    for (const command of ['token', 'status', 'verify', 'serve']) {
      const { code, stderr } = await collector.run([command]);
      expect([command, code]).toEqual([command, 78]);
      expect(stderr).not.toBe('');
    }
  });

  test('is set up once; a second time changes nothing', async () => {
    const first = await collector.run(setup);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('/sign-in/link?code=');
    for (const name of ['collector.db', 'collector-key.pem']) {
      expect(statSync(join(folder, 'data', name)).mode & 0o077).toBe(0);
    }
    const key = readFileSync(join(folder, 'data/collector-key.pem'), 'utf8');
    const second = await collector.run(setup);
    expect(second).toMatchObject({ code: 0, stdout: 'Already set up: Acme. Nothing was changed.\n' });
    expect(readFileSync(join(folder, 'data/collector-key.pem'), 'utf8')).toBe(key);
  });

  test('prints a token alone on stdout, a status for people and one for programs', async () => {
    const { stdout } = await collector.run(['token', '--expires', '7d']);
    const token = parseToken(stdout);
    expect(token).toMatchObject({ url: collector.url, pin: null });
    expect(Date.parse(token?.expiresAt ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect((await collector.run(['status'])).stdout).toContain('Acme, policy base 1: 0 devices');
    expect(JSON.parse((await collector.run(['status', '--json'])).stdout)).toMatchObject({
      schema: 'muster.status/1',
      organizations: [{ organization: 'Acme', counts: { failing: 0 } }],
    });
  });

  test('takes a password from standard input only, and only a long one', async () => {
    const args = ['password', '--email', 'it@acme.example'];
    expect((await collector.run(args, 'short\n')).code).toBe(64);
    expect((await collector.run(args, 'a long enough password\n')).code).toBe(0);
  });

  test('serves until it is told to stop, and a second one on the same port says so', async () => {
    await collector.serve();
    const second = await collector.run(['serve']);
    expect(second.code).toBe(78);
    expect(second.stderr).toContain('PORT');
    expect(await collector.end('SIGTERM')).toBeLessThan(2_000);
  });
});

test('beyond loopback it speaks TLS with a certificate of its own, which the token names', async () => {
  const data = join(folder, 'tls');
  const environment = { HOST: '0.0.0.0', PUBLIC_URL: '' };
  const process = await CollectorProcess.at(data, environment);
  expect((await process.run(setup)).code).toBe(0);
  const certificate = new X509Certificate(readFileSync(join(data, 'tls-certificate.pem')));
  expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
  expect(statSync(join(data, 'tls-key.pem')).mode & 0o077).toBe(0);
  const token = parseToken((await process.run(['token'])).stdout);
  expect(token?.url).toMatch(/^https:\/\/localhost:/);
  expect(token?.pin).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase());

  const { startCollector } = await import('../../server/start-collector.ts');
  const running = await startCollector(
    readConfiguration({ ...process.environment, PORT: '0', LOG_LEVEL: 'silent' }),
  );
  try {
    const seen = await new Promise<string>((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port: running.port, path: '/healthz', rejectUnauthorized: false },
        (response) => {
          const { socket } = response as unknown as { socket: import('node:tls').TLSSocket };
          resolve(`${response.statusCode} ${socket.getPeerX509Certificate()?.fingerprint256}`);
          response.resume();
        },
      );
      call.on('error', reject);
      call.end();
    });
    expect(seen).toBe(`200 ${certificate.fingerprint256}`);
  } finally {
    await running.stop();
  }
});

describe('settings', () => {
  test('that cannot be used are named, without their values', () => {
    for (const [environment, name] of [
      [{ PORT: 'canary' }, 'PORT'],
      [{ DATABASE_URL: 'mysql://user:canary@host/db' }, 'DATABASE_URL'],
      [{ TLS_CERT: '/canary' }, 'TLS_KEY'],
      [{ PUBLIC_URL: 'canary' }, 'PUBLIC_URL'],
    ] as const) {
      expect(() => readConfiguration(environment)).toThrow(ConfigurationError);
      expect(() => readConfiguration(environment)).toThrow(name);
      expect(() => readConfiguration(environment)).not.toThrow('canary');
    }
  });

  test('speak plain HTTP on loopback only', () => {
    expect(readConfiguration({})).toMatchObject({ publicUrl: 'http://127.0.0.1:8443', tls: undefined });
    expect(readConfiguration({ HOST: '192.0.2.1' })).toMatchObject({
      publicUrl: 'https://192.0.2.1:8443',
      selfSigned: true,
    });
    const files = { TLS_CERT: 'a.pem', TLS_KEY: 'b.pem', HOST: '0.0.0.0', PUBLIC_URL: 'https://m.example/' };
    expect(readConfiguration(files)).toMatchObject({ publicUrl: 'https://m.example', selfSigned: false });
  });
});
