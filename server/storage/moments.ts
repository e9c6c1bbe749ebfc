/** A column of milliseconds as the moment it is; null where there is none. */
export const momentOf = (at: number | null): Date | null => (at === null ? null : new Date(at));
