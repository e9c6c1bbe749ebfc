import type { Stores } from '../storage/stores.ts';

const dayMs = 86_400_000;
/** After a long time switched off, older days than these stay empty: nobody asks for them, and each costs a look at the fleet. */
const mostDays = 400;

/**
 * Keeps, for every day that has ended since the last time, how many devices stood where when it ended: what the trend is made of.
 * It may be late; the counts are those of the day, not of the moment. Call it when no device waits to be judged.
 */
export async function closeDays(stores: Pick<Stores, 'organizations' | 'history'>, now: Date): Promise<void> {
  const yesterday = Math.floor(now.getTime() / dayMs) - 1;
  for (const { number, createdAt } of await stores.organizations.all()) {
    const last = await stores.history.lastClosedDay(number);
    const first = Math.max(
      Math.floor(createdAt.getTime() / dayMs),
      yesterday - mostDays,
      last === undefined ? yesterday : last + 1,
    );
    for (let day = first; day <= yesterday; day += 1) {
      const end = new Date((day + 1) * dayMs - 1);
      await stores.history.closeDay(number, day, await stores.history.stateCounts(number, end));
    }
  }
}
