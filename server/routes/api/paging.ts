import { z } from 'zod';

/** So many entries a page has unless fewer are asked for. */
export const pageLimit = 100;

/** What every list understands. The cursor is opaque: it is `next` of the page before, and nothing else is one. */
export const Paging = z.object({
  cursor: z
    .string()
    .regex(/^[\w-]{1,120}$/)
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(pageLimit).default(pageLimit),
});

/** A page of a list: its entries, and where the next one begins; null on the last. */
export const pageOf = <E extends z.ZodType>(entries: string, Entry: E) =>
  z.object({ [entries]: z.array(Entry), next: z.string().nullable() });

/** A place in a list as a cursor. */
export const cursorAt = (place: string | number): string => Buffer.from(String(place)).toString('base64url');

/** The place a cursor stands for; undefined for none. */
export const placeOf = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');

/** The number a cursor stands for; undefined for none, and for one that is no number. */
export function numberOf(cursor: string | undefined): number | undefined {
  const number = Number(placeOf(cursor));
  return cursor !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
