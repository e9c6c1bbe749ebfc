/** Where a device stands, what needs a person first; the place in this list is what the database holds. */
export const storedStates = ['failing', 'unknown', 'silent', 'compliant', 'on-leave'] as const;
export type StoredState = (typeof storedStates)[number];

/** What the database holds, by its name. */
export const stateOf = (place: number): StoredState => storedStates[place] ?? 'unknown';

/** Nothing counted yet. */
export const noDevices = (): Record<StoredState, number> => ({
  failing: 0,
  unknown: 0,
  silent: 0,
  compliant: 0,
  'on-leave': 0,
});

/** Of such a device nobody counts on what it said last: it may be long ago, or nobody expects it to say anything. */
export const absentStates: readonly number[] = (['silent', 'on-leave'] as const).map((state) =>
  storedStates.indexOf(state),
);
export const isAbsent = (state: number): boolean => absentStates.includes(state);
