import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probesOf } from '../agent/probes/index.ts';
import { deviceCheckIds } from '../agent/runner.ts';
import { platforms } from '../shared/answer.ts';
import type { Check, Point } from '../shared/check.ts';
import { checkIds, checks } from '../shared/checks/index.ts';
import { reallyRun } from './tools/really-run.ts';

const root = join(import.meta.dirname, '..');
const fixtures = join(import.meta.dirname, 'fixtures');
const cases = ['on', 'off', 'odd', 'refused', 'absent'];
const pointsOf = (id: (typeof checkIds)[number]) =>
  Object.entries(checks[id].points as Record<string, Point>);

interface Fixture {
  readonly expect: Record<string, string | string[]>;
}
const fixture = (platform: string, check: string, name: string) =>
  JSON.parse(readFileSync(join(fixtures, platform, check, `${name}.json`), 'utf8')) as Fixture;
/** The statuses a fixture expects of the check's own points. */
const expected = (platform: string, check: string, name: string) =>
  new Map(
    Object.entries(fixture(platform, check, name).expect)
      .filter(([point]) => point.startsWith(`${check}/`))
      .map(([point, statuses]) => [point, [statuses].flat()]),
  );

test('every check is in a file of its own name', () => {
  expect(checkIds.map((id) => checks[id].id)).toEqual(checkIds);
  const files = readdirSync(join(root, 'shared/checks')).filter((name) => name !== 'index.ts');
  expect(files.toSorted()).toEqual(checkIds.map((id) => `${id}.ts`).toSorted());
});

test('every check a device answers has a probe on every system, in a folder of its own name', async () => {
  for (const platform of platforms) {
    const probes = (await probesOf[platform]()) as Record<string, unknown>;
    expect(Object.keys(probes).toSorted()).toEqual(deviceCheckIds.toSorted());
    const unsupported = Object.entries(probes).filter(([, probe]) => probe === 'unsupported');
    expect(unsupported, `${platform} has unwritten probes`).toEqual([]);
    for (const id of deviceCheckIds) {
      expect(Object.keys(probes[id] as object).toSorted()).toEqual(
        pointsOf(id)
          .map(([name]) => name)
          .toSorted(),
      );
      expect(existsSync(join(root, `agent/probes/${id}/${platform}.ts`)), `${id} on ${platform}`).toBe(true);
    }
  }
});

describe.each(platforms)('fixtures of %s', (platform) => {
  test('a folder for every check a device answers, and no other', () => {
    expect(readdirSync(join(fixtures, platform)).toSorted()).toEqual(deviceCheckIds.toSorted());
  });

  test.each(deviceCheckIds)('%s: on, off, odd, refused, absent', (check) => {
    const names = readdirSync(join(fixtures, platform, check));
    expect(names).toEqual(expect.arrayContaining(cases.map((name) => `${name}.json`)));
    for (const name of cases) {
      const points = [...expected(platform, check, name).keys()];
      expect(points.toSorted(), `${name} says what every point comes to`).toEqual(
        pointsOf(check)
          .map(([point]) => `${check}/${point}`)
          .toSorted(),
      );
    }
  });

  test.each(deviceCheckIds)('%s: a refused read is seen, and never passes every point', (check) => {
    const refused = [...expected(platform, check, 'refused').values()];
    if (refused.every((statuses) => statuses.includes('not-applicable'))) return;
    expect(refused.some((statuses) => statuses.includes('unknown'))).toBe(true);
    expect(refused.every((statuses) => statuses.includes('pass'))).toBe(false);
  });
});

test('no fixture lies outside of the folders of the systems', () => {
  expect(readdirSync(fixtures).toSorted()).toEqual([...platforms].toSorted());
});

describe.each(checkIds)('%s', (id) => {
  const check = checks[id] as Check;

  test('says what it asks, why, what it cannot see and who else asks for it', () => {
    for (const text of [check.title, check.rationale, check.blindSpots]) expect(text).not.toBe('');
    expect(check.rationale).toMatch(/[.?]$/);
    expect(check.blindSpots).toMatch(/\.$/);
    expect(check.references.length).toBeGreaterThan(0);
    expect(pointsOf(id).length).toBeGreaterThan(0);
  });

  test.each(pointsOf(id))('%s: a right on every system, and a remedy wherever it can fail', (name, point) => {
    for (const platform of platforms) {
      expect(point.privilege[platform], `privilege on ${platform}`).toBeDefined();
      if (check.answeredBy === 'collector') continue;
      const folder = join(fixtures, platform, id);
      const files = existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.json$/, '')) : [];
      const fails = files.some((file) => expected(platform, id, file).get(`${id}/${name}`)?.includes('fail'));
      if (fails) expect(point.remedies[platform], `${id}/${name} can fail on ${platform}`).toBeDefined();
    }
  });
});

test('what is called really run is so by a test that there is, and that names the check', () => {
  for (const platform of platforms) {
    for (const [check, runs] of Object.entries(reallyRun[platform])) {
      for (const { test: path } of runs) expect(readFileSync(join(root, path), 'utf8')).toContain(check);
    }
  }
});
