import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';
import { readConfiguration } from '../../server/configuration.ts';
import { verifyEd25519 } from '../../server/signing/ed25519.ts';
import { startCollector } from '../../server/start-collector.ts';

/**
 * The process whose work is measured, alone on its core. `collector` is the real one, `ack` a bare fastify that answers the same
 * bytes with the same answer; both say on request how much processor time they have used. `sqlite` is the database's own limit and
 * `signatures` what verifying takes: they say what they came to, and end.
 */
const [what = '', ...rest] = process.argv.slice(2);

process.once('SIGTERM', () => process.exit(0));

const ready = (port: number) => process.stdout.write(`${JSON.stringify({ port })}\n`);
const used = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
let turns: number[] = [];
/** How long each turn of the event loop keeps everybody else waiting. */
function watchTurns(): void {
  let before = performance.now();
  const next = () => {
    const now = performance.now();
    turns.push(now - before);
    before = now;
    setImmediate(() => {
      before = performance.now();
      setTimeout(next, 0);
    });
  };
  setTimeout(next, 0);
}

const answerStatus = createServer((_request, response) => {
  const sorted = turns.toSorted((a, b) => a - b);
  turns = [];
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  response.end(JSON.stringify({ cpuMs: used(), turnP99: p99, rss: process.memoryUsage.rss() }));
});
const bodies = () => JSON.parse(readFileSync(rest[0] ?? '', 'utf8')) as string[];

if (what === 'collector' || what === 'ack') answerStatus.listen(Number(rest[0]), '127.0.0.1');
if (what === 'collector') {
  const running = await startCollector(readConfiguration({ ...process.env, PORT: '0', LOG_LEVEL: 'fatal' }));
  watchTurns();
  ready(running.port);
} else if (what === 'ack') {
  const app = fastify();
  app.addContentTypeParser(
    'application/jose',
    { parseAs: 'string', bodyLimit: 65_536 },
    (_request, body, done) => done(null, body),
  );
  app.post('/api/v1/reports', (_request, reply) =>
    reply.code(201).send({
      sequence: 1,
      digest: '0'.repeat(64),
      receivedAt: '2026-11-21T10:00:00.000Z',
      policy: { id: 'base', version: 1 },
    }),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  ready(typeof address === 'object' && address !== null ? address.port : 0);
} else if (what === 'signatures') {
  // Of messages as long as these reports' own, by one key: whose it is makes no difference.
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const signed = bodies()
    .slice(0, 500)
    .map((body) => Buffer.from(body.slice(0, body.lastIndexOf('.')), 'latin1'))
    .map((message) => ({ message, signature: sign(null, message, privateKey) }));
  const cpu = used();
  let verified = 0;
  for (const startedAt = performance.now(); performance.now() - startedAt < 500; ) {
    for (const { message, signature } of signed) {
      if (!verifyEd25519(message, signature, key)) throw new Error('a true signature was refused');
      verified += 1;
    }
  }
  process.stdout.write(`${JSON.stringify({ cpuMs: (used() - cpu) / verified })}\n`);
} else if (what === 'sqlite') {
  // Groups of 50, each report with two changed findings, everything on the disk at each commit.
  const given = bodies();
  const [, path = ''] = rest;
  const database = new DatabaseSync(path);
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table reports (id integer primary key, device integer, sequence integer, body text);
    create index by_device on reports (device, sequence);
    create table findings (device integer, subject text, status text, since integer, primary key (device, subject)) without rowid;`);
  const report = database.prepare('insert into reports (device, sequence, body) values (?, ?, ?)');
  const finding = database.prepare(
    'insert into findings values (?, ?, ?, ?) on conflict (device, subject) do update set status = excluded.status, since = excluded.since',
  );
  const startedAt = performance.now();
  const cpu = used();
  let sequence = 0;
  while (performance.now() - startedAt < 1_500 || sequence === 0) {
    for (let start = 0; start < given.length; start += 50) {
      database.exec('begin immediate');
      given.slice(start, start + 50).forEach((body, index) => {
        sequence += 1;
        report.run((start + index) % 64, sequence, body);
        finding.run(index, 'firewall', sequence % 2 === 0 ? 'pass' : 'fail', sequence);
        finding.run(index, 'firewall/enabled', sequence % 2 === 0 ? 'pass' : 'fail', sequence);
      });
      database.exec('commit');
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stdout.write(`${JSON.stringify({ rate: sequence / seconds, cpuMs: (used() - cpu) / sequence })}\n`);
}
