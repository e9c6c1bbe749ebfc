import { shellWords } from './configuration.ts';

const lockers = new Set([
  'swaylock',
  'hyprlock',
  'gtklock',
  'waylock',
  'physlock',
  'i3lock',
  'i3lock-color',
  'i3lock-fancy',
  'betterlockscreen',
  'slock',
  'xlock',
  'xsecurelock',
  'xtrlock',
]);

/** Programs that only look at, stop or talk about the program they name. */
const notStarting = new Set([
  'pidof',
  'pgrep',
  'pkill',
  'killall',
  'kill',
  'echo',
  'printf',
  'notify-send',
  'which',
  'type',
  'command',
  'test',
  '[',
  'grep',
  'true',
  'false',
  ':',
]);

/** What a command of an idle program does to the screen. */
export interface LockCommand {
  /** It starts a program that asks for a password. */
  readonly locker: boolean;
  /** It asks logind to lock, which works only where somebody listens. */
  readonly asksLogind: boolean;
  /** Seconds the locker lets pass without a password (`swaylock --grace 5`). */
  readonly graceSeconds: number;
}

/**
 * Reads a shell command such as `pidof hyprlock || hyprlock`, `loginctl lock-session`, `sh -c "swaylock -f"`. A program that
 * is only looked for, killed or named in a message does not count.
 */
export function parseLockCommand(text: string): LockCommand {
  const command = { locker: false, asksLogind: false, graceSeconds: 0 };
  for (const simple of text.split(/\|\||&&|[;|&\n]/)) {
    const words = shellWords(simple);
    for (const [index, word] of words.entries()) {
      const program = word.split('/').at(-1) ?? '';
      if (notStarting.has(program)) break;
      if (word.includes(' ') && /^-\w*c$/.test(words[index - 1] ?? '')) {
        const inner = parseLockCommand(word);
        command.locker ||= inner.locker;
        command.asksLogind ||= inner.asksLogind;
        command.graceSeconds = Math.max(command.graceSeconds, inner.graceSeconds);
      }
      if (lockers.has(program)) {
        command.locker = true;
        command.graceSeconds = Math.max(command.graceSeconds, graceOf(words.slice(index + 1)));
        break;
      }
      if (program === 'loginctl' && /^lock-sessions?$/.test(words[index + 1] ?? '')) {
        command.asksLogind = true;
        break;
      }
    }
  }
  return command;
}

function graceOf(args: readonly string[]): number {
  for (const [index, arg] of args.entries()) {
    const value = /^--grace=(\d+)$/.exec(arg)?.[1] ?? (arg === '--grace' ? args[index + 1] : undefined);
    if (value !== undefined && /^\d{1,6}$/.test(value)) return Number(value);
  }
  return 0;
}

/** The first way an idle program locks: after how long, and how long that lock asks for no password. undefined = never. */
export interface IdleLock {
  readonly seconds: number;
  readonly graceSeconds: number;
}

const earliest = (locks: readonly IdleLock[]): IdleLock | undefined =>
  locks.toSorted((a, b) => a.seconds + a.graceSeconds - b.seconds - b.graceSeconds)[0];

const swayidleEvents = new Set([
  'timeout',
  'resume',
  'before-sleep',
  'after-resume',
  'lock',
  'unlock',
  'idlehint',
]);

/** True where swayidle was given events on its command line, which then stand in place of its file. */
export const hasSwayidleEvents = (args: readonly string[]): boolean =>
  args.some((arg) => swayidleEvents.has(arg));

/**
 * swayidle's events, from its arguments in the process table (`-w timeout 300 swaylock -f before-sleep swaylock -f`, quotes
 * lost) or a line of its file each (`timeout 300 'swaylock -f'`). A `timeout` locks when its command holds a locker, or asks
 * logind while a `lock` event holds one.
 */
export function parseSwayidle(words: readonly string[]): IdleLock | undefined {
  const events: { name: string; words: string[] }[] = [];
  for (const word of words) {
    if (swayidleEvents.has(word)) events.push({ name: word, words: [] });
    else events.at(-1)?.words.push(word);
  }
  const onLock = parseLockCommand(events.find(({ name }) => name === 'lock')?.words.join(' ') ?? '');
  return earliest(
    events.flatMap(({ name, words: [seconds = '', ...command] }) => {
      if (name !== 'timeout' || !/^\d{1,7}$/.test(seconds) || Number(seconds) === 0) return [];
      return lockOf(command.join(' '), onLock, Number(seconds));
    }),
  );
}

/** See `parseSwayidle`; comments are dropped. */
export function parseSwayidleFile(text: string): IdleLock | undefined {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return parseSwayidle(lines.flatMap((line) => shellWords(line)));
}

function lockOf(text: string, onLock: LockCommand, seconds: number): IdleLock[] {
  const command = parseLockCommand(text);
  if (command.locker) return [{ seconds, graceSeconds: command.graceSeconds }];
  if (command.asksLogind && onLock.locker) return [{ seconds, graceSeconds: onLock.graceSeconds }];
  return [];
}

/** What hypridle.conf says; `elsewhere` = it includes another file, which may hold more. */
export interface Hypridle {
  readonly lock: IdleLock | undefined;
  readonly elsewhere: boolean;
}

/**
 * hypridle.conf: a `listener { timeout = 300 / on-timeout = ... }` locks when its command holds a locker, or asks logind while
 * `general { lock_cmd = ... }` holds one (empty by default). `$name = value` are variables, `#` starts a comment.
 */
export function parseHypridle(text: string): Hypridle {
  const variables = new Map<string, string>();
  const blocks: { name: string; values: Map<string, string> }[] = [];
  let elsewhere = false;
  let block: { name: string; values: Map<string, string> } | undefined;
  for (const line of text.split('\n')) {
    for (const part of line.replace(/(?<!#)#(?!#).*$/, '').split(/(?<=[{}])|(?=[{}])/)) {
      const content = part.trim();
      if (content === '}') block = undefined;
      const assignment = /^(\$?[\w-]+)\s*=\s*(.*)$/.exec(content);
      const opening = /^([\w-]+)$/.exec(content)?.[1];
      if (opening !== undefined) {
        block = { name: opening, values: new Map() };
        blocks.push(block);
      } else if (assignment?.[1]?.startsWith('$')) {
        variables.set(assignment[1], resolve(assignment[2] ?? '', variables));
      } else if (assignment?.[1] === 'source') {
        elsewhere = true;
      } else if (assignment?.[1] !== undefined) {
        block?.values.set(assignment[1], resolve(assignment[2] ?? '', variables));
      }
    }
  }
  const general = blocks.find(({ name, values }) => name === 'general' && values.has('lock_cmd'));
  const onLock = parseLockCommand(general?.values.get('lock_cmd') ?? '');
  const locks = blocks.flatMap(({ name, values }) => {
    const seconds = values.get('timeout') ?? '';
    if (name !== 'listener' || !/^\d{1,7}$/.test(seconds) || Number(seconds) === 0) return [];
    return lockOf(values.get('on-timeout') ?? '', onLock, Number(seconds));
  });
  return { lock: earliest(locks), elsewhere };
}

function resolve(text: string, variables: ReadonlyMap<string, string>): string {
  return text.trim().replace(/\$\w+/g, (name) => variables.get(name) ?? name);
}

/**
 * xautolock's arguments: `-time 10 -locker i3lock -n` locks after 10 minutes (its default). Without a -locker that asks for a
 * password it does not count.
 */
export function parseXautolock(args: readonly string[]): IdleLock | undefined {
  const after = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args.slice(at + 1);
  };
  const minutes = after('-time')?.[0] ?? '10';
  const rest = after('-locker');
  if (rest === undefined || !/^\d{1,4}$/.test(minutes) || Number(minutes) === 0) return undefined;
  // The process table lost the quotes: everything up to xautolock's next own option belongs to the locker.
  const end = rest.findIndex((word) =>
    /^-(time|corners|notify|notifier|killtime|killer|bell|detectsleep|nowlocker|cornerdelay|cornersize|cornerredelay|noclose|noclosein|noclosout|secure|resetsaver)$/.test(
      word,
    ),
  );
  const locker = parseLockCommand((end < 0 ? rest : rest.slice(0, end)).join(' ')).locker;
  return locker ? { seconds: Number(minutes) * 60, graceSeconds: 0 } : undefined;
}

/** `xset q`: seconds until the X screen saver starts (0 = never), and its cycle. undefined where the text is another. */
export function parseXset(stdout: string): { timeout: number; cycle: number } | undefined {
  const match = /^[^\S\n]*timeout:\s+(\d{1,7})(?:\s+cycle:\s+(\d{1,7}))?/m.exec(stdout);
  if (match?.[1] === undefined) return undefined;
  return { timeout: Number(match[1]), cycle: Number(match[2] ?? 0) };
}

/**
 * ~/.xscreensaver: `timeout: 0:10:00`, `lock: True`, `lockTimeout: 0:00:00`, `mode: blank`. `lock` is False unless set,
 * timeout ten minutes. undefined = it does not lock.
 */
export function parseXscreensaver(text: string): IdleLock | undefined {
  const value = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1];
  const seconds = (time: string) => {
    const match = /^(\d{1,3}):(\d{2}):(\d{2})$/.exec(time);
    return match ? Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
  };
  const timeout = seconds(value('timeout') ?? '0:10:00');
  const grace = seconds(value('lockTimeout') ?? '0:00:00');
  if (!/^(true|on|yes|1)$/i.test(value('lock') ?? 'False')) return undefined;
  if (value('mode') === 'off' || timeout === undefined || timeout === 0 || grace === undefined)
    return undefined;
  return { seconds: timeout, graceSeconds: grace };
}
