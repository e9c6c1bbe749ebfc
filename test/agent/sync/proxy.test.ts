import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { openCollector } from '../../../agent/sync/client.ts';
import { CollectorAgent } from '../../../agent/sync/connection.ts';
import { isLoopback } from '../../../agent/sync/loopback.ts';
import { proxyFor } from '../../../agent/sync/proxy.ts';
import { certificateOne, certificateTwo } from './certificates.ts';
import { FakeCollector, pinOf } from './fake-collector.ts';

const target = new URL('https://collector.acme.example:8443/');

test.each([
  [{}, undefined],
  [{ HTTPS_PROXY: 'http://proxy.acme.example:3128' }, 'proxy.acme.example:3128'],
  [{ HTTPS_PROXY: 'proxy.acme.example:3128' }, 'proxy.acme.example:3128'],
  [{ https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, 'lower:1'],
  [{ ALL_PROXY: 'http://all:1' }, 'all:1'],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: '*' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'other.example, .acme.example' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'acme.example' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'cme.example' }, 'proxy:1'],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'collector.acme.example:8443' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'collector.acme.example:443' }, 'proxy:1'],
  [{ HTTPS_PROXY: 'socks5://proxy:1' }, undefined],
  [{ HTTPS_PROXY: 'http://[' }, undefined],
])('the proxy of %j is %s', (env, host) => {
  expect(proxyFor(target, env as Record<string, string>)?.host).toBe(host);
});

test('this machine itself is never asked for through a proxy', () => {
  expect(proxyFor(new URL('https://127.0.0.1:1/'), { HTTPS_PROXY: 'http://proxy:1' })).toBeUndefined();
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]']) expect(isLoopback(host)).toBe(true);
  for (const host of ['127.0.0.1.example', '0.0.0.0', '192.168.1.1', 'localhost.example', '[::2]']) {
    expect(isLoopback(host), host).toBe(false);
  }
});

/** A proxy that tunnels every host to one port of this machine, and writes down what it was asked. */
async function startProxy(port: () => number, status = 200) {
  const asked: { target: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = connect(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, port: (server.address() as AddressInfo).port, stop: () => server.close() };
}

async function throughProxy<T>(proxy: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['HTTPS_PROXY'];
  process.env['HTTPS_PROXY'] = proxy;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['HTTPS_PROXY'];
    else process.env['HTTPS_PROXY'] = before;
  }
}

test('a tunnel: the proxy sees the host only, and the pin holds at its other end', async () => {
  const collector = await FakeCollector.start();
  const impostor = await FakeCollector.start({ tls: certificateTwo });
  let to = collector;
  const proxy = await startProxy(() => to.port);
  const url = 'https://collector.test:8443';
  await throughProxy(`http://us%20er:secret@127.0.0.1:${proxy.port}`, async () => {
    const open = openCollector(url, pinOf(certificateOne.cert));
    expect((await open.request({ method: 'GET', path: '/healthz' })).status).toBe(200);
    open.close();
    to = impostor;
    const second = openCollector(url, pinOf(certificateOne.cert));
    await expect(second.request({ method: 'GET', path: '/healthz' })).rejects.toMatchObject({
      kind: 'impostor',
    });
    second.close();
  });
  expect(proxy.asked[0]).toEqual({
    target: 'collector.test:8443',
    authorization: `Basic ${Buffer.from('us er:secret').toString('base64')}`,
  });
  expect(impostor.requests).toEqual([]);
  proxy.stop();
  await collector.stop();
  await impostor.stop();
});

test('a proxy that refuses is named, with what it wants', async () => {
  const proxy = await startProxy(() => 1, 407);
  await throughProxy(`http://127.0.0.1:${proxy.port}`, async () => {
    const open = openCollector('https://collector.test', null);
    await expect(open.request({ method: 'GET', path: '/healthz' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('proxy'),
    });
    open.close();
  });
  proxy.stop();
});

test('a pinned connection is never resumed without its certificate', () => {
  const agent = new CollectorAgent(target, 'a'.repeat(64));
  expect(agent.options.maxCachedSessions).toBe(0);
  agent.destroy();
});
