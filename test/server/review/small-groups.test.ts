import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideSmallGroups, smallestFleet, smallestGroup } from '../../../server/review/small-groups.ts';

describe('small groups', () => {
  it.each<[Record<string, number>, Record<string, number | null> | null]>([
    [
      { failing: 0, compliant: 20 },
      { failing: 0, compliant: 20 },
    ],
    [
      { failing: 5, compliant: 20 },
      { failing: 5, compliant: 20 },
    ],
    // One alone would be the rest of the whole.
    [
      { failing: 1, compliant: 20 },
      { failing: null, compliant: null },
    ],
    [
      { failing: 1, silent: 8, compliant: 20 },
      { failing: null, silent: null, compliant: 20 },
    ],
    // Two that are together three.
    [
      { failing: 1, unknown: 2, silent: 9, compliant: 20 },
      { failing: null, unknown: null, silent: null, compliant: 20 },
    ],
    [
      { failing: 4, unknown: 4, silent: 9, compliant: 20 },
      { failing: null, unknown: null, silent: 9, compliant: 20 },
    ],
    [{ failing: 7, compliant: 7 }, null],
  ])('of %j shows %j', (counts, shown) => {
    expect(hideSmallGroups(counts)).toEqual(shown);
  });

  it('cannot be worked out from what is shown and the whole', () => {
    const counts = fc.record({
      failing: fc.nat(30),
      unknown: fc.nat(30),
      silent: fc.nat(30),
      leave: fc.nat(30),
      compliant: fc.nat(30),
    });
    fc.assert(
      fc.property(counts, (given) => {
        const shown = hideSmallGroups(given);
        const total = Object.values(given).reduce((sum, count) => sum + count, 0);
        if (shown === null) {
          expect(total).toBeLessThan(smallestFleet);
          return;
        }
        const visible = Object.values(shown).filter((count) => count !== null);
        const hidden = Object.values(shown).length - visible.length;
        for (const count of visible) expect(count === 0 || count >= smallestGroup).toBe(true);
        const rest = total - visible.reduce((sum, count) => sum + count, 0);
        if (hidden > 0) {
          expect(hidden).toBeGreaterThan(1);
          expect(rest).toBeGreaterThanOrEqual(smallestGroup);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
