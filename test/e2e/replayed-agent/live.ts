import { readFileSync } from 'node:fs';
import type { Sources } from '../../../agent/probe.ts';
import { Recording, replaySources } from '../../../agent/sources/recording.ts';

/** Stands in for agent/sources/live.ts: the machine is the recording in the file `MUSTER_MACHINE`, read now. */
export async function liveSources(): Promise<Sources> {
  const recording = Recording.parse(JSON.parse(readFileSync(process.env['MUSTER_MACHINE'] ?? '', 'utf8')));
  return { ...replaySources(recording), now: new Date() };
}
