import { type Platform, platforms } from '../../shared/answer.ts';
import { type Status, statuses } from '../../shared/check.ts';

/** What part of a check's laptops is shown, exactly as the address of the page says it. */
export interface CheckQuery {
  /** One point; null for the check as a whole. */
  readonly point: string | null;
  /** `fixed`: what failed and passes again. */
  readonly status: Status | 'fixed';
  readonly platform: Platform | null;
  /** Otherwise the longest standing come first. */
  readonly newestFirst: boolean;
  /** `2026-09-30`: as it was when that day ended; null for the present. */
  readonly asOf: string | null;
  /** From 1. */
  readonly page: number;
}

/** Laptops on one page: the signed report of each is verified when it is shown. */
export const checkPageSize = 25;

const usual: CheckQuery = {
  point: null,
  status: 'fail',
  platform: null,
  newestFirst: false,
  asOf: null,
  page: 1,
};

/** Reads a query from an address. What nobody offers is read as not asked. */
export function parseCheckQuery(given: Readonly<Record<string, unknown>>): CheckQuery {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name].slice(0, 41) : '');
  const page = Number(text('page'));
  return {
    point: /^[a-z][a-z0-9-]{0,39}$/.test(text('point')) ? text('point') : null,
    status: [...statuses, 'fixed' as const].find((status) => status === given['status']) ?? usual.status,
    platform: platforms.find((platform) => platform === given['platform']) ?? null,
    newestFirst: given['sort'] === '-since',
    asOf: /^\d{4}-\d{2}-\d{2}$/.test(text('asOf')) ? text('asOf') : null,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** The query as an address says it, shortest form. */
export function formatCheckQuery(query: Partial<CheckQuery>): string {
  const { point, status, platform, newestFirst, asOf, page } = { ...usual, ...query };
  const parameters = new URLSearchParams();
  if (point !== null) parameters.set('point', point);
  if (status !== usual.status) parameters.set('status', status);
  if (platform !== null) parameters.set('platform', platform);
  if (newestFirst) parameters.set('sort', '-since');
  if (asOf !== null) parameters.set('asOf', asOf);
  if (page !== 1) parameters.set('page', String(page));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
