import { writeSync } from 'node:fs';
import { Outbox } from '../../../agent/sync/outbox.ts';

// A process to be killed: adds observations without end, and prints the number of each once it is durable.
const [directory = '', from = '0'] = process.argv.slice(2);
const outbox = await Outbox.open(directory);
for (let number = Number(from); ; number += 1) {
  outbox.add({
    takenAt: new Date(Date.UTC(2026, 10, 1) + number * 1_000),
    agent: '0.1.0',
    policy: { id: 'example', version: 1 },
    machine: { platform: 'linux', osName: 'debian', osVersion: `${number % 7}` },
    facts: { firewall: { enabled: { unknown: 'denied' } } },
  });
  writeSync(1, `${number}\n`);
}
