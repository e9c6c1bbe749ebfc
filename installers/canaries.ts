import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Canaries, canaryFile } from '../agent/selftest/canaries.ts';
import { platforms } from '../shared/answer.ts';
import { Status } from '../shared/check.ts';

const Fixture = z.object({
  expect: z.record(
    z.string(),
    z.union([Status, z.array(Status)]).transform((status) => [status].flat()),
  ),
  policy: z.record(z.string(), z.unknown()).optional(),
  recording: z.unknown(),
});

/**
 * Writes the recordings for `agent --selftest` beside the bundle, one file a system: the fixtures `on` and `off` of every check,
 * with what its own points come to.
 */
export function writeCanaries(fixtures: string, bundle: string): void {
  for (const platform of platforms) {
    const pairs = readdirSync(join(fixtures, platform)).flatMap((check) => {
      const [passing, failing] = ['on', 'off'].map((name) => {
        const path = join(fixtures, platform, check, `${name}.json`);
        const { expect, policy, recording } = Fixture.parse(JSON.parse(readFileSync(path, 'utf8')));
        const own = Object.entries(expect).filter(([id]) => id.startsWith(`${check}/`));
        const expected = Object.fromEntries(own.map(([id, status]) => [id.slice(check.length + 1), status]));
        return { recording, expected, ...(policy !== undefined && { policy }) };
      });
      return [[check, { passing, failing }]];
    });
    const file = join(bundle, canaryFile(platform));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(Canaries.parse(Object.fromEntries(pairs))));
  }
}
