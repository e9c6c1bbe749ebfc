import { basename } from 'node:path';
import { SourceError, type Sources } from '../probe.ts';
import type { LocalHistory } from '../state/history.ts';

/**
 * Programs that take seconds and whose answer changes at most a few times a day: lists of waiting updates. Exactly as the probes
 * ask for them.
 */
const slow: readonly (readonly [string, ...string[]])[] = [
  ['apt-get', '-s', '-o', 'Debug::NoLocking=true', 'upgrade'],
  ['dnf', '-q', '-C', 'updateinfo', 'list', '--security'],
  ['zypper', '-n', 'patch-check'],
  ['snap', 'refresh', '--list'],
  ['flatpak', 'remote-ls', '--updates', '--columns=application'],
];

/** A kept answer may decide for this long. */
const maxAgeMs = 12 * 3_600_000;
/** The service asks again after this long, and has more patience than a person in front of a terminal. */
const renewAfterMs = 4 * 3_600_000;
const serviceTimeoutMs = 60_000;

const lineOf = ([program, ...args]: readonly [string, ...string[]]) => [basename(program), ...args].join(' ');
const slowLines = new Set(slow.map(lineOf));

/** The same sources with a memory: slow programs are answered from it while it is fresh, and keep their answer in it. */
export function withHistory(live: Sources, history: LocalHistory): Sources {
  return {
    ...live,
    history,
    async command(argv, options) {
      if (!slowLines.has(lineOf(argv))) return live.command(argv, options);
      const kept = history.recall(argv, live.now, maxAgeMs);
      if (kept !== undefined) return kept;
      const result = await live.command(argv, options);
      history.keep(argv, result, live.now);
      return result;
    },
  };
}

/** For the service: renews what is kept of slow programs, one after the other, so that no check has to wait for them. */
export async function renewSlowReads(live: Sources, history: LocalHistory): Promise<void> {
  for (const argv of slow) {
    if (history.recall(argv, live.now, renewAfterMs) !== undefined) continue;
    try {
      history.keep(argv, await live.command(argv, { timeoutMs: serviceTimeoutMs }), live.now);
    } catch (error) {
      // Most of them are not installed here.
      if (!(error instanceof SourceError)) throw error;
    }
  }
}
