import type { Desktop } from '../../../shared/machine.ts';
import { answered, orUndefined, refusal } from './answered.ts';
import type { InSession } from './sessions.ts';

/** Which desktop a session runs, and the words it goes by (`ubuntu`, `gnome`). */
export interface DesktopName {
  readonly desktop: Exclude<Desktop, 'none'> | 'lxde';
  readonly words: readonly string[];
}

const byWord: Record<string, DesktopName['desktop']> = {
  gnome: 'gnome',
  unity: 'gnome',
  budgie: 'gnome',
  'budgie-desktop': 'gnome',
  ubuntu: 'gnome',
  'ubuntu-xorg': 'gnome',
  'ubuntu-wayland': 'gnome',
  'gnome-xorg': 'gnome',
  'gnome-wayland': 'gnome',
  'gnome-classic': 'gnome',
  pop: 'gnome',
  zorin: 'gnome',
  kde: 'kde',
  plasma: 'kde',
  plasmax11: 'kde',
  plasmawayland: 'kde',
  xfce: 'xfce',
  xubuntu: 'xfce',
  lxde: 'lxde',
  'x-cinnamon': 'cinnamon',
  cinnamon: 'cinnamon',
  cinnamon2d: 'cinnamon',
  mate: 'mate',
  sway: 'sway',
  hyprland: 'hyprland',
  i3: 'i3',
};

/** Desktops that share a word with a known one and lock in a way of their own. */
const strangers = new Set([
  'gnome-flashback',
  'pantheon',
  'deepin',
  'dde',
  'cosmic',
  'lxqt',
  'ukui',
  'enlightenment',
  'phosh',
]);

/** True for a word that some desktop goes by, read here or not. */
export const isDesktopWord = (word: string): boolean =>
  Object.hasOwn(byWord, word.toLowerCase()) || strangers.has(word.toLowerCase());

/** Reads the desktop of words like `ubuntu:GNOME`, or undefined where there are none. */
export function desktopOf(list: string): DesktopName | undefined {
  const words = list
    .toLowerCase()
    .split(':')
    .map((word) => word.trim())
    .filter(Boolean);
  if (words.length === 0) return undefined;
  if (words.some((word) => strangers.has(word))) return { desktop: 'other', words };
  const known = words.map((word) => byWord[word]).find((desktop) => desktop !== undefined);
  return { desktop: known ?? 'other', words };
}

const shells: readonly (readonly [string, DesktopName['desktop']])[] = [
  ['gnome-shell', 'gnome'],
  ['plasmashell', 'kde'],
  ['cinnamon', 'cinnamon'],
  ['sway', 'sway'],
  ['Hyprland', 'hyprland'],
  ['i3', 'i3'],
];

/**
 * XDG_CURRENT_DESKTOP of the person's user manager, else what logind calls the session, else a shell that runs. undefined
 * when none of them says anything.
 */
export async function readDesktop(session: InSession): Promise<DesktopName | undefined> {
  const environment = await orUndefined(answered(session, ['systemctl', '--user', 'show-environment']));
  const line = /^XDG_CURRENT_DESKTOP=(.*)$/m.exec(environment?.stdout ?? '')?.[1];
  const named = desktopOf((line ?? '').replace(/^\$?['"]|['"]$/g, '')) ?? desktopOf(session.desktop);
  if (named !== undefined) return named;
  const programs = await orUndefined(readIdlePrograms(session));
  const shell = shells.find(([name]) => programs?.some((program) => program.name === name));
  return shell === undefined ? undefined : { desktop: shell[1], words: [] };
}

/** A running program of a person: its name and its command line split at blanks (quotes are lost in the process table). */
export interface RunningProgram {
  readonly name: string;
  readonly args: readonly string[];
}

const watched =
  'swayidle|hypridle|xautolock|xss-lock|light-locker|xscreensaver|xfce4-screensav|mate-screensave|cinnamon-screen|gnome-shell|plasmashell|cinnamon|sway|Hyprland|i3';

/** procps takes all the names together for one that is too long, says so each time, and looks for each of them all the same. */
const aboutLength = /^(?:pgrep: pattern that searches for process name longer|Try `pgrep -f').*$/gm;

/**
 * Which lockers and shells run for the person: `pgrep -a -x -u 1000 <names>`, `2710 /usr/bin/gnome-shell`. Exit code 1 with
 * nothing printed = none of them, which is an answer. Throws SourceError for anything else.
 */
export async function readIdlePrograms(session: InSession): Promise<readonly RunningProgram[]> {
  const result = await answered(session, ['pgrep', '-a', '-x', '-u', String(session.uid), watched], {
    exitCodes: [0, 1],
  });
  if (result.exitCode === 1 && result.stdout.trim() === '') {
    if (result.stderr.replace(aboutLength, '').trim() !== '') throw refusal('pgrep', result);
    return [];
  }
  return parsePrograms(result.stdout);
}

const interpreters = /^(python[0-9.]*|perl|sh|bash|dash|node|gjs|gjs-console)$/;

/** See `readIdlePrograms`. A script goes by its own name, not by that of its interpreter. */
export function parsePrograms(stdout: string): RunningProgram[] {
  return stdout.split('\n').flatMap((line) => {
    const [, command] = /^\s*\d+\s+(.+)$/.exec(line) ?? [];
    if (command === undefined) return [];
    const words = command.trim().split(/\s+/);
    const base = (word: string | undefined) => (word ?? '').replace(/^-/, '').split('/').at(-1) ?? '';
    let at = 0;
    if (interpreters.test(base(words[0]))) {
      at = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
      if (at < 0) at = 0;
    }
    return [{ name: base(words[at]).replace(/\.py$/, ''), args: words.slice(at + 1) }];
  });
}

/** The first running program of one of these names; names may be longer than the 15 characters the kernel keeps. */
export function runningOf(programs: readonly RunningProgram[], name: string): RunningProgram | undefined {
  return programs.find(
    (program) => program.name === name || (name.length > 10 && program.name.startsWith(name)),
  );
}
