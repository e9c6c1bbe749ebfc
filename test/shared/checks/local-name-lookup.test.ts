import { expect, test } from 'vitest';
import { localNameLookup } from '../../../shared/checks/local-name-lookup.ts';
import { verdictOf } from './verdict.ts';

test('asking neighbors fails, not asking passes, and both systems that can ask have a remedy', () => {
  expect(verdictOf('local-name-lookup/llmnr', [{ on: true }, 'fail']).status).toBe('fail');
  expect(verdictOf('local-name-lookup/llmnr', [{ on: false }, 'pass']).status).toBe('pass');
  expect(Object.keys(localNameLookup.points.llmnr.remedies).toSorted()).toEqual(['linux', 'win32']);
});
