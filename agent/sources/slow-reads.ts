import { basename } from 'node:path';
import { SourceError, type Sources } from '../probe.ts';
import type { LocalHistory } from '../state/history.ts';

interface SlowRead {
  readonly argv: readonly [string, ...string[]];
  /** Exit codes that are answers; a refusal is not worth remembering. */
  readonly answers: readonly number[];
  /** What is written whenever lists are renewed or software is installed: what was answered before that is out of date. */
  readonly changedBy: readonly string[];
}

const rpm = ['/usr/lib/sysimage/rpm/rpmdb.sqlite', '/var/lib/rpm/rpmdb.sqlite'];

/**
 * Programs that take seconds and whose answer changes at most a few times a day: lists of waiting updates. Exactly as the probes
 * ask for them.
 */
const slow: readonly SlowRead[] = [
  {
    argv: ['apt-get', '-s', '-o', 'Debug::NoLocking=true', 'upgrade'],
    answers: [0],
    changedBy: ['/var/lib/dpkg/status', '/var/lib/apt/lists'],
  },
  {
    argv: ['dnf', '-q', '-C', 'updateinfo', 'list', '--security'],
    answers: [0],
    changedBy: [...rpm, '/var/cache/libdnf5', '/var/cache/dnf'],
  },
  {
    argv: ['zypper', '-n', 'patch-check'],
    answers: [0, 100, 101],
    changedBy: [...rpm, '/var/cache/zypp/solv'],
  },
  { argv: ['snap', 'refresh', '--list'], answers: [0], changedBy: ['/var/lib/snapd/snaps'] },
  {
    argv: ['flatpak', 'remote-ls', '--updates', '--columns=application'],
    answers: [0],
    changedBy: ['/var/lib/flatpak/.changed'],
  },
];

/** A kept answer may decide for this long. */
const maxAgeMs = 12 * 3_600_000;
/** The service asks again after this long, and has more patience than a person in front of a terminal. */
const renewAfterMs = 4 * 3_600_000;
const serviceTimeoutMs = 60_000;

const lineOf = ([program, ...args]: readonly [string, ...string[]]) => [basename(program), ...args].join(' ');
const slowLines = new Map(slow.map((read) => [lineOf(read.argv), read]));

/** Milliseconds since what this answer speaks of last changed; Infinity where nothing tells. */
async function unchangedForMs(live: Sources, { changedBy }: SlowRead): Promise<number> {
  const moments = await Promise.all(
    changedBy.map(async (path) => {
      try {
        const { stdout, exitCode } = await live.command(['stat', '-c', '%Y', path]);
        return exitCode === 0 && /^\d{1,12}\n?$/.test(stdout) ? Number(stdout) * 1000 : undefined;
      } catch (error) {
        if (error instanceof SourceError) return undefined;
        throw error;
      }
    }),
  );
  const known = moments.filter((moment) => moment !== undefined);
  // A whole second, because that is how exactly a stamp is told.
  return known.length === 0 ? Number.POSITIVE_INFINITY : live.now.getTime() - Math.max(...known) - 1000;
}

/** The kept answer, unless it is too old or from before the last change. */
async function recall(live: Sources, history: LocalHistory, read: SlowRead, maxAge: number) {
  if (history.recall(read.argv, live.now, maxAge) === undefined) return undefined;
  return history.recall(read.argv, live.now, Math.min(maxAge, await unchangedForMs(live, read)));
}

/** The same sources with a memory: slow programs are answered from it while it is fresh, and keep their answer in it. */
export function withHistory(live: Sources, history: LocalHistory): Sources {
  return {
    ...live,
    history,
    async command(argv, options) {
      const read = slowLines.get(lineOf(argv));
      if (read === undefined) return live.command(argv, options);
      const kept = await recall(live, history, read, maxAgeMs);
      if (kept !== undefined) return kept;
      const result = await live.command(argv, options);
      if (read.answers.includes(result.exitCode)) history.keep(argv, result, live.now);
      return result;
    },
  };
}

/** For the service: renews what is kept of slow programs, one after the other, so that no check has to wait for them. */
export async function renewSlowReads(live: Sources, history: LocalHistory): Promise<void> {
  for (const read of slow) {
    if ((await recall(live, history, read, renewAfterMs)) !== undefined) continue;
    try {
      const result = await live.command(read.argv, { timeoutMs: serviceTimeoutMs });
      if (read.answers.includes(result.exitCode)) history.keep(read.argv, result, live.now);
    } catch (error) {
      // Most of them are not installed here.
      if (!(error instanceof SourceError)) throw error;
    }
  }
}
