import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchForOccasions } from '../../../agent/service/occasions.ts';
import { temporaryDirectory } from '../run-agent.ts';

const limits = { sleepMs: 150_000, settleMs: 30_000, shortestGapMs: 900_000 };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21) + seconds * 1_000);

test('after sleep a check is due, once things have settled and not soon after another', () => {
  const occasions = watchForOccasions(limits, []);
  for (const second of [0, 60, 120]) occasions.looked(at(second));
  expect(occasions.isDue(at(120), null)).toBe(false);
  occasions.looked(at(3_600));
  expect(occasions.isDue(at(3_600), at(0)), 'the network is not back yet').toBe(false);
  occasions.looked(at(3_660));
  expect(occasions.isDue(at(3_660), at(3_000)), 'checked eleven minutes ago').toBe(false);
  expect(occasions.isDue(at(3_660), at(0))).toBe(true);
  occasions.checking();
  expect(occasions.isDue(at(3_660), at(0))).toBe(false);
});

test('a system that says it woke up is an occasion, however short its sleep was', () => {
  const occasions = watchForOccasions(limits, []);
  occasions.looked(at(0));
  occasions.happened(at(60));
  expect(occasions.isDue(at(70), at(-3_600)), 'the network is not back yet').toBe(false);
  expect(occasions.isDue(at(90), at(-3_600))).toBe(true);
});

test('a clock that was set back is an occasion, and blocks none', () => {
  const occasions = watchForOccasions(limits, []);
  occasions.looked(at(100_000));
  occasions.looked(at(10));
  expect(occasions.isDue(at(60), at(90_000))).toBe(true);
});

test.skipIf(process.platform !== 'linux')(
  'a setting that is written, made or replaced is an occasion; its neighbor is not',
  async () => {
    using folder = temporaryDirectory();
    const all = join(folder.path, 'all');
    const some = join(folder.path, 'some');
    for (const made of [all, some]) mkdirSync(made);
    const settings = [
      { folder: all },
      { folder: some, files: ['login.defs'] },
      { folder: join(folder.path, 'not-there') },
    ];
    const changes: readonly [expected: boolean, change: () => void][] = [
      [true, () => writeFileSync(join(all, 'new.conf'), 'a')],
      [true, () => writeFileSync(join(some, 'login.defs'), 'a')],
      [false, () => writeFileSync(join(some, 'resolv.conf'), 'a')],
      [
        true,
        () => {
          writeFileSync(join(folder.path, 'beside'), 'b');
          renameSync(join(folder.path, 'beside'), join(some, 'login.defs'));
        },
      ],
    ];
    for (const [expected, change] of changes) {
      const occasions = watchForOccasions(limits, settings);
      await new Promise((resolve) => setTimeout(resolve, 50));
      change();
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(occasions.isDue(new Date(Date.now() + 60_000), null), String(change)).toBe(expected);
      occasions.stop();
    }
  },
);
