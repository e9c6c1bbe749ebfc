import { createPrivateKey } from 'node:crypto';
import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { SampleDevice } from '../server/sample-device.ts';
import { type Connection, openConnection, requestOf } from './load.ts';
import { sampleFleetFacts, seeded, withFirewall } from './sample-fleet.ts';

/** A laptop as the process that enrolled it hands it over. */
export interface HandedDevice {
  readonly machine: Machine;
  /** PKCS #8 in base64. */
  readonly privateKey: string;
  readonly id: string;
  readonly sequence: number;
  readonly previous: string | null;
  /** What its facts were made of. */
  readonly seed: number;
}

/** What the sender is told, one thing after the other. */
export type Asked =
  | { readonly kind: 'connect'; readonly port: number; readonly devices: readonly HandedDevice[] }
  /** Signs reports ahead until so many wait. */
  | { readonly kind: 'sign'; readonly reports: number }
  /** Sends all that is signed, as fast as the collector answers. */
  | { readonly kind: 'drain' }
  /** Sends so many a second until it is told to stop. */
  | { readonly kind: 'send'; readonly perSecond: number }
  | { readonly kind: 'stop' };

/** What it answers when it is done with what it was told. */
export interface Sent {
  readonly reports: number;
  readonly seconds: number;
  readonly refused: number;
}

const connections = 64;
/** Every so manieth report has a changed point. */
const changedEvery = 4;

interface Line {
  readonly connection: Connection;
  readonly devices: readonly { readonly device: SampleDevice; readonly facts: Facts }[];
  readonly signed: Buffer[];
  made: number;
  busy: boolean;
}
let lines: Line[] = [];
let turn = 0;
let sending: { sent: Sent; stopping: boolean } | undefined;

function restored({ machine, privateKey, id, sequence, previous }: HandedDevice): SampleDevice {
  const der = Buffer.from(privateKey, 'base64');
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return Object.assign(new SampleDevice(machine), { privateKey: key, id, sequence, previous });
}

/** The next report of a connection: its laptops take turns. What changes is one point. */
function signNext(line: Line): void {
  const round = Math.floor(line.made / line.devices.length);
  const place = line.made % line.devices.length;
  const of = line.devices[place];
  if (of === undefined) throw new Error('no laptop sends here');
  line.made += 1;
  const changes = round === 0 || (round + place) % changedEvery === 0;
  const state = Math.floor(round / changedEvery) % 2 === 0 ? 'off' : 'on';
  line.signed.push(
    requestOf(changes ? of.device.full(withFirewall(of.facts, state)) : of.device.unchanged()),
  );
}

/** Sends one report over a connection that waits for none. */
function sendOne(line: Line, then: () => void): void {
  if (line.signed.length === 0) signNext(line);
  line.busy = true;
  line.connection.send(line.signed.shift() as Buffer, (status) => {
    line.busy = false;
    if (sending !== undefined) {
      const { sent } = sending;
      const refused = sent.refused + (status === '201' ? 0 : 1);
      sending.sent = { ...sent, reports: sent.reports + 1, refused };
    }
    then();
  });
}

async function drain(): Promise<void> {
  await Promise.all(
    lines.map(
      (line) =>
        new Promise<void>((resolve) => {
          const next = () => (line.signed.length === 0 ? resolve() : sendOne(line, next));
          next();
        }),
    ),
  );
}

/** Evenly over time; what the collector keeps waiting is made up for as soon as a connection is free. */
function sendSteadily(perSecond: number): Promise<void> {
  const startedAt = performance.now();
  let begun = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (sending?.stopping) {
        if (lines.some(({ busy }) => busy)) return;
        clearInterval(timer);
        resolve();
        return;
      }
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
      for (let tries = 0; begun < due && tries < lines.length; tries += 1) {
        turn += 1;
        const line = lines[turn % lines.length] as Line;
        if (line.busy) continue;
        begun += 1;
        sendOne(line, () => {});
      }
    }, 2);
  });
}

async function timed(work: () => Promise<void>): Promise<Sent> {
  const startedAt = performance.now();
  sending = { sent: { reports: 0, seconds: 0, refused: 0 }, stopping: false };
  await work();
  const { sent } = sending;
  sending = undefined;
  return { ...sent, seconds: (performance.now() - startedAt) / 1_000 };
}

const nothing: Sent = { reports: 0, seconds: 0, refused: 0 };

async function answer(asked: Asked): Promise<Sent | undefined> {
  switch (asked.kind) {
    case 'connect': {
      const devices = asked.devices.map((handed) => {
        const device = restored(handed);
        return { device, facts: sampleFleetFacts(seeded(handed.seed), device.machine) };
      });
      const opened = Array.from({ length: Math.min(connections, devices.length) }, () =>
        openConnection(asked.port),
      );
      lines = (await Promise.all(opened)).map((connection, index) => ({
        connection,
        devices: devices.filter((_device, place) => place % opened.length === index),
        signed: [],
        made: 0,
        busy: false,
      }));
      return nothing;
    }
    case 'sign': {
      const wanted = Math.ceil(asked.reports / lines.length);
      for (const line of lines) while (line.signed.length < wanted) signNext(line);
      return nothing;
    }
    case 'drain':
      return timed(drain);
    case 'send':
      return timed(() => sendSteadily(asked.perSecond));
    case 'stop':
      if (sending !== undefined) sending.stopping = true;
      // Whoever sends answers when the last one is answered.
      return undefined;
  }
}

process.on('message', (asked: Asked) => {
  void answer(asked).then((sent) => sent !== undefined && process.send?.(sent));
});
process.on('disconnect', () => process.exit(0));
