import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkIds, checks } from '../../../shared/checks/index.ts';
import { heartCases } from './cases/heart.ts';
import { networkCases } from './cases/network.ts';
import { otherCases } from './cases/rest.ts';
import { systemCases } from './cases/system.ts';
import { verdictOf } from './verdict.ts';

/** Boundaries and unknown parts of every judge that has any. */
const cases = { ...heartCases, ...systemCases, ...networkCases, ...otherCases };

test('no point is left out: its cases are here, or its check has a test file of its own', () => {
  const elsewhere = readdirSync(import.meta.dirname).map((name) => name.replace(/\.test\.ts$/, ''));
  const all = checkIds
    .filter((id) => !elsewhere.includes(id))
    .flatMap((id) => Object.keys(checks[id].points).map((point) => `${id}/${point}`));
  expect(Object.keys(cases).toSorted()).toEqual(all.toSorted());
});

describe.each(Object.entries(cases))('%s', (id, rows) => {
  test.each(rows.map((row) => [JSON.stringify(row[0]), row] as const))('%s', (_label, row) => {
    const result = verdictOf(id, row);
    expect(result.status, result.observed).toBe(row[1]);
    if (row[2]) expect(result.observed).toMatch(row[2]);
  });
});
