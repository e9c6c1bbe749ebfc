import type { TrendView } from '../pages/model.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { publishedVersions } from './policy-then.ts';

const dayMs = 86_400_000;
const dateOf = (at: Date) => at.toISOString().slice(0, 10);

/** Day by day how many devices stood where, over so many days up to a moment; the day that is not over counts as it is. */
export async function trendOf(
  stores: Pick<Stores, 'history' | 'policies' | 'devices'>,
  { number }: Pick<Organization, 'number'>,
  days: number,
  until: Date,
  now: Date,
): Promise<TrendView> {
  const from = new Date(until.getTime() - days * dayMs);
  const today = dateOf(until) === dateOf(now);
  const [kept, versions, counts] = await Promise.all([
    stores.history.days(number, from, until),
    publishedVersions(stores, number),
    today ? stores.devices.stateCounts(number) : undefined,
  ]);
  const all = counts === undefined ? kept : [...kept, { date: dateOf(until), counts }];
  // Before the first laptop there is nothing to draw.
  const start = all.findIndex((day) => Object.values(day.counts).some((amount) => amount > 0));
  const shown = start < 0 ? [] : all.slice(start);
  const first = shown[0]?.date ?? '';
  return {
    days: shown,
    policies: versions
      .map(({ version, effectiveFrom }) => ({ date: dateOf(effectiveFrom), version }))
      .filter(({ date }) => date > first && date <= dateOf(until))
      .toReversed(),
  };
}
