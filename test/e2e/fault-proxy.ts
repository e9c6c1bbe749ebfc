import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What can happen to a request between an agent and its collector. `lost`: it arrives, its answer does not. */
export const networkFaults = ['none', 'cut', 'lost', 'busy', 'error', 'page', 'redirect'] as const;
export type NetworkFault = (typeof networkFaults)[number];

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A bad network in front of a collector: asks before each request what to do with it. With a certificate it is the place where
 * TLS ends, as a web server before a collector is.
 */
export class FaultProxy {
  /** Decides over each request as it comes. */
  next: () => NetworkFault = () => 'none';
  /** No connection is accepted. */
  offline = false;
  /** Requests that came in while another certificate than the true one was shown. */
  sentToImpostor = 0;
  readonly #server: Server;
  readonly #target: string;
  readonly #certificate: Certificate | undefined;
  #swapped = false;

  private constructor(target: string, certificate: Certificate | undefined) {
    this.#target = target;
    this.#certificate = certificate;
    const handle = (incoming: IncomingMessage, response: ServerResponse) => this.#handle(incoming, response);
    this.#server = certificate === undefined ? createServer(handle) : createSecureServer(certificate, handle);
    this.#server.on('connection', (socket) => {
      if (this.offline) socket.destroy();
    });
  }

  static async start(target: string, certificate?: Certificate): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, certificate);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  }

  /** Shows another certificate to everybody who connects from now on; undefined = the true one again. */
  show(certificate: Certificate | undefined): void {
    this.#swapped = certificate !== undefined;
    const shown = certificate ?? this.#certificate;
    if (shown !== undefined) (this.#server as SecureServer).setSecureContext({ ...shown });
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    if (this.#swapped) this.sentToImpostor += 1;
    const fault = this.next();
    if (fault === 'cut') incoming.socket.destroy();
    else if (fault === 'none' || fault === 'lost') this.#forward(incoming, response, fault === 'lost');
    else answer(fault, incoming, response);
  }

  #forward(incoming: IncomingMessage, response: ServerResponse, lose: boolean): void {
    const { hostname, port } = new URL(this.#target);
    const outgoing = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (genuine) => {
        if (lose) {
          genuine.resume();
          genuine.on('end', () => response.socket?.destroy());
          return;
        }
        response.writeHead(genuine.statusCode ?? 500, genuine.headers);
        genuine.pipe(response);
      },
    );
    outgoing.on('error', () => response.socket?.destroy());
    incoming.pipe(outgoing);
  }
}

/** Answers in the collector's place, once the whole request has come. */
function answer(fault: NetworkFault, incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume();
  incoming.on('end', () => {
    if (fault === 'busy') response.writeHead(503, { 'retry-after': '1' }).end();
    else if (fault === 'error') response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>');
    else if (fault === 'page')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    else response.writeHead(302, { location: 'http://sign-in.example/' }).end();
  });
}
