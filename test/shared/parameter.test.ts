import { expect, test } from 'vitest';
import type { Point } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { isLooser, parametersOf, readTime, timeText, valueWords } from '../../shared/parameter.ts';

const all = checkIds.flatMap((id) =>
  Object.entries(checks[id].points as Record<string, Point>).flatMap(([name, point]) =>
    parametersOf(point).map((parameter) => ({ place: `${id}/${name}/${parameter.name}`, point, parameter })),
  ),
);
const find = (id: CheckId, point: string, name: string) => {
  const parameter = parametersOf((checks[id].points as Record<string, Point>)[point] as Point).find(
    (one) => one.name === name,
  );
  if (parameter === undefined) throw new Error(`no parameter ${name}`);
  return parameter;
};

test('every parameter of the catalogue has words, and says which way it is stricter', () => {
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter(({ parameter }) => parameter.title === parameter.name).map(({ place }) => place)).toEqual(
    [],
  );
  for (const { place, parameter } of all) {
    const { kind, stricter } = parameter;
    if (kind === 'integer') expect(['lower', 'higher'], place).toContain(stricter);
    if (kind === 'list' || kind === 'choices') expect(['fewer', 'more'], place).toContain(stricter);
    if (kind === 'choice') expect([...stricter].toSorted(), place).toEqual([...parameter.options].toSorted());
    if (kind === 'boolean') expect(stricter, place).toHaveLength(2);
  }
});

test('what a default comes to can be said in words', () => {
  for (const { place, point, parameter } of all) {
    const value = (point.params.parse({}) as Record<string, unknown>)[parameter.name];
    expect(valueWords(parameter, value), place).not.toBe('');
  }
  expect(valueWords(find('screen-lock', 'idle', 'maxSeconds'), 900)).toBe('15 minutes');
  expect(valueWords(find('password-policy', 'lockout', 'maxAttempts'), 10)).toBe('10 tries');
  expect(valueWords(find('removable-media', 'write-policy', 'allow'), 'deny')).toBe(
    'removable media are blocked',
  );
});

test('times are written as people write them', () => {
  const idle = find('screen-lock', 'idle', 'maxSeconds');
  expect([45, 60, 900, 5_400, 86_400].map((seconds) => timeText(seconds, idle))).toEqual([
    '45s',
    '1m',
    '15m',
    '90m',
    '1d',
  ]);
  expect(['15m', '15 m', '900s', ' 1H '].map((text) => readTime(text, idle))).toEqual([900, 900, 900, 3_600]);
  expect(['', '15', 'soon', '1.5m', '-1m'].map((text) => readTime(text, idle))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test('asking for less is known for what it is', () => {
  const idle = find('screen-lock', 'idle', 'maxSeconds');
  expect([isLooser(idle, 300, 900), isLooser(idle, 900, 300)]).toEqual([true, false]);
  const length = find('password-policy', 'min-length', 'min');
  expect([isLooser(length, 12, 8), isLooser(length, 8, 12)]).toEqual([true, false]);
  const media = find('removable-media', 'write-policy', 'allow');
  expect([isLooser(media, 'deny', 'any'), isLooser(media, 'any', 'read-only')]).toEqual([true, false]);
  const clouds = find('cloud-sync', 'approved', 'approved');
  expect([isLooser(clouds, [], ['dropbox']), isLooser(clouds, ['dropbox'], [])]).toEqual([true, false]);
  const apps = find('required-apps', 'present', 'names');
  expect([isLooser(apps, ['a'], []), isLooser(apps, ['a'], ['a', 'b'])]).toEqual([true, false]);
});
