import { expect, test } from 'vitest';
import type { Point, Remedy } from '../../shared/check.ts';
import { checkIds, checks } from '../../shared/checks/index.ts';
import type { Machine } from '../../shared/machine.ts';

const windows = (build: number): Machine => ({
  platform: 'win32',
  osName: 'windows',
  osVersion: `10.0.${build}`,
});

/** Every remedy of a system as a person on that machine reads it, with the parameters of the base policy, or `params` beside them. */
function remediesFor(
  machine: Machine,
  params: Readonly<Record<string, unknown>> = {},
): readonly (Remedy & { readonly of: string })[] {
  return checkIds.flatMap((id) =>
    Object.entries(checks[id].points as Record<string, Point>).flatMap(([name, point]) => {
      const remedy = point.remedies[machine.platform];
      if (remedy === undefined) return [];
      const said =
        typeof remedy === 'function'
          ? remedy(machine, { ...point.params.parse({}), ...params } as never)
          : remedy;
      return [{ ...said, of: `${id}/${name}` }];
    }),
  );
}

test('Windows 10 is not sent to pages that only Windows 11 has, nor the other way round', () => {
  const only11 =
    /Other users|Installed apps|Settings > System > Recovery|Advanced network settings|Bluetooth & devices|Settings > Windows Update|Privacy & security/;
  const only10 =
    /Family & other users|Apps & features|Update & Security|Network and Sharing Center|Settings > Devices/;
  for (const { of, text } of remediesFor(windows(19_045))) expect(text, of).not.toMatch(only11);
  for (const { of, text } of remediesFor(windows(26_200))) expect(text, of).not.toMatch(only10);
});

test('Windows’ net accounts is given no number it refuses', () => {
  const length = (min: number) =>
    remediesFor(windows(26_200), { min }).find(({ of }) => of === 'password-policy/min-length');
  expect(length(14)?.command).toBe('net accounts /minpwlen:14');
  expect(length(15)?.command).toBeUndefined();
  expect(length(15)?.text).toMatch(/Relax minimum password length limits.* to 15\./);
});
