import type { Period } from './calendar.ts';
import { reviewClock } from './clock.ts';
import type { Field } from './field.ts';
import type { Clock, State, Transition } from './register.ts';

interface Reviewed {
  readonly lastReviewedOn?: string;
}

/** The field a living register needs: when somebody last looked at whether the record still holds. */
export const lastReviewedOn = {
  kind: 'date',
  later: true,
  title: 'Last looked at on',
} as const satisfies Field;

const living = {
  active: { title: 'In force', tone: 'compliant' },
  ended: { title: 'Ended', tone: 'none', closed: true },
} as const satisfies Record<string, State>;

const transitions: readonly (Transition<Reviewed> & {
  readonly from: readonly (keyof typeof living)[];
  readonly to: keyof typeof living;
})[] = [
  {
    id: 'review',
    title: 'Reviewed today',
    from: ['active'],
    to: 'active',
    sets: (_record, at) => ({ lastReviewedOn: at.toISOString().slice(0, 10) }),
  },
  { id: 'end', title: 'No longer in force', from: ['active'], to: 'ended' },
  { id: 'restore', title: 'In force again', from: ['ended'], to: 'active' },
];

/** The life of what holds until it ends and is looked at again from time to time: an activity, a contact, a rule. */
export function reviewedEvery(every: Period, rule: string, source: string) {
  const clocks: readonly Clock<Reviewed>[] = [
    reviewClock({ every, lastReviewed: ({ lastReviewedOn: day }) => day, rule, source }),
  ];
  return { states: living, start: 'active' as const, transitions, clocks };
}
