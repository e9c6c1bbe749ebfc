import type { JSX } from 'preact';

const paths = {
  failing: (
    <>
      <circle cx="10" cy="10" r="8" fill="currentColor" />
      <path d="M7 7l6 6M13 7l-6 6" stroke="var(--surface)" stroke-width="2" stroke-linecap="round" />
    </>
  ),
  unknown: (
    <>
      <circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.7" />
      <path
        d="M7.9 8.2a2.15 2.15 0 1 1 3.3 1.9c-.8.5-1.2.9-1.2 1.7"
        fill="none"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linecap="round"
      />
      <circle cx="10" cy="14" r="1" fill="currentColor" />
    </>
  ),
  silent: (
    <path
      d="M15.8 12.1A6.4 6.4 0 0 1 7.9 4.2a6.4 6.4 0 1 0 7.9 7.9z"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linejoin="round"
    />
  ),
  compliant: (
    <>
      <circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.7" />
      <path
        d="M6.8 10.2l2.2 2.2 4.2-4.6"
        fill="none"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </>
  ),
  attention: (
    <>
      <path
        d="M10 3.2L17.4 16H2.6z"
        fill="none"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linejoin="round"
      />
      <path d="M10 8v3.6" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" />
      <circle cx="10" cy="13.8" r="0.9" fill="currentColor" />
    </>
  ),
  // A case, as for a journey.
  'on-leave': (
    <path
      d="M3.2 7h13.6v8.6H3.2zM7.4 7V4.6h5.2V7"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linejoin="round"
    />
  ),
  none: <path d="M5 10h10" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />,
  up: <path d="M4 13l6-6 6 6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />,
  down: <path d="M4 7l6 6 6-6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof paths;

/** A small picture beside a word that says the same; readers aloud skip it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {paths[name]}
    </svg>
  );
}

/** Roll call: three lines, one ticked off. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="22" height="22" rx="6" fill="currentColor" />
      <path
        d="M6 8.2l1.6 1.6L10.4 7M13 8.5h5.2M6 15.6l1.6 1.6 2.8-2.8M13 15.9h5.2"
        fill="none"
        stroke="var(--surface)"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
