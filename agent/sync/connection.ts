import { createHash } from 'node:crypto';
import { Agent as HttpAgent, request } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { findProxy } from './find-proxy.ts';

/** The host at the other end showed another certificate than the one that was pinned at enrollment. */
export class WrongCertificate extends Error {
  override readonly name = 'WrongCertificate';
  readonly code = 'WRONG_CERTIFICATE';
}

const connectTimeoutMs = 15_000;

/**
 * Connections to the collector and to nobody else. With a pin the certificate's SHA-256 decides, before the first byte of a
 * request is written; without one the usual authorities and the host name do. Sessions are never resumed, so that every
 * connection shows its certificate.
 */
export class CollectorAgent extends HttpsAgent {
  readonly #pin: string | null;
  readonly #target: URL;

  constructor(target: URL, pin: string | null) {
    super({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
    this.#pin = pin;
    this.#target = target;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const done = callback as (error: Error | null, socket?: Socket) => void;
    this.#open().then(
      (socket) => done(null, socket),
      (error: Error) => done(error),
    );
    return undefined;
  }

  async #open(): Promise<TLSSocket> {
    const host = this.#target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(this.#target.port || 443);
    const { proxy } = await findProxy(this.#target, process.env);
    const through = proxy === undefined ? undefined : await tunnel(proxy, host, port);
    const options: ConnectionOptions = {
      ...(through === undefined ? { host, port } : { socket: through }),
      ...(isIP(host) === 0 && { servername: host }),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      // With a pin nobody has to vouch for the certificate: it is the very one that was expected, or it is refused below.
      rejectUnauthorized: this.#pin === null,
    };
    return new Promise((resolve, reject) => {
      const socket = connect(options);
      const fail = (error: Error) => {
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      };
      const timer = setTimeout(() => fail(timeout()), connectTimeoutMs);
      socket.once('error', fail);
      socket.once('secureConnect', () => {
        if (this.#pin !== null) {
          const shown = socket.getPeerX509Certificate()?.raw;
          const digest = shown === undefined ? '' : createHash('sha256').update(shown).digest('hex');
          if (digest !== this.#pin) return fail(new WrongCertificate('not the pinned certificate'));
        }
        clearTimeout(timer);
        socket.off('error', fail);
        resolve(socket);
      });
    });
  }
}

/** For a collector on this machine: plain HTTP, no proxy. */
export const loopbackAgent = () => new HttpAgent({ keepAlive: true, maxSockets: 1 });

/** A tunnel through a proxy (`CONNECT`): the proxy sees host and port, never a request. */
function tunnel(proxy: URL, host: string, port: number): Promise<Socket> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const credentials =
    proxy.username === ''
      ? {}
      : {
          'proxy-authorization': `Basic ${Buffer.from(
            `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`,
          ).toString('base64')}`,
        };
  return new Promise((resolve, reject) => {
    const asked = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: Number(proxy.port || 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...credentials },
      agent: false,
      timeout: connectTimeoutMs,
    });
    asked.once('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      const why =
        response.statusCode === 407 ? 'it asks for a name and a password' : `status ${response.statusCode}`;
      reject(Object.assign(new Error(`the proxy refused: ${why}`), { code: 'PROXY_REFUSED' }));
    });
    asked.once('response', (response) => {
      response.destroy();
      reject(Object.assign(new Error('the proxy does not tunnel'), { code: 'PROXY_REFUSED' }));
    });
    asked.once('timeout', () => asked.destroy(timeout()));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      reject(Object.assign(error, { code: error.code === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'PROXY_UNREACHABLE' })),
    );
    asked.end();
  });
}

const timeout = () => Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
