/** A page of a long list, and how many the list holds. */
export interface ListPage<R> {
  readonly rows: readonly R[];
  readonly found: number;
}

/**
 * Reads one page (from 1) of so many rows. One row more is asked for: a page behind which there is none says itself how many there are,
 * exactly, and only for the others they are counted, which may end early (see counted.ts).
 */
export async function listPage<R>(
  { page, size }: { readonly page: number; readonly size: number },
  list: (limit: number, offset: number) => Promise<readonly R[]>,
  count: () => number | Promise<number>,
): Promise<ListPage<R>> {
  const before = (page - 1) * size;
  const rows = await list(size + 1, before);
  const isLast = rows.length <= size && (rows.length > 0 || page === 1);
  return { rows: rows.slice(0, size), found: isLast ? before + rows.length : await count() };
}
