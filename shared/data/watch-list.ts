import type { ReferenceData } from './index.ts';

/** Programs whose releases end, and the day they do. */
export const watchList: ReferenceData['watchList'] = {
  date: '2026-11-21',
  sources: ['none yet'],
  entries: [],
};
