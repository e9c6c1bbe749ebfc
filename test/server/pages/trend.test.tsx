import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { Trend } from '../../../server/pages/components/trend.tsx';

const day = (date: string, compliant: number) => ({
  date,
  counts: { failing: 0, unknown: 0, silent: 0, compliant, 'on-leave': 0 },
});

test.each([
  [1, [2, 1]],
  [3, [4, 2]],
  [5, [6, 3]],
  [14, [20, 10]],
  [46, [50, 25]],
  [138, [150, 75]],
])('beside a fleet of %i stand round numbers, the lower the half of the upper', (size, scale) => {
  const trend = { days: [day('2026-11-20', size), day('2026-11-21', size)], policies: [] };
  const page = renderToString(<Trend name="Acme" trend={trend} />);
  expect([...page.matchAll(/class="scale"[^>]*>([\d,]+)</g)].map(([, shown]) => Number(shown))).toEqual(
    scale,
  );
});
