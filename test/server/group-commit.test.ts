import { expect, test } from 'vitest';
import { groupCommit } from '../../server/ingest/group-commit.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('what arrives together is kept together, and answered in its own order', async () => {
  const groups: number[][] = [];
  const commits = groupCommit<number, string>({
    async keep(group) {
      groups.push([...group]);
      await wait(5);
      return group.map((item) => `kept ${item}`);
    },
    maxGroup: 10,
  });
  const results = await Promise.all(Array.from({ length: 35 }, (_, index) => commits.add(index)));
  expect(results).toEqual(Array.from({ length: 35 }, (_, index) => `kept ${index}`));
  expect(Math.max(...groups.map(({ length }) => length))).toBe(10);
  expect(groups.flat()).toEqual(Array.from({ length: 35 }, (_, index) => index));
});

test('nothing is answered before it is kept', async () => {
  let kept = false;
  const commits = groupCommit<number, number>({
    async keep(group) {
      await wait(20);
      kept = true;
      return group;
    },
  });
  await commits.add(1);
  expect(kept).toBe(true);
});

test('one that cannot be kept does not take the others with it', async () => {
  const commits = groupCommit<number, number>({
    async keep(group) {
      if (group.includes(3)) throw new Error('not this one');
      return group;
    },
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => commits.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

test('too many at once are sent away before memory grows, with a time to come back', async () => {
  const commits = groupCommit<number, number>({
    async keep(group) {
      await wait(10);
      return group;
    },
    maxGroup: 2,
    maxWaiting: 5,
  });
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => commits.add(index)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.length).toBeGreaterThan(5);
  for (const { reason } of refused) {
    expect(reason).toMatchObject({ type: 'overloaded', status: 503 });
    expect(reason.retryAfterSeconds).toBeGreaterThanOrEqual(5);
  }
  await commits.drained();
});
