import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../../shared/answer.ts';
import type { Point } from '../../../shared/check.ts';
import { checkIds, checks } from '../../../shared/checks/index.ts';
import { shippedData } from '../../../shared/data/index.ts';
import { arbitraryOf, settled } from '../arbitrary.ts';
import { judged, now } from './verdict.ts';

const points = checkIds.flatMap((id) =>
  Object.entries(checks[id].points as Record<string, Point>).map(([name, point]) => ({ id, name, point })),
);

describe.each(points.map(({ id, name, point }) => [`${id}/${name}`, point] as const))('%s', (_id, point) => {
  const situation = fc.record({
    value: arbitraryOf(point.value),
    params: arbitraryOf(point.params).map((params) => point.params.parse(params)),
    platform: fc.constantFrom(...platforms),
  });
  const judge = (value: unknown, params: unknown, platform: (typeof platforms)[number]) =>
    point.judge(point.value.parse(value), params as never, {
      now,
      machine: { platform, osName: { darwin: 'macos', linux: 'debian', win32: 'windows' }[platform] },
      data: shippedData,
    });

  test('any value that fits is judged, in words that fit on one line', () => {
    fc.assert(
      fc.property(situation, ({ value, params, platform }) => {
        const { status, observed } = judge(value, params, platform);
        expect(['pass', 'fail', 'unknown', 'not-applicable']).toContain(status);
        expect(observed.trim()).not.toBe('');
        expect(observed).not.toMatch(/[\r\n]|undefined|\[object|NaN/);
        expect(point.expected(params as never)).not.toMatch(/[\r\n]|undefined|\[object|NaN/);
      }),
      { numRuns: 150 },
    );
  });

  test('what could not be read decides nothing: pass and fail stay what they are, however it would have come out', () => {
    fc.assert(
      fc.property(situation, ({ value, params, platform }) => {
        const { status } = judge(value, params, platform);
        if (status !== 'pass' && status !== 'fail') return;
        for (const other of settled(point.value, value)) {
          const after = judge(other, params, platform).status;
          expect([value, other, after]).not.toEqual([value, other, status === 'pass' ? 'fail' : 'pass']);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test.each(points.map(({ id, name, point }) => [`${id}/${name}`, point] as const))(
  '%s explains itself everywhere it can fail',
  (id, point) => {
    expect(point.title).not.toMatch(/\.$/);
    for (const platform of platforms) {
      const remedy = point.remedies[platform];
      if (remedy === undefined) continue;
      const { text, link } =
        typeof remedy === 'function'
          ? remedy({ platform, osName: 'x' }, point.params.parse({}) as never)
          : remedy;
      expect(text.length, id).toBeGreaterThan(10);
      if (link !== undefined)
        expect(link).toMatch(
          /^(ms-settings:|windowsdefender:|ms-windows-store:|macappstore:|x-apple\.systempreferences:)/,
        );
    }
  },
);

test('a value that does not fit is unknown, never an error', () => {
  for (const { id, name } of points) {
    const result = judged(`${id}/${name}`, { value: { nonsense: 'user@host' } }, {}, { platform: 'win32' });
    expect(result.status, `${id}/${name}`).toBe('unknown');
    expect(result.observed).not.toMatch(/nonsense|host/);
  }
});
