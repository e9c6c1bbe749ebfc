import type { Tone } from '../words.ts';

export interface Slice {
  readonly tone: Tone;
  readonly word: string;
  readonly amount: number;
}

/** What a chart shows, for those who cannot see it: `12 failing, 3 silent`. */
function spoken(slices: readonly Slice[]): string {
  const parts = slices
    .filter(({ amount }) => amount > 0)
    .map(({ amount, word }) => `${amount} ${word.toLowerCase()}`);
  return parts.length === 0 ? 'nothing yet' : parts.join(', ');
}

/** A ring of shares with their total inside. Small shares keep a visible width. */
export function Donut({ title, unit, slices }: { title: string; unit: string; slices: readonly Slice[] }) {
  const total = slices.reduce((sum, { amount }) => sum + amount, 0);
  const shown = slices.filter(({ amount }) => amount > 0);
  const smallest = shown.length > 1 ? 1.5 : 0;
  const gap = shown.length > 1 ? 0.6 : 0;
  const room = 100 - smallest * shown.length;
  let start = 0;
  return (
    <svg viewBox="0 0 40 40" role="img" aria-label={`${title}: ${spoken(slices)}`}>
      <circle cx="20" cy="20" r="15.9155" class="fill-none" />
      {shown.map(({ tone, amount }) => {
        const length = smallest + (amount / total) * room;
        const from = start;
        start += length;
        return (
          <circle
            key={tone}
            cx="20"
            cy="20"
            r="15.9155"
            class={`fill-${tone}`}
            stroke-dasharray={`${(length - gap).toFixed(2)} ${(100 - length + gap).toFixed(2)}`}
            stroke-dashoffset={(25 - from - gap / 2).toFixed(2)}
          />
        );
      })}
      <text x="20" y="21.4">
        {total.toLocaleString('en')}
      </text>
      <text x="20" y="25.4" class="unit">
        {unit}
      </text>
    </svg>
  );
}

/** A plain length beside the number it stands for; readers aloud are told the number. */
export function LengthBar({ part }: { part: number }) {
  return (
    <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect x="0" y="0" width="100" height="8" class="fill-none" />
      <rect
        x="0"
        y="0"
        width={Math.max(0, Math.min(100, part * 100)).toFixed(2)}
        height="8"
        class="fill-length"
      />
    </svg>
  );
}

/** One bar divided into shares; what is left of the whole stays empty. Small shares keep a visible width. */
export function ShareBar({ title, slices }: { title: string; slices: readonly Slice[] }) {
  const total = slices.reduce((sum, { amount }) => sum + amount, 0);
  const shown = slices.filter(({ amount }) => amount > 0);
  const smallest = 1.5;
  const room = 100 - smallest * shown.length;
  let start = 0;
  return (
    <svg
      class="share"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${title}: ${spoken(slices)}`}
    >
      <rect x="0" y="0" width="100" height="8" class="fill-none" />
      {shown.map(({ tone, amount }) => {
        const length = smallest + (amount / total) * room;
        const from = start;
        start += length;
        return (
          <rect
            key={tone}
            x={from.toFixed(2)}
            y="0"
            width={length.toFixed(2)}
            height="8"
            class={`fill-${tone}`}
          />
        );
      })}
    </svg>
  );
}
