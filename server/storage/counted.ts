/**
 * Where no counter knows, what a list holds is counted so far: whoever reads that there are more narrows it down. More than that
 * comes out as one more.
 */
export const countedAtMost = 1_000;
