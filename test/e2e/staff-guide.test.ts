import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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

/** Where a person is asked, a test says yes beforehand. */
const asked = ['--enroll', '--leave'];

test('every command of the guide does what the guide says, in its order', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/staff.md'), 'utf8');
  const lines = [...guide.matchAll(/^\$ agent (.*)$/gm)].map(([, line = '']) => line);
  expect(lines.length).toBeGreaterThan(9);
  for (const line of lines) {
    const words = wordsOf(line).map((word) => (word === 'TOKEN' ? collector.token() : word));
    const args = asked.includes(words[0] ?? '') ? [...words, '--yes'] : words;
    const { code, stderr } = await runAgent(args, { MUSTER_STATE: state.path });
    // A check tells about the machine the tests run on; everything else has to succeed.
    if (line === '--check') expect([0, 1, 2], stderr).toContain(code);
    else expect(code, `agent ${line}: ${stderr}`).toBe(0);
  }
  expect(collector.kept).toHaveLength(1);
  expect(collector.waiverRequests).toHaveLength(1);
  expect(collector.revoked).toBe(true);
});
