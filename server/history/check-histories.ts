import type { Check } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import type { CheckHistory } from '../pages/history.tsx';
import { fixesByCheck, medianDays } from '../review/time-to-fix.ts';
import type { Stores } from '../storage/stores.ts';

/** What broke and what was fixed between two moments, check by check; what took longest first. */
export async function checkHistories(
  stores: Pick<Stores, 'history'>,
  organization: number,
  from: Date,
  to: Date,
): Promise<{
  readonly checks: readonly CheckHistory[];
  readonly medianDays: number | null;
  readonly broke: number;
  readonly fixed: number;
}> {
  const [times, breakages] = await Promise.all([
    stores.history.fixTimes(organization, from, to),
    stores.history.breakages(organization, from, to),
  ]);
  const fixes = new Map(fixesByCheck(times).map((of) => [of.check, of]));
  const broke = new Map<string, number>();
  for (const [subject, amount] of breakages) {
    const check = subject.split('/')[0] ?? subject;
    broke.set(check, (broke.get(check) ?? 0) + amount);
  }
  // A laptop that fell silent and came back has not been repaired: what only the collector knows is left out.
  const told = checkIds.filter((id) => (checks[id] as unknown as Check).answeredBy !== 'collector');
  const all = told.map((check: CheckId) => ({
    check,
    title: checks[check].title,
    broke: broke.get(check) ?? 0,
    fixed: fixes.get(check)?.fixes ?? 0,
    medianDays: fixes.get(check)?.medianDays ?? null,
  }));
  return {
    checks: all
      .filter((one) => one.broke + one.fixed > 0)
      .toSorted((a, b) => (b.medianDays ?? -1) - (a.medianDays ?? -1) || b.broke - a.broke),
    medianDays: medianDays(times.filter(({ subject }) => told.some((id) => subject.startsWith(`${id}/`)))),
    broke: all.reduce((sum, one) => sum + one.broke, 0),
    fixed: all.reduce((sum, one) => sum + one.fixed, 0),
  };
}
