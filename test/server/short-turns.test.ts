import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { shortTurns } from '../../server/ingest/short-turns.ts';

function busyFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('whoever comes in one turn is served in order, and others have turns in between', async () => {
  const turn = shortTurns(5);
  const done: string[] = [];
  const all = Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      await turn();
      busyFor(6);
      done.push(`request ${index}`);
    }),
  );
  for (let others = 0; others < 3; others += 1) {
    await nextTurn();
    done.push('somebody else');
  }
  await all;
  expect(done.filter((one) => one.startsWith('request'))).toEqual(
    Array.from({ length: 8 }, (_, index) => `request ${index}`),
  );
  // Not only after the last.
  expect(done.indexOf('somebody else')).toBeLessThan(done.indexOf('request 7'));
});

test('quick work shares a turn', async () => {
  const turn = shortTurns(1_000);
  let turns = 0;
  let over = false;
  const counting = (async () => {
    while (!over) {
      await nextTurn();
      turns += 1;
    }
  })();
  await Promise.all(Array.from({ length: 50 }, () => turn()));
  over = true;
  await counting;
  // The one that was under way, and the one that ended the count.
  expect(turns).toBeLessThanOrEqual(2);
  // Later ones are served, too.
  await turn();
});
