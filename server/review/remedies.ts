import { type Platform, platforms } from '../../shared/answer.ts';
import type { Point, Remedy } from '../../shared/check.ts';
import type { Machine } from '../../shared/machine.ts';
import { list } from '../../shared/words.ts';

/** How to put a point right on some kinds of machines. */
export interface SystemRemedy {
  /** `Windows 10`, `GNOME, KDE and Xfce`; empty where it is the same on every machine of the system. */
  readonly where: string;
  readonly remedy: Remedy;
}

interface Kind {
  readonly machine: Machine;
  /** What tells it from other machines of its system, one word a dimension. */
  readonly words: readonly string[];
}

const macs: readonly Kind[] = [
  { machine: { platform: 'darwin', osName: 'macos', osVersion: '26.1' }, words: ['macOS 13 and later'] },
  { machine: { platform: 'darwin', osName: 'macos', osVersion: '12.7' }, words: ['macOS 12'] },
];
const windows: readonly Kind[] = [
  {
    machine: { platform: 'win32', osName: 'windows', osVersion: '10.0.26200', edition: 'Professional' },
    words: ['Windows 11'],
  },
  {
    machine: { platform: 'win32', osName: 'windows', osVersion: '10.0.19045', edition: 'Professional' },
    words: ['Windows 10'],
  },
];
const distributions = { ubuntu: 'Ubuntu', fedora: 'Fedora', arch: 'Arch', 'opensuse-leap': 'openSUSE' };
const desktops = {
  gnome: 'GNOME',
  kde: 'KDE',
  xfce: 'Xfce',
  cinnamon: 'Cinnamon',
  mate: 'MATE',
  sway: 'Sway',
  hyprland: 'Hyprland',
  i3: 'i3',
  other: 'other desktops',
} as const;
const linuxes: readonly Kind[] = Object.entries(distributions).flatMap(([osName, distribution]) =>
  (Object.keys(desktops) as (keyof typeof desktops)[]).map((desktop) => ({
    machine: { platform: 'linux' as const, osName, desktop },
    words: [distribution, desktops[desktop]],
  })),
);
const kinds: Readonly<Record<Platform, readonly Kind[]>> = { darwin: macs, win32: windows, linux: linuxes };

/**
 * How to put a point right, per system and, where it depends on the version, the distribution or the desktop, for each of
 * those. Pure.
 */
export function remediesOf(
  point: Point,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<Platform, readonly SystemRemedy[]>> {
  return Object.fromEntries(
    platforms.map((platform) => [platform, onSystem(platform, point, params)]),
  ) as Record<Platform, readonly SystemRemedy[]>;
}

function onSystem(
  platform: Platform,
  { remedies }: Point,
  params: Readonly<Record<string, unknown>>,
): readonly SystemRemedy[] {
  const given = remedies[platform];
  if (given === undefined) return [];
  if (typeof given !== 'function') return [{ where: '', remedy: given }];
  const groups = new Map<string, { remedy: Remedy; members: Kind[] }>();
  for (const kind of kinds[platform]) {
    const remedy = given(kind.machine, params as never);
    const key = JSON.stringify([remedy.text, remedy.command, remedy.link]);
    const group = groups.get(key) ?? { remedy, members: [] };
    group.members.push(kind);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ remedy, members }) => ({
    where: groups.size === 1 ? '' : wordsOf(members, kinds[platform]),
    remedy,
  }));
}

/** The dimensions in which these machines differ from all others. */
function wordsOf(members: readonly Kind[], all: readonly Kind[]): string {
  const dimensions = (all[0]?.words ?? []).map((_, index) => index);
  const distinct = (of: readonly Kind[], index: number) => [
    ...new Set(of.map(({ words }) => words[index] ?? '')),
  ];
  return dimensions
    .filter((index) => distinct(members, index).length < distinct(all, index).length)
    .map((index) => list(distinct(members, index)))
    .join(', ');
}
