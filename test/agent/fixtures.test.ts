import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readMachine } from '../../agent/readings/machine.ts';
import { runChecks } from '../../agent/runner.ts';
import { Recording, replaySources } from '../../agent/sources/recording.ts';
import { Platform } from '../../shared/answer.ts';
import { Status } from '../../shared/check.ts';
import { checks } from '../../shared/checks/index.ts';
import { judge } from '../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';

const Expected = z.union([Status, z.array(Status)]).transform((status) => [status].flat());
const Fixture = z.strictObject({
  title: z.string(),
  why: z.string().optional(),
  expect: z.record(z.string(), Expected),
  never: z.record(z.string(), Expected).default({}),
  /** The checks section of a company's policy, where the base policy asks for nothing that could fail. */
  policy: z.record(z.string(), z.unknown()).optional(),
  recording: Recording,
});

const root = join(import.meta.dirname, '../fixtures');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);

/** Every fixture is a machine, or a corner of one: evidence in, verdict out, on whatever system the tests run. */
describe.each(files.toSorted())('%s', (name) => {
  const fixture = Fixture.parse(JSON.parse(readFileSync(join(root, name), 'utf8')));
  const [platform = '', check = ''] = name.split(/[\\/]/);

  test(fixture.title, async () => {
    expect(fixture.recording.platform, 'the folder is the platform').toBe(Platform.parse(platform));
    expect(Object.keys(checks), 'the folder is the check').toContain(check);
    const sources = replaySources(fixture.recording);
    const policy = extendPolicy(
      basePolicy(),
      AuthoredPolicy.parse({ policy: 'fixture', version: 1, checks: fixture.policy ?? {} }),
    );
    const wanted = new Set(
      [...Object.keys(fixture.expect), ...Object.keys(fixture.never)].map((id) => id.split('/')[0]),
    );
    const only = (Object.keys(checks) as (keyof typeof checks)[]).filter((id) => wanted.has(id));
    const facts = await runChecks(sources, policy, {
      only,
      onFault: (id, point, error) => {
        throw new Error(`${id}/${point} broke: ${(error as Error).message}`, { cause: error });
      },
    });
    const findings = judge(facts, policy, { now: sources.now, machine: await readMachine(sources) });
    const points = new Map(findings.flatMap((f) => f.points.map((p) => [`${f.check}/${p.point}`, p])));
    for (const [id, statuses] of Object.entries(fixture.expect)) {
      const point = points.get(id);
      expect(statuses, `${id}: ${point?.observed}`).toContain(point?.status);
    }
    for (const [id, statuses] of Object.entries(fixture.never)) {
      const point = points.get(id);
      expect(statuses, `${id}: ${point?.observed}`).not.toContain(point?.status);
    }
  });
});

test('there are fixtures', () => {
  expect(files.length).toBeGreaterThan(0);
});
