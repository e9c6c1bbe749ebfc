import { z } from 'zod';
import { HttpProblem } from '../../problem.ts';

/** So many entries a page has unless fewer are asked for. */
export const pageLimit = 100;

/** What every list understands; a parameter that it does not know is refused, so that a slip of the pen is no other question. */
export const Paging = z.strictObject({
  cursor: z.string().optional().describe('`next` of the page before: opaque, and good for this list only'),
  limit: z.coerce.number().int().min(1).max(pageLimit).default(pageLimit),
});

/** A page of a list: its entries, and where the next one begins; null on the last. */
export const pageOf = <E extends z.ZodType>(entries: string, Entry: E) =>
  z.object({
    [entries]: z.array(Entry),
    next: z.string().nullable().describe('`cursor` of the next page; null on the last'),
  });

/**
 * The cursors of one list. A cursor stands for the last entry of a page by what the list is sorted by, not for a number of
 * entries: what comes or goes in the meantime makes no other entry appear twice or be passed over.
 */
export interface Cursors<P> {
  /** The place a request asks to go on from; undefined for the first page. Throws HttpProblem where it is no cursor of this list. */
  placeOf(query: { readonly cursor?: string | undefined }): P | undefined;
  /** What is shown of rows that were asked for one more than the limit, and the cursor after it. */
  page<R>(
    rows: readonly R[],
    limit: number,
    place: (row: R) => P,
  ): { readonly shown: readonly R[]; readonly next: string | null };
}

/** `list` names the list, `Place` is what it is sorted by; nothing in it may be about a person, because addresses are logged. */
export function cursorsOf<Place extends z.ZodType>(list: string, Place: Place): Cursors<z.output<Place>> {
  const Content = z.tuple([z.literal(list), Place]);
  return {
    placeOf({ cursor }) {
      if (cursor === undefined) return undefined;
      const content = Content.safeParse(contentOf(cursor));
      if (!content.success) {
        throw new HttpProblem('invalid-request', {
          detail:
            'The cursor is none of this list. Take `next` of the page before, or leave it out to begin anew.',
        });
      }
      return content.data[1] as z.output<Place>;
    },
    page(rows, limit, place) {
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      if (rows.length <= limit || last === undefined) return { shown, next: null };
      return { shown, next: Buffer.from(JSON.stringify([list, place(last)])).toString('base64url') };
    },
  };
}

/** A list of few that is read whole: those behind a place, in the order of their ids. */
export const behind = <R extends { readonly id: string }>(
  all: readonly R[],
  place: string | undefined,
): readonly R[] =>
  all
    .filter(({ id }) => place === undefined || id > place)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));

function contentOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
