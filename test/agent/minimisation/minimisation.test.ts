import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import type { Sources } from '../../../agent/probe.ts';
import { replaySources } from '../../../agent/sources/recording.ts';
import { openCollector } from '../../../agent/sync/client.ts';
import { deliver } from '../../../agent/sync/delivery.ts';
import { observe } from '../../../agent/sync/observe.ts';
import { Outbox } from '../../../agent/sync/outbox.ts';
import { checks } from '../../../shared/checks/index.ts';
import { Report } from '../../../shared/report.ts';
import { dice } from '../../e2e/dice.ts';
import { temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';
import { recordedWire } from '../sync/recorded-wire.ts';
import { makeCanaries, toldBy, views } from './canary.ts';
import { makeMachine } from './machines.ts';

/** `MUSTER_REPORTS`: 1,000 in CI. */
const reports = Number(process.env['MUSTER_REPORTS'] ?? (process.env['CI'] === undefined ? 150 : 1_000));

const machine = vi.hoisted(() => ({ sources: undefined as unknown }));
// The one thing that is not the agent's own: the machine it looks at.
vi.mock('../../../agent/sources/live.ts', () => ({ liveSources: async () => machine.sources }));

/** The machine, and how many of its answers to the probes told a canary. */
function counted(
  sources: Sources,
  tells: (answer: string) => boolean,
): { sources: Sources; times: () => number } {
  let times = 0;
  const watched = new Proxy(sources, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        const answer: unknown = await member.apply(target, args);
        if (tells(JSON.stringify(answer) ?? '')) times += 1;
        return answer;
      };
    },
  });
  return { sources: watched, times: () => times };
}

const allowedHeaders = [
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'user-agent',
];

test(`what ${reports} machines full of names, addresses and keys send: the schema's fields, and none of those`, async () => {
  using state = temporaryDirectory();
  const collector = await FakeCollector.start({ tls: null });
  const wire = await recordedWire(collector.port);
  const outbox = await Outbox.open(state.path);
  const open = openCollector(wire.url, null);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  collector.publicKey = publicKey.export({ format: 'jwk' }).x ?? '';
  const none = async () => {};
  const store = { home: 'file', description: '', read: async () => '', write: none, remove: none } as const;
  const key = { privateKey, publicKey: collector.publicKey, store };
  let planted = 0;
  // What a library prints would stand in the service's log.
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')];
  const digests = new Set<string>();
  const points = new Set<string>();

  for (let number = 0; number < reports; number += 1) {
    const random = dice(number + 1);
    const canaries = makeCanaries(random);
    const all = Object.values(canaries);
    const replayed = replaySources(makeMachine(number, random, canaries));
    const watched = counted({ ...replayed, now: new Date() }, (answer) =>
      all.some((canary) => answer.includes(canary)),
    );
    machine.sources = watched.sources;
    const directory = join(state.path, String(number));
    mkdirSync(directory);
    const { observation } = await observe(directory);
    planted += watched.times();
    outbox.add(observation);
    const context = {
      directory: state.path,
      device: collector.device,
      outbox,
      collector: open,
      key,
      prove: none,
    };
    expect((await deliver({ ...context, now: () => new Date() })).problem).toBeUndefined();

    const bytes = wire.take();
    expect(toldBy(bytes, canaries), `machine ${number}`).toEqual([]);
    const [head = ''] = bytes.toString('latin1').split('\r\n\r\n');
    const names = head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(':')[0]?.toLowerCase() ?? '');
    expect(
      names.filter((name) => !allowedHeaders.includes(name)),
      'headers',
    ).toEqual([]);
    // The payload as it stood on the wire, through the closed schema and back: nothing is lost, so nothing was too much.
    const { jws = '' } = collector.kept.at(-1) ?? {};
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8');
    expect(
      views(bytes).some((view) => view.includes(jws.toLowerCase())),
      'recorded',
    ).toBe(true);
    const report = Report.parse(JSON.parse(payload));
    expect(JSON.parse(payload)).toEqual(JSON.parse(JSON.stringify(report)));
    if ('facts' in report) {
      digests.add(createHash('sha256').update(JSON.stringify(report.facts)).digest('hex'));
      for (const [check, answers] of Object.entries(report.facts)) {
        for (const [point, answer] of Object.entries(answers ?? {})) {
          if ('value' in (answer as object)) points.add(`${check}/${point}`);
        }
      }
    }
  }
  open.close();
  outbox.close();
  wire.stop();
  await collector.stop();

  // It would prove nothing if the machines were all alike, if the probes had read no canary, or had told nothing.
  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  expect(collector.kept).toHaveLength(reports);
  expect(digests.size).toBeGreaterThan(reports * 0.95);
  expect(planted).toBeGreaterThan(reports * 20);
  const every = Object.entries(checks).flatMap(([id, check]) =>
    Object.keys(check.points).map((point) => `${id}/${point}`),
  );
  process.stdout.write(
    `${reports} reports, ${digests.size} different; answers with a canary: ${planted}; points told: ${points.size} of ${every.length}\n`,
  );
  expect(points.size).toBeGreaterThan(50);
}, 300_000);

test('a canary is found in whatever spelling it travels', () => {
  const canaries = makeCanaries(dice(1));
  const { user, serial, host, key } = canaries;
  const reversed = [...serial].toReversed().join('');
  const told: readonly [kind: string, Buffer | string][] = [
    ['user', `{"user":"${user}"}`],
    ['serial', serial.toLowerCase()],
    ['serial', reversed],
    ['host', Buffer.from(host).toString('hex')],
    ['host', Buffer.from(`a${host}`).toString('base64')],
    ['host', Buffer.from(`ab${host}`).toString('base64url')],
    ['key', Buffer.from(key, 'utf16le')],
    ['serial', createHash('sha256').update(serial).digest('hex')],
    [
      'user',
      Buffer.concat([
        Buffer.from('POST / HTTP/1.1\r\n\r\n'),
        gzipSync(`x.${Buffer.from(`{"a":"${user}"}`).toString('base64url')}.y`),
      ]),
    ],
    ['ssid', encodeURIComponent(canaries.ssid)],
    ['mac', canaries.mac.replaceAll(':', '').toUpperCase()],
  ];
  for (const [kind, bytes] of told) {
    expect(
      toldBy(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes), canaries),
      `${kind} in ${bytes}`,
    ).toContain(kind);
  }
  expect(toldBy(Buffer.from('{"firewall":{"enabled":true}}'), canaries)).toEqual([]);
});
