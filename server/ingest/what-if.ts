import { setImmediate as turn } from 'node:timers/promises';
import type { Facts } from '../../shared/facts.ts';
import type { Policy } from '../../shared/policy.ts';
import type { DeviceState } from '../review/assess.ts';
import { knowledgeOf } from '../review/knowledge.ts';
import { type DeviceShift, draftTrial, type PointShift } from '../review/what-if.ts';
import type { Device } from '../storage/devices.ts';
import type { Stores } from '../storage/stores.ts';
import { standingFacts } from './standing-facts.ts';

/** So many devices are read and judged in one go; others have their turn in between. */
const atOnce = 25;
/** A result says how the fleet stood then: after this it is made anew. */
const goodForMs = 10 * 60_000;
/** Results of so many organizations are kept. */
const maxKept = 20;
/** Facts of so many devices stay at hand between one trial and the next, so that trying another number does not take as long. */
const maxRemembered = 20_000;

/** A device that would come out otherwise. */
export interface ShiftedDevice extends DeviceShift {
  readonly id: string;
  readonly label: string;
  readonly assetTag: string | undefined;
  readonly system: string;
}

/** What a draft would make of a fleet, as far as it has been gone through. */
export interface WhatIfResult {
  readonly at: Date;
  readonly devices: number;
  readonly judged: number;
  readonly finished: boolean;
  /** Something broke on the way; nothing of it may be believed. */
  readonly failed: boolean;
  /** Devices that would come out otherwise: those whose state changes first, then by label. */
  readonly shifted: readonly ShiftedDevice[];
  /** Per point how many devices shift in which way. */
  readonly points: ReadonlyMap<string, Readonly<Record<PointShift, number>>>;
  /** How many devices go from one state to another. */
  readonly states: readonly {
    readonly from: DeviceState;
    readonly to: DeviceState;
    readonly devices: number;
  }[];
}

/** How far a trial has come. */
export const trialState = ({
  failed,
  finished,
}: Pick<WhatIfResult, 'failed' | 'finished'>): 'failed' | 'finished' | 'running' =>
  failed ? 'failed' : finished ? 'finished' : 'running';

/** The devices that would come out otherwise at a point, in one way; null for any. None before the trial is over. */
export const shiftedAs = (
  { finished, shifted }: Pick<WhatIfResult, 'finished' | 'shifted'>,
  { point, kind }: { readonly point: string | null; readonly kind: PointShift | null },
): readonly ShiftedDevice[] =>
  (finished ? shifted : []).filter(
    ({ points }) =>
      (point === null && kind === null) ||
      points.some(
        ({ subject, shift }) => (point === null || subject === point) && (kind === null || shift === kind),
      ),
  );

interface Run {
  readonly key: string;
  readonly result: {
    -readonly [K in keyof WhatIfResult]: WhatIfResult[K];
  };
  readonly done: Promise<void>;
  stop(): void;
}

/** A draft to be tried; its `edit` names its state. */
export interface Trial {
  readonly organization: number;
  readonly current: Policy;
  readonly draft: Policy;
  readonly edit: number;
}

export type WhatIfTrials = ReturnType<typeof whatIfTrials>;

/**
 * Tries drafts on the fleets they are for: the facts of every device, verified when they came, are judged by the draft and by the
 * policy in force. A trial runs in the background and is remembered until draft, policy or waivers change; a newer one of the same
 * organization ends it.
 */
export function whatIfTrials(
  stores: Pick<Stores, 'devices' | 'reports' | 'waivers'>,
  now: () => Date,
  log: { error(fields: object, message: string): void },
) {
  const runs = new Map<number, Run>();
  const facts = standingFacts(stores, false);
  // Read at most `goodForMs` ago; a device that brings others has another sequence.
  const remembered = new Map<
    number,
    { readonly sequence: number | null; readonly facts: Facts | undefined }
  >();
  let rememberedAt = 0;
  let ended = false;

  async function factsOf(devices: readonly Device[]): Promise<readonly (Facts | undefined)[]> {
    const missing = devices.filter(
      ({ number, factsSequence }) => remembered.get(number)?.sequence !== factsSequence,
    );
    const read = missing.length === 0 ? [] : await facts.read(missing);
    if (remembered.size + missing.length > maxRemembered) remembered.clear();
    const fresh = new Map(missing.map(({ number }, index) => [number, read[index]]));
    for (const { number, factsSequence } of missing) {
      remembered.set(number, { sequence: factsSequence, facts: fresh.get(number) });
    }
    return devices.map(({ number }) =>
      fresh.has(number) ? fresh.get(number) : remembered.get(number)?.facts,
    );
  }

  function begin(key: string, trial: Trial, granted: Awaited<ReturnType<Stores['waivers']['granted']>>): Run {
    let stopped = false;
    const shifted: ShiftedDevice[] = [];
    const points = new Map<string, Record<PointShift, number>>();
    const states = new Map<string, { from: DeviceState; to: DeviceState; devices: number }>();
    const result: Run['result'] = {
      at: now(),
      devices: 0,
      judged: 0,
      finished: false,
      failed: false,
      shifted,
      points,
      states: [],
    };
    const tried = draftTrial(trial.current, trial.draft, result.at, facts.judging);

    function note(device: ShiftedDevice): void {
      shifted.push(device);
      for (const { subject, shift } of device.points) {
        const counts = points.get(subject) ?? { fails: 0, fixed: 0, unknown: 0 };
        counts[shift] += 1;
        points.set(subject, counts);
      }
      if (device.from === device.to) return;
      const key = `${device.from} ${device.to}`;
      const state = states.get(key) ?? { from: device.from, to: device.to, devices: 0 };
      state.devices += 1;
      states.set(key, state);
    }

    async function run(): Promise<void> {
      const counts = await stores.devices.stateCounts(trial.organization);
      result.devices = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
      if (now().getTime() - rememberedAt > goodForMs) {
        remembered.clear();
        rememberedAt = now().getTime();
      }
      let after = '';
      while (!stopped) {
        const devices = await stores.devices.after(trial.organization, after, atOnce);
        const said = await factsOf(devices);
        for (const [index, device] of devices.entries()) {
          const shift = tried(said[index], knowledgeOf(device, granted));
          if (shift !== undefined) {
            const { id, label, assetTag, system } = device;
            note({ id, label, assetTag: assetTag ?? undefined, system, ...shift });
          }
        }
        result.judged += devices.length;
        after = devices.at(-1)?.label ?? after;
        if (devices.length < atOnce) break;
        await turn();
      }
      result.devices = result.judged;
      shifted.sort((a, b) => Number(a.from === a.to) - Number(b.from === b.to));
      result.states = [...states.values()].toSorted((a, b) => b.devices - a.devices);
      result.finished = !stopped;
    }

    const done = run().catch((error: unknown) => {
      result.failed = true;
      if (!stopped) log.error({ err: error }, 'a trial of a draft failed');
    });
    return {
      key,
      result,
      done,
      stop() {
        stopped = true;
      },
    };
  }

  return {
    /** Begins a trial that somebody will soon look at, and waits for nothing. */
    begin(trial: Trial): void {
      this.look(trial, 0).catch((error: unknown) => {
        if (!ended) log.error({ err: error }, 'a trial of a draft failed');
      });
    },
    /** How far the trial is; begins it where it is new, and waits for its end a little while. */
    async look(trial: Trial, waitMs: number): Promise<WhatIfResult> {
      const granted = await stores.waivers.granted(trial.organization);
      const key = `${trial.current.version} ${trial.edit} ${granted.revision}`;
      let run = runs.get(trial.organization);
      const tooOld = run !== undefined && now().getTime() - run.result.at.getTime() > goodForMs;
      if (run === undefined || run.key !== key || run.result.failed || tooOld) {
        run?.stop();
        runs.delete(trial.organization);
        const oldest = runs.keys().next();
        if (runs.size >= maxKept && !oldest.done) {
          runs.get(oldest.value)?.stop();
          runs.delete(oldest.value);
        }
        run = begin(key, trial, granted);
        runs.set(trial.organization, run);
      }
      if (!run.result.finished) {
        let timer: NodeJS.Timeout | undefined;
        const patience = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, waitMs);
        });
        await Promise.race([run.done, patience]);
        clearTimeout(timer);
      }
      return run.result;
    },
    /** Ends what is underway. */
    stop(): void {
      ended = true;
      for (const run of runs.values()) run.stop();
      runs.clear();
    },
  };
}
