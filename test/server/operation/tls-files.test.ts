import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTls, watchTls } from '../../../server/operation/tls-files.ts';
import { createSelfSigned } from '../../../server/signing/self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-tls-'));
const files = { cert: join(folder, 'live.crt'), key: join(folder, 'live.key') };
const pairs = ['first', 'second'].map((name) => ({
  cert: join(folder, `${name}.crt`),
  key: join(folder, `${name}.key`),
}));
const [first, second] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];
const said: string[] = [];
let server: Server;
let watching: ReturnType<typeof watchTls>;

const use = (pair: { cert: string; key: string }) => {
  copyFileSync(pair.cert, files.cert);
  copyFileSync(pair.key, files.key);
};
const serialOf = (path: string) => new X509Certificate(readFileSync(path)).serialNumber;

/** The serial number of the certificate a new connection is shown. */
async function shown(): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerX509Certificate() ?? { serialNumber: 'none' };
  socket.destroy();
  return serialNumber;
}

async function eventually(expected: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await expected()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to that');
}

beforeAll(async () => {
  for (const pair of pairs) await createSelfSigned(pair, 'localhost');
  use(first);
  const pair = readTls(files);
  server = createServer(pair, (_request, response) => response.end('ok'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const note = (fields: object | string, message?: string) => said.push(message ?? String(fields));
  watching = watchTls(files, pair, server, { info: note, error: note }, 20);
});
afterAll(() => {
  watching.stop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a renewed certificate is shown to new connections, without a restart', async () => {
  expect(await shown()).toBe(serialOf(first.cert));
  use(second);
  await eventually(async () => (await shown()) === serialOf(second.cert));
  expect(watching.endsAt()).toEqual(new X509Certificate(readFileSync(second.cert)).validToDate);
  expect(said).toEqual(['the certificate was renewed']);
});

test('one that cannot be used is said once, and the one before stays', async () => {
  said.length = 0;
  for (const spoil of [
    () => writeFileSync(files.cert, 'no certificate'),
    () => use({ cert: first.cert, key: second.key }),
    () => rmSync(files.key),
  ]) {
    spoil();
    const before = said.length;
    await eventually(() => said.length > before);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(said.length).toBe(before + 1);
    expect(said.at(-1)).toContain('the one before stays');
    expect(await shown()).toBe(serialOf(second.cert));
  }
  use(first);
  await eventually(async () => (await shown()) === serialOf(first.cert));
});

test('at the start a pair that does not belong together is refused in words', () => {
  expect(() => readTls({ cert: first.cert, key: second.key })).toThrow('no certificate and its key');
});
