import { countedStates, type TrendView } from '../pages/model.ts';

/** The colors of the pages in the light, which paper is. */
const colors = { failing: '#d5483f', unknown: '#9470d8', silent: '#98a3b1', compliant: '#45a574' } as const;

const width = 460;
const height = 130;

/** The trend as a picture for paper; the table of the same report says the numbers. Empty where there are not yet two days. */
export function trendSvg({ days, policies }: TrendView): string | undefined {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  if (first === undefined || last === undefined || days.length < 2) return undefined;
  const totals = days.map(({ counts }) => countedStates.reduce((sum, state) => sum + counts[state], 0));
  const top = Math.max(1, ...totals);
  const x = (date: string) =>
    ((Date.parse(date) - Date.parse(first)) / (Date.parse(last) - Date.parse(first))) * width;
  const y = (amount: number) => height - (amount / top) * height;
  const areas = countedStates.map((state, index) => {
    const below = (counts: TrendView['days'][number]['counts']) =>
      countedStates.slice(0, index).reduce((sum, one) => sum + counts[one], 0);
    const upper = days.map(
      ({ date, counts }) => `${x(date).toFixed(1)},${y(below(counts) + counts[state]).toFixed(1)}`,
    );
    const lower = days
      .toReversed()
      .map(({ date, counts }) => `${x(date).toFixed(1)},${y(below(counts)).toFixed(1)}`);
    return `<polygon fill="${colors[state]}" points="${[...upper, ...lower].join(' ')}"/>`;
  });
  const marks = policies.map(
    ({ date }) =>
      `<line x1="${x(date).toFixed(1)}" x2="${x(date).toFixed(1)}" y1="0" y2="${height}" stroke="#17202b" stroke-dasharray="4 3"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${areas.join('')}${marks.join('')}</svg>`;
}
