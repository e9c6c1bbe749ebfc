import type { IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';

interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = (server: Server) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));

/** Somebody who listens where the collector should be, with a certificate, and answers as `answer` says. */
export class Impostor {
  /** Requests that were understood: after the handshake, decrypted. */
  readonly heard: Heard[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(
    certificate: { readonly key: string; readonly cert: string },
    answer: (heard: Heard) => Answer | Promise<Answer>,
  ): Promise<Impostor> {
    const server = createSecureServer(certificate, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const { method = '', url: path = '', headers } = request;
        const heard = { method, path, headers, body: Buffer.concat(chunks) };
        impostor.heard.push(heard);
        const { status, headers: more, body } = await answer(heard);
        response.writeHead(status, more).end(body);
      });
    });
    const impostor = new Impostor(server);
    await listening(server);
    return impostor;
  }

  get port(): number {
    return portOf(this.#server);
  }

  stop(): void {
    this.#server.close();
  }
}

/** Passes a request on to a true collector and hands back what it said, to be said again by somebody else. */
export function askTruly(url: string, { method, path, headers, body }: Heard): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(new URL(path, url), { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { date = '', etag = '', 'content-type': type = '', 'muster-proof': proof } = response.headers;
        const kept = {
          date,
          etag,
          'content-type': type,
          ...(proof !== undefined && { 'muster-proof': String(proof) }),
        };
        resolve({ status: response.statusCode ?? 0, headers: kept, body: text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** One address that leads now to the collector, now to somebody else, as a network does that was tampered with. */
export class Crossroads {
  to = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Crossroads> {
    const server = createTcpServer((socket) => {
      const onward = connect(crossroads.to, '127.0.0.1');
      socket.pipe(onward);
      onward.pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => socket.destroy());
    });
    const crossroads = new Crossroads(server);
    await listening(server);
    return crossroads;
  }

  get url(): string {
    return `https://127.0.0.1:${portOf(this.#server)}`;
  }

  stop(): void {
    this.#server.close();
  }
}
