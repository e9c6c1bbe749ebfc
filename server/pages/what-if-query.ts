import { type PointShift, pointShifts } from '../review/what-if.ts';

/** Which of the laptops that would change are shown, exactly as the address of the page says it. */
export interface WhatIfQuery {
  /** `screen-lock/idle`; null for any. */
  readonly point: string | null;
  readonly kind: PointShift | null;
  /** From 1. */
  readonly page: number;
}

/** Reads a query from an address. What nobody offers is read as not asked. */
export function parseWhatIfQuery(given: Readonly<Record<string, unknown>>): WhatIfQuery {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name].slice(0, 90) : '');
  const page = Number(text('page').slice(0, 7));
  return {
    point: /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(text('point')) ? text('point') : null,
    kind: pointShifts.find((kind) => kind === given['kind']) ?? null,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** The query as an address says it, shortest form. */
export function formatWhatIfQuery({ point, kind, page }: Partial<WhatIfQuery>): string {
  const parameters = new URLSearchParams();
  if (point) parameters.set('point', point);
  if (kind) parameters.set('kind', kind);
  if (page !== undefined && page !== 1) parameters.set('page', String(page));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
