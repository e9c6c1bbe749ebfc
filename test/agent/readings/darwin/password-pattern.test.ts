import { describe, expect, test } from 'vitest';
import { classesOf, lengthOf } from '../../../../agent/readings/darwin/password-pattern.ts';

const matches = (pattern: string) => `policyAttributePassword matches '${pattern}'`;

describe('length', () => {
  test.each([
    ['.{8,}', 8],
    ['.{8,}+', 8],
    ['^.{12,64}$', 12],
    ['^(?=.*[0-9]).{12,}$', 12],
    ['^(?=.*[0-9])(?=(.*[A-Z]){2,})(?!.*password).{10,}$', 10],
    ['^(?=.{15,}).+$', 15],
    // Not rules of length, whatever numbers they hold.
    ['(.*[0-9].*){12,}+', 0],
    ['.{12,}|.{1,}', 0],
    ['(.{12,})?', 0],
    ['[a-z]{12,}', 0],
    ['.*', 0],
  ])('%s', (pattern, characters) => {
    expect(lengthOf(matches(pattern))).toBe(characters);
  });

  test('both of two conditions hold, one of two may not', () => {
    expect(lengthOf(`${matches('.{8,}')} AND ${matches('.{12,}')}`)).toBe(12);
    expect(lengthOf(`${matches('.{8,}')} OR ${matches('.{12,}')}`)).toBe(0);
    expect(lengthOf(`NOT ${matches('.{12,}')}`)).toBe(0);
  });

  test('the number of a lockout rule is no length', () => {
    expect(lengthOf('policyAttributeFailedAuthentications < 12')).toBe(0);
  });
});

describe('kinds of characters', () => {
  test.each([
    ['(.*[0-9].*){1,}+', ['digit']],
    ['(.*[A-Z].*){2,}+', ['upper']],
    ['(.*[a-z].*){1,}', ['lower']],
    ['(.*[^a-zA-Z0-9].*){1,}+', ['special']],
    ['^(?=.*[0-9])(?=.*[a-zA-Z]).+', ['digit', 'letter']],
    ['^(?=.*\\d)(?=.*[!@#$%]).{8,}$', ['digit', 'special']],
    // None of them is asked for.
    ['(.*[0-9].*){0,}+', []],
    ['[a-z]{1,}', []],
    ['^(?!.*[0-9]).+$', []],
  ])('%s', (pattern, classes) => {
    expect([...classesOf(matches(pattern))].toSorted()).toEqual(classes.toSorted());
  });
});
