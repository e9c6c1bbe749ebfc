import { connect } from 'node:net';

export interface Load {
  /** Answers a second. */
  readonly rate: number;
  /** From the first byte sent to the answer, in milliseconds, of every report. */
  readonly latencies: readonly number[];
  readonly statuses: ReadonlyMap<string, number>;
}

/**
 * Sends each connection's reports one after the other, all connections side by side. Speaks HTTP by itself, because a proper
 * client costs more than the server under test and would be what is measured.
 */
export async function sendAll(port: number, perConnection: readonly (readonly string[])[]): Promise<Load> {
  const latencies: number[] = [];
  const statuses = new Map<string, number>();
  const startedAt = performance.now();
  await Promise.all(
    perConnection.map((reports) => {
      const requests = reports.map((report) =>
        Buffer.from(
          `POST /api/v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/jose\r\ncontent-length: ${report.length}\r\n\r\n${report}`,
        ),
      );
      return new Promise<void>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true });
        let next = 0;
        let sentAt = 0;
        let received = '';
        const send = () => {
          const request = requests[next];
          next += 1;
          if (request === undefined) {
            socket.end();
            resolve();
            return;
          }
          sentAt = performance.now();
          socket.write(request);
        };
        socket.on('connect', send);
        socket.on('error', reject);
        socket.on('data', (chunk) => {
          received += chunk.toString('latin1');
          const head = received.indexOf('\r\n\r\n');
          if (head < 0) return;
          const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
          if (received.length < head + 4 + length) return;
          const status = received.slice(9, 12);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          latencies.push(performance.now() - sentAt);
          received = '';
          send();
        });
      });
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rate: latencies.length / seconds, latencies, statuses };
}
