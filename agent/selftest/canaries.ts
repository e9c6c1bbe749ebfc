import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Platform } from '../../shared/answer.ts';
import { Status } from '../../shared/check.ts';
import { Recording } from '../sources/recording.ts';

/** A machine of which it is known what every point of one check must come to. */
export const Canary = z.strictObject({
  recording: Recording,
  /** Point by point; several where either is right. */
  expected: z.record(z.string(), z.array(Status)),
  /** The checks section of a policy, where the base policy asks for nothing that could fail. */
  policy: z.record(z.string(), z.unknown()).optional(),
});
export type Canary = z.output<typeof Canary>;

/** The canaries of one system: for every check a machine in order and one that is not. */
export const Canaries = z.record(z.string(), z.strictObject({ passing: Canary, failing: Canary }));
export type Canaries = z.output<typeof Canaries>;

/** Where the build puts them: beside the bundle. */
export const canaryFile = (platform: Platform) => join('selftest', `${platform}.json`);

/**
 * The recordings that the build put beside the agent for one system. Throws where they are missing or damaged: an agent that was
 * delivered without them cannot vouch for itself.
 */
export async function readCanaries(platform: Platform): Promise<Canaries> {
  const here = import.meta.dirname;
  const bundled = join(here, canaryFile(platform));
  // Run from the sources, the agent finds what the last build made of them.
  const built = join(here, '../../dist/agent', canaryFile(platform));
  const text = await readFile(bundled, 'utf8').catch(() => readFile(built, 'utf8'));
  return Canaries.parse(JSON.parse(text));
}
