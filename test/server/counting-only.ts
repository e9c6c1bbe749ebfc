import { basePolicy } from '../../shared/policy.ts';

/** The checks of a policy in which only these points count; all others are judged and shown. */
export const countingOnly = (counts: (check: string, point: string) => boolean) =>
  Object.fromEntries(
    Object.entries(basePolicy().checks).map(([check, points]) => [
      check,
      Object.fromEntries(
        Object.keys(points).map((point) => [point, { mode: counts(check, point) ? 'enforce' : 'advisory' }]),
      ),
    ]),
  );
