import { connect } from 'node:net';

export interface Load {
  /** Answers a second. */
  readonly rate: number;
  /** From the first byte sent to the answer, in milliseconds, of every report. */
  readonly latencies: readonly number[];
  readonly statuses: ReadonlyMap<string, number>;
}

/** A report as it goes over the wire. */
export const requestOf = (report: string): Buffer =>
  Buffer.from(
    `POST /api/v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/jose\r\ncontent-length: ${report.length}\r\n\r\n${report}`,
  );

export interface Connection {
  /** Sends one request; the answer comes before the next one may be sent. */
  send(request: Buffer, answered: (status: string, ms: number) => void): void;
  end(): void;
}

/**
 * One connection to a collector on this machine. Speaks HTTP by itself, because a proper client costs more than the server under test and
 * would be what is measured.
 */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let received = '';
    let answered: ((status: string, ms: number) => void) | undefined;
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < head + 4 + length) return;
      const status = received.slice(9, 12);
      received = '';
      answered?.(status, performance.now() - sentAt);
    });
    socket.on('connect', () =>
      resolve({
        send(request, then) {
          answered = then;
          sentAt = performance.now();
          socket.write(request);
        },
        end: () => socket.end(),
      }),
    );
  });
}

/** Sends each connection's reports one after the other, all connections side by side. */
export async function sendAll(port: number, perConnection: readonly (readonly string[])[]): Promise<Load> {
  const latencies: number[] = [];
  const statuses = new Map<string, number>();
  const startedAt = performance.now();
  await Promise.all(
    perConnection.map(async (reports) => {
      const requests = reports.map(requestOf);
      const connection = await openConnection(port);
      await new Promise<void>((resolve) => {
        let next = 0;
        const send = () => {
          const request = requests[next];
          next += 1;
          if (request === undefined) {
            connection.end();
            resolve();
            return;
          }
          connection.send(request, (status, ms) => {
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
            latencies.push(ms);
            send();
          });
        };
        send();
      });
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rate: latencies.length / seconds, latencies, statuses };
}
