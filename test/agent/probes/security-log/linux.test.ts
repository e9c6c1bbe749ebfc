import { expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { parseSpan } from '../../../../agent/probes/security-log/linux.ts';

test.each([
  ['90day', 90],
  ['3month', 91],
  ['3M', 91],
  ['3m', 0],
  ['1week 2d', 9],
  ['1year', 365],
  ['864000', 10],
  ['36h', 1],
])('%s is %d days', (text, days) => {
  expect(parseSpan(text)).toBe(days);
});

test.each(['', 'forever', '3 fortnights', '-1day', 'constructor'])('%j is no time', (text) => {
  expect(() => parseSpan(text)).toThrow(SourceError);
});
