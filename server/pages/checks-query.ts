export const checkSorts = ['fail', 'unknown', 'name'] as const;
export type CheckSort = (typeof checkSorts)[number];

/** How the checks of an organization are listed, exactly as the address of the page says it. */
export interface ChecksQuery {
  readonly sort: CheckSort;
  /** `2026-09-30`: as it was when that day ended; null for the present. */
  readonly asOf: string | null;
}

/** The query as an address says it, shortest form. */
export function formatChecksQuery({ sort = 'fail', asOf = null }: Partial<ChecksQuery>): string {
  const parameters = new URLSearchParams();
  if (sort !== 'fail') parameters.set('sort', sort);
  if (asOf !== null) parameters.set('asOf', asOf);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
