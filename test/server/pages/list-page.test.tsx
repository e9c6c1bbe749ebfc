import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { ListPages } from '../../../server/pages/components/pages.tsx';
import { listPage } from '../../../server/routes/pages/list-page.ts';
import { countedAtMost } from '../../../server/storage/counted.ts';

const size = 50;

/** The page of a list of so many, of which counting ends where counters do not know. */
async function pageOf(rows: number, page: number) {
  const all = Array.from({ length: rows }, (_, index) => index);
  let counted = false;
  const { rows: shown, found } = await listPage(
    { page, size },
    async (limit, offset) => all.slice(offset, offset + limit),
    () => {
      counted = true;
      return Math.min(rows, countedAtMost + 1);
    },
  );
  const html = renderToString(
    <ListPages page={page} size={size} shown={shown.length} found={found} link={(_page, words) => words} />,
  );
  return { shown: shown.length, found, counted, next: html.includes('Next'), html };
}

test('the last page says itself how many there are, and leads nowhere, also where it is full', async () => {
  for (const rows of [0, 1, size, size + 1, countedAtMost, countedAtMost + 1, 2_000, 2_001]) {
    const page = Math.max(1, Math.ceil(rows / size));
    const last = await pageOf(rows, page);
    expect(last, `${rows}`).toMatchObject({ found: rows, counted: false, next: false });
    expect(last.shown).toBe(rows - (page - 1) * size);
  }
});

test('every page before it leads on, as far as was counted and beyond', async () => {
  for (const [rows, page] of [
    [size + 1, 1],
    [countedAtMost + 1, 1],
    [2_000, 1],
    [2_000, 39],
  ] as const) {
    expect(await pageOf(rows, page), `${rows} ${page}`).toMatchObject({
      shown: size,
      counted: true,
      next: true,
    });
  }
  expect((await pageOf(2_000, 39)).html).toContain('1,901 to 1,950 of more than 1,000');
});
