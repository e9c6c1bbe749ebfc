import type { ReferenceData } from './index.ts';

/** Until when operating systems get security fixes. */
export const osLifecycles: ReferenceData['osLifecycles'] = {
  date: '2026-11-21',
  sources: [
    'Microsoft lifecycle pages, release notes of 4 November 2026',
    'Apple: the current major version and the two before it',
  ],
  entries: [
    { product: 'macos', release: '27', ends: null },
    { product: 'macos', release: '26', ends: null },
    { product: 'macos', release: '15', ends: null },
  ],
};
