import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Outbox } from '../../../agent/sync/outbox.ts';
import { temporaryDirectory } from '../run-agent.ts';

const writer = join(import.meta.dirname, 'outbox-writer.ts');

/** Starts a process that adds to the outbox as fast as it can and says after each add that it is durable. */
function startWriter(directory: string, from: number): { child: ChildProcess; acknowledged: () => number } {
  const child = spawn(process.execPath, [writer, directory, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = from - 1;
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = chunk.toString().trim().split('\n');
    last = Number(lines.at(-1) ?? last);
  });
  return { child, acknowledged: () => last };
}

test('kill -9 in the middle of writing loses nothing that was acknowledged, and leaves the outbox whole', async () => {
  using state = temporaryDirectory();
  let next = 0;
  for (let round = 0; round < 12; round += 1) {
    const { child, acknowledged } = startWriter(state.path, next);
    const begun = Date.now();
    while (acknowledged() < next && Date.now() - begun < 10_000) await pause(5);
    await pause(5 + ((round * 37) % 60));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const told = acknowledged();
    expect(told, 'the writer wrote').toBeGreaterThanOrEqual(next);

    const outbox = await Outbox.open(state.path);
    expect(outbox.setAside).toBeUndefined();
    const { reports, dropped } = outbox.waiting();
    outbox.close();
    // What was told is there; the one add after it, whose message died with the process, may be there too.
    expect([told + 1, told + 2]).toContain(reports);
    expect(dropped).toBe(0);
    next = reports;
  }
}, 60_000);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
