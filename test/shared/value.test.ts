import { expect, test } from 'vitest';
import { agoWords, Hours } from '../../shared/value.ts';

test.each([
  [0, 0],
  [1, 24],
  [24, 24],
  [25, 48],
  [168, 168],
  [169, 192],
])('an age of %i hours is kept as %i: never younger, and the same side of a limit in days', (hours, kept) => {
  expect(Hours.parse(hours)).toBe(kept);
  for (const limitDays of [1, 3, 7]) expect(kept <= limitDays * 24).toBe(hours <= limitDays * 24);
});

test('an age that cannot be is refused', () => {
  for (const hours of [-1, 1.5, 2_400_001]) expect(Hours.safeParse(hours).success).toBe(false);
});

test('ages read as people say them', () => {
  expect([0, 24, 25, 72].map(agoWords)).toEqual([
    'within the last day',
    'within the last day',
    '2 days ago',
    '3 days ago',
  ]);
});
