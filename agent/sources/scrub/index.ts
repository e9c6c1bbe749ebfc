import type { Sources } from '../../probe.ts';
import type { Scrub } from '../record.ts';

/** What a recording of this machine may keep. */
export async function scrubber(_sources: Sources): Promise<Scrub> {
  return (read) => read;
}
