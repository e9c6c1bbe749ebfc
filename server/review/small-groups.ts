/** Who sees numbers only sees no number that few laptops stand behind: from it, and a look around the office, one could tell whose they are. */
export const smallestGroup = 5;

/** In a fleet smaller than this even numbers point at people: then none is shown. */
export const smallestFleet = 15;

/** Numbers of which some are hidden (null). */
export type ShownCounts<K extends string> = Readonly<Record<K, number | null>>;

/**
 * The counts of groups that together are the whole, with the small ones hidden. Where the hidden ones could be worked out from the
 * whole and the rest (one alone, or too few together), the next smallest is hidden too. Zero is shown: nobody stands behind it.
 * Null when the whole is too small to show any. Pure.
 */
export function hideSmallGroups<K extends string>(
  counts: Readonly<Record<K, number>>,
): ShownCounts<K> | null {
  const groups = (Object.entries(counts) as [K, number][]).toSorted(([, a], [, b]) => a - b);
  const total = groups.reduce((sum, [, count]) => sum + count, 0);
  if (total < smallestFleet) return null;
  const hidden = new Set<K>();
  let together = 0;
  for (const [group, count] of groups) {
    if (count === 0) continue;
    const small = count < smallestGroup;
    const telling = hidden.size > 0 && (hidden.size === 1 || together < smallestGroup);
    if (!small && !telling) break;
    hidden.add(group);
    together += count;
  }
  return Object.fromEntries(
    Object.entries(counts).map(([group, count]) => [group, hidden.has(group as K) ? null : count]),
  ) as ShownCounts<K>;
}
