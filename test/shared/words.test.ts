import { expect, test } from 'vitest';
import { count, duration, list } from '../../shared/words.ts';

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [45, '45 seconds'],
  [60, '1 minute'],
  [90, '90 seconds'],
  [605, '10 minutes 5 seconds'],
  [900, '15 minutes'],
  [3_600, '1 hour'],
  [5_400, '90 minutes'],
  [86_400, '1 day'],
  [259_200, '3 days'],
])('%i seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test('counts and lists read as people say them', () => {
  expect(count(1, 'key')).toBe('1 key');
  expect(count(2, 'wrong try', 'wrong tries')).toBe('2 wrong tries');
  expect(list([])).toBe('');
  expect(list(['a'])).toBe('a');
  expect(list(['a', 'b'])).toBe('a and b');
  expect(list(['a', 'b', 'c'], 'or')).toBe('a, b or c');
});
