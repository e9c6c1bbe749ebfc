import { countedStates, type TrendView } from '../pages/model.ts';

/** The colors of the pages in the light, which paper is. */
const colors = { failing: '#d5483f', unknown: '#9470d8', silent: '#98a3b1', compliant: '#45a574' } as const;

const width = 460;
const height = 130;

/** A drawing, in points from its upper left corner. */
export interface TrendPicture {
  readonly width: number;
  readonly height: number;
  readonly areas: readonly {
    readonly color: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
  /** Where dashed lines go down. */
  readonly marks: readonly number[];
}

/** The trend as a picture for paper; the table of the same report says the numbers. Undefined where there are not yet two days. */
export function trendPicture({ days, policies }: TrendView): TrendPicture | undefined {
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
    const upper = days.map(({ date, counts }) => [x(date), y(below(counts) + counts[state])] as const);
    const lower = days.toReversed().map(({ date, counts }) => [x(date), y(below(counts))] as const);
    return { color: colors[state], points: [...upper, ...lower] };
  });
  return { width, height, areas, marks: policies.map(({ date }) => x(date)) };
}
