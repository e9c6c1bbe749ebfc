import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MediaLog } from '../../agent/state/media.ts';
import { runAgent, temporaryDirectory } from '../agent/run-agent.ts';
import { FakeCollector } from '../agent/sync/fake-collector.ts';

vi.setConfig({ testTimeout: 180_000 });

let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;
beforeAll(async () => {
  state = temporaryDirectory();
  collector = await FakeCollector.start();
});
afterAll(async () => {
  await collector.stop();
  state[Symbol.dispose]();
});

/** The words of a command line as a shell would have them; quotes are the only thing the guide uses. */
const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** A stick is seen on this laptop. */
async function plugIn(directory: string): Promise<void> {
  const log = await MediaLog.open(directory);
  log.note([{ id: 'a stick', identified: true, encrypted: true, writable: true }], new Date(), new Set());
  log.close();
}

/** Where a person is asked, a test says yes beforehand. */
const asked = ['--enroll', '--leave'];

test('every command of the guide does what the guide says, in its order', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/staff.md'), 'utf8');
  const lines = [...guide.matchAll(/^\$ agent (.*)$/gm)].map(([, line = '']) => line);
  expect(lines.length).toBeGreaterThan(9);
  let number = '';
  for (const line of lines) {
    const words = wordsOf(line).map((word) =>
      word === 'TOKEN' ? collector.token() : word.replace('NUMBER', number),
    );
    const args = asked.includes(words[0] ?? '') ? [...words, '--yes'] : words;
    const { code, stdout, stderr } = await runAgent(args, { MUSTER_STATE: state.path });
    // A check tells about the machine the tests run on; everything else has to succeed.
    if (line === '--check') expect([0, 1, 2], stderr).toContain(code);
    else expect(code, `agent ${line}: ${stderr}`).toBe(0);
    if (line.startsWith('--note-media')) number = /^[0-9-]{10} {2}(m[0-9a-f]{12}) /m.exec(stdout)?.[1] ?? '';
    // As if the person had plugged it in after enrolling.
    if (line.startsWith('--enroll')) await plugIn(state.path);
  }
  expect(collector.kept).toHaveLength(1);
  expect(collector.waiverRequests.map(({ medium }) => medium)).toEqual([undefined, number]);
  expect(collector.revoked).toBe(true);
});
