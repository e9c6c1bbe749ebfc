import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** An e-mail as a real server took it. */
export interface Mail {
  readonly to: readonly string[];
  readonly raw: string;
  /** The parts as people see them, transfer encodings undone. */
  readonly text: string;
}

/** A real mail server that keeps what it takes; `refuse` answers for a recipient. */
export interface MailServer {
  readonly url: string;
  readonly mails: Mail[];
  /** An SMTP status for the next messages; undefined takes them. */
  refuse: number | undefined;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo(_address, _session, callback) {
      if (mailServer.refuse === undefined) return callback();
      callback(Object.assign(new Error('not now'), { responseCode: mailServer.refuse }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw, text: decoded(raw) });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: undefined,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
  return mailServer;
}

/** Undoes quoted-printable, so that words can be looked for. */
const decoded = (raw: string) =>
  Buffer.from(
    raw
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real web server that keeps what is posted to it. */
export interface HookServer {
  readonly url: string;
  readonly received: Received[];
  /** What it answers: a status, or `hang` for nothing at all. */
  answer: number | 'hang';
  close(): Promise<void>;
}

export async function startHookServer(): Promise<HookServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      if (hook.answer === 'hang') return;
      response.writeHead(hook.answer, { location: 'http://127.0.0.1:1/elsewhere' }).end('secret answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hook: HookServer = {
    url: `http://127.0.0.1:${port}/hook?token=s3cret`,
    received,
    answer: 204,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return hook;
}
