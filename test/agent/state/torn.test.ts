import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MediaLog } from '../../../agent/state/media.ts';
import { beginWatch } from '../../../agent/state/watch.ts';
import { FaultDevice } from '../../e2e/fault-device.ts';
import { buildReplayedAgent } from '../../e2e/replayed-agent/build.ts';
import { temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

// One laptop, whose files are cut off one after the other; after each it has to be whole again.
let folder: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;
let device: FaultDevice;
beforeAll(async () => {
  folder = temporaryDirectory();
  collector = await FakeCollector.start();
  device = new FaultDevice(await buildReplayedAgent(), folder.path, folder.path);
  expect((await device.start(['--enroll', collector.token(), '--yes']).ended).code).toBe(0);
  expect((await device.start(['--report']).ended).code).toBe(0);
});
afterAll(async () => {
  await collector.stop();
  folder[Symbol.dispose]();
});

const cuts: Readonly<Record<string, (whole: Buffer) => Buffer>> = {
  empty: () => Buffer.alloc(0),
  half: (whole) => whole.subarray(0, whole.length / 2),
  'without its end': (whole) => whole.subarray(0, whole.length - 3),
  zeros: (whole) => Buffer.alloc(whole.length),
};

/** Cuts a file off, lets the agent go on, and finds the broken one kept as it was. Resolves with what was told. */
async function tear(name: string, how: string, goOn: () => Promise<string>): Promise<void> {
  const path = join(device.state, name);
  const torn = cuts[how]?.(readFileSync(path)) ?? Buffer.alloc(0);
  writeFileSync(path, torn);
  const before = aside(name);
  const told = await goOn();
  // SQLite takes an empty file for a new database: nothing is broken about it, and nothing was in it.
  if (name.endsWith('.db') && torn.length === 0) return;
  const added = aside(name).filter((found) => !before.includes(found));
  expect(added, `${name}, ${how}: ${told}`).toHaveLength(1);
  expect(
    readFileSync(join(device.state, added[0] ?? '')).equals(torn),
    `${name}, ${how}: kept as it was`,
  ).toBe(true);
  expect(told).toContain(`${name} was damaged; it is kept as`);
}

const aside = (name: string) =>
  readdirSync(device.state).filter((found) => found.startsWith(`${name}.broken-`));

test.each(['schedule.json', 'policy.json', 'enrollment.json', 'chain.json', 'outbox.db', 'answers.json'])(
  '%s: set aside and told, and the agent goes on',
  async (name) => {
    for (const how of Object.keys(cuts)) {
      device.change();
      await tear(name, how, async () => {
        const { code, stderr } = await device.start(['--report']).ended;
        expect(code, stderr).toBe(0);
        return stderr;
      });
      const after = await device.start(['--deliver']).ended;
      expect(after, how).toMatchObject({ code: 0, stderr: '' });
    }
    expect(collector.kept.map(({ report }) => report.sequence)).toEqual(
      collector.kept.map((_, index) => index + 1),
    );
  },
);

test.each([
  ['watch.json', () => beginWatch(device.state)],
  ['media.db', async () => (await MediaLog.open(device.state)).close()],
])('%s: set aside and told, and the service goes on', async (name, write) => {
  await write();
  for (const how of Object.keys(cuts)) {
    await tear(name, how, async () => {
      const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      await write();
      const words = told.mock.calls.map(([text]) => String(text)).join('');
      told.mockRestore();
      return words;
    });
  }
});

test('a key that is cut off is told as what it is; one can leave, with all that was set aside, and enroll again', async () => {
  const path = join(device.state, 'device-key');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
  const report = await device.start(['--report']).ended;
  expect(report).toMatchObject({ code: 78, stderr: expect.stringContaining('the device key is damaged') });
  const left = await device.start(['--leave', '--yes']).ended;
  expect(left.code, left.stderr).toBe(0);
  expect(left.stderr).toContain('could not be told');
  expect(readdirSync(device.state)).toEqual([]);
  const second = await FakeCollector.start();
  expect((await device.start(['--enroll', second.token(), '--yes']).ended).code).toBe(0);
  await second.stop();
});
