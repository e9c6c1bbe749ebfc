import type { ComponentChild } from 'preact';
import { foundWords, isCountedOut, number } from '../words.ts';

/** `Newer · Page 2 of 5 · Older` below a list that is sorted by time; nothing where one page holds it. */
export function NumberedPages({
  of,
  page,
  pages,
  address,
}: {
  /** What is listed, for those who hear the page. */
  of: string;
  page: number;
  pages: number;
  address: (page: number) => string;
}) {
  if (pages <= 1) return null;
  return (
    <footer>
      <nav class="pages" aria-label={`Pages of ${of}`}>
        {page > 1 && (
          <a rel="prev" href={address(page - 1)}>
            Newer
          </a>
        )}
        <span class="muted">
          Page {page} of {pages}
        </span>
        {page < pages && (
          <a rel="next" href={address(page + 1)}>
            Older
          </a>
        )}
      </nav>
    </footer>
  );
}

/** `51 to 100 of 312` and the ways to the pages beside it; nothing where one page holds all that was found. */
export function ListPages({
  page,
  size,
  shown,
  found,
  link,
}: {
  page: number;
  /** Rows a page. */
  size: number;
  /** Rows on this one. */
  shown: number;
  found: number;
  link: (page: number, words: string) => ComponentChild;
}) {
  if (found <= shown && page <= 1) return null;
  const first = (page - 1) * size + 1;
  const last = first + shown - 1;
  // Nobody counted further: but the last page says itself how many there are.
  const hasNext = isCountedOut(found) ? shown === size : last < found;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <span>
        {number(first)} to {number(last)} of {foundWords(found)}
      </span>
      <span>
        {page > 1 && link(page - 1, 'Previous')}
        {hasNext && link(page + 1, 'Next')}
      </span>
    </nav>
  );
}
