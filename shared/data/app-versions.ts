import type { ReferenceData } from './index.ts';

/** Security releases of browsers, mail and office programs. */
export const appVersions: ReferenceData['appVersions'] = {
  date: '2026-11-21',
  sources: ['none yet'],
  entries: [],
};
