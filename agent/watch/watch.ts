import { beginWatch, endWatch, interruptWatch, type Watch } from '../state/watch.ts';
import { watchForMedia } from './changes.ts';
import type { Signal } from './signal.ts';

/** The service's side of the watch on removable media: knows when a look is due, and starts none itself. */
export interface MediaWatch {
  /** True when something changed since the last look, and once a day: what stays mounted counts for each day. */
  isDue(now: Date): boolean;
  /** A look begins: what happens from now on makes another one due. */
  looking(now: Date): void;
  /** It has ended with this exit code; any but 0 has missed something. */
  looked(code: number | null): Promise<void>;
  /** Stops, and writes nothing: the state may be gone. */
  stop(): void;
  /** Stops, and notes that the watch ends here. */
  end(): Promise<void>;
}

/** Media that come and go faster than this are looked at together. */
const shortestMs = 1_000;

/** Begins to watch; the first look is due at once. Calls `due` when another one is. Never throws: then there is no watch. */
export async function startMediaWatch(directory: string, due: () => void): Promise<MediaWatch> {
  let dirty = true;
  let missed = false;
  let underWay = false;
  let lookedOn = '';
  let timer: NodeJS.Timeout | undefined;
  let signal: Signal | undefined;
  let watch: Watch | undefined;
  const changed = () => {
    dirty = true;
    timer ??= setTimeout(() => {
      timer = undefined;
      due();
    }, shortestMs);
  };
  try {
    watch = await beginWatch(directory);
    signal = await watchForMedia(changed);
  } catch {
    // A disk that is full, or a Windows whose calls cannot be loaded: what is mounted during a check is seen all the same.
    if (watch !== undefined) await endWatch(directory, watch).catch(() => {});
    watch = undefined;
  }
  const stop = () => {
    clearTimeout(timer);
    signal?.stop();
  };
  return {
    isDue: (now) => signal !== undefined && (dirty || dayOf(now) !== lookedOn),
    looking(now) {
      dirty = false;
      underWay = true;
      lookedOn = dayOf(now);
    },
    async looked(code) {
      underWay = false;
      missed ||= code !== 0;
      if (!missed || watch === undefined) return;
      try {
        watch = await interruptWatch(directory, watch);
        missed = false;
      } catch {
        // The disk is full: written down after the next look.
      }
    },
    stop,
    async end() {
      stop();
      if (watch === undefined) return;
      // A look that was cut off, or never made, has missed something.
      const since = dirty || underWay || missed ? new Date() : watch.since;
      await endWatch(directory, { ...watch, since }).catch(() => {});
    },
  };
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
