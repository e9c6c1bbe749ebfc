import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can happen to a request between an agent and its collector. `lost`: it arrives, its answer does not. */
export const networkFaults = ['none', 'cut', 'lost', 'busy', 'error', 'page', 'redirect'] as const;
export type NetworkFault = (typeof networkFaults)[number];

/** A bad network in front of a collector: asks before each request what to do with it. */
export class FaultProxy {
  /** Decides over each request as it comes. */
  next: () => NetworkFault = () => 'none';
  readonly #server: Server;
  readonly #target: string;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, response) => this.#handle(incoming, response));
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
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
