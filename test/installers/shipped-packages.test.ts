import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { external, packagesOutside } from '../../installers/bundle.ts';
import { pinnedParts } from '../../installers/parts.ts';
import {
  agentPackages,
  collectorCompiled,
  collectorPackages,
  targets,
  windowsPackages,
} from '../../installers/targets.ts';

const root = join(import.meta.dirname, '../..');
const linux = targets.filter(({ os }) => os === 'linux');

/** What has to be there at once and is not. */
const missing = (asked: readonly string[], shipped: readonly string[]) =>
  asked.filter((name) => !shipped.includes(name));

test('what the agent’s bundle imports from outside lies beside it, on every system', async () => {
  const outside = await packagesOutside('agent');
  expect(outside.length).toBeGreaterThan(0);
  for (const target of targets) {
    const asked = outside.filter((name) => target.os === 'windows' || !windowsPackages.includes(name));
    expect(missing(asked, agentPackages(target)), target.id).toEqual([]);
  }
}, 60_000);

test('what the collector’s bundle imports from outside lies beside it', async () => {
  const outside = await packagesOutside('server');
  expect(outside.length).toBeGreaterThan(0);
  expect(missing(outside, collectorPackages)).toEqual([]);
}, 60_000);

test('every package that is kept out of the bundles is installed with one of them', () => {
  // Also what is only looked for while running, and so in no import.
  expect(missing(external, [...collectorPackages, ...targets.flatMap(agentPackages)])).toEqual([]);
});

test('a package that comes compiled brings the part for each system, in the version it asks for', () => {
  const shipped = [
    ...targets.map((target) => ({ target, packages: agentPackages(target), compiled: target.compiled })),
    ...linux.map((target) => ({
      target,
      packages: collectorPackages,
      compiled: collectorCompiled(target),
    })),
  ];
  let compared = 0;
  for (const { target, packages, compiled } of shipped) {
    for (const name of packages) {
      const { optionalDependencies: parts } = JSON.parse(
        readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
      ) as { optionalDependencies?: Readonly<Record<string, string>> };
      if (parts === undefined) continue;
      const found = compiled.filter((part) => parts[part] !== undefined);
      expect(found.length, `${name} for ${target.id}`).toBe(1);
      for (const part of found) expect(pinnedParts().get(part)?.version, part).toBe(parts[part]);
      compared += 1;
    }
  }
  // The keychain for every system, Win32 calls, and passwords on both kinds of Linux.
  expect(compared).toBe(targets.length + windowsPackages.length + linux.length);
});
