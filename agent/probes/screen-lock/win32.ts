import { type Answer, known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import {
  type PowerCapabilities,
  type PowerSource,
  readPowerCapabilities,
  readPowerPolicy,
  readPowerScheme,
  readPowerSetting,
} from '../../readings/win32/power.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readDelayLock, readSaverGrace, readScreenSaver } from '../../readings/win32/screen-saver.ts';
import { readActiveSessions } from '../../readings/win32/sessions.ts';
import { settled } from '../../readings/win32/settled.ts';

type By = 'saver' | 'display' | 'sleep' | 'policy';

/** One way to a lock that asks for a password: after how many seconds without input; null = this way never locks. */
interface Path {
  readonly by: By;
  readonly seconds: number | null;
  readonly byPolicy?: boolean;
}

const secondsPerMinute = 60;

/** The machine's own limit on inactivity: a security option, or one of device management. */
async function readMachineLimits(sources: Sources): Promise<(Path | SourceError)[]> {
  const option = async (): Promise<Path> => {
    const system = await readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System',
    );
    return { by: 'policy', seconds: system.dword('InactivityTimeoutSecs') || null, byPolicy: true };
  };
  const managed = async (): Promise<Path> => {
    const lock = await readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\DeviceLock',
    );
    const minutes = lock.dword('MaxInactivityTimeDeviceLock', 999) ?? 0;
    // Here 0 means "a password is required"; without it the limit has no effect.
    const counts = minutes > 0 && lock.dword('DevicePasswordEnabled', 1) === 0;
    return { by: 'policy', seconds: counts ? minutes * secondsPerMinute : null, byPolicy: true };
  };
  return Promise.all([settled(option()), settled(managed())]);
}

async function saverPath(sources: Sources, sid: string): Promise<Path> {
  const saver = await readScreenSaver(sources, sid);
  if (saver.seconds === null || !saver.secure) return { by: 'saver', seconds: null };
  return { by: 'saver', seconds: saver.seconds + (await readSaverGrace(sources)), byPolicy: saver.byPolicy };
}

/**
 * Seconds from the start of sleep to the password; null = none is asked. On S3 a hidden setting says nothing. On Modern
 * Standby it usually is hidden and the person's sign-in option decides, unless the password on waking is switched off.
 */
async function wakeDelay(
  sources: Sources,
  sid: string,
  power: PowerSource,
  { modernStandby }: PowerCapabilities,
): Promise<number | null> {
  const enforced = await readPowerPolicy(sources, 'passwordOnWake', power);
  const asks = enforced ?? (await settled(readPowerScheme(sources, 'passwordOnWake', power)));
  if (asks === 0) return null;
  if (modernStandby) return readDelayLock(sources, sid);
  if (asks instanceof SourceError) throw asks;
  return 0;
}

/** Display off on Modern Standby, sleep on S3. A display that goes dark on an S3 machine locks nothing. */
async function sleepPath(
  sources: Sources,
  sid: string,
  power: PowerSource,
  capabilities: PowerCapabilities,
): Promise<Path> {
  const { modernStandby, s3 } = capabilities;
  const by = modernStandby ? 'display' : 'sleep';
  if (!modernStandby && !s3) return { by, seconds: null };
  const idle = await readPowerSetting(sources, modernStandby ? 'displayIdle' : 'sleepIdle', power);
  if (idle.value === 0) return { by, seconds: null };
  const delay = await wakeDelay(sources, sid, power, capabilities);
  return { by, seconds: delay === null ? null : idle.value + delay, byPolicy: idle.byPolicy };
}

interface Cell {
  readonly sid: string;
  readonly power: PowerSource;
  /** The shortest way there is; one with `seconds: null` when there is none. */
  readonly shortest: Path;
  /** A way that could not be read, and might be shorter. */
  readonly failure: SourceError | undefined;
}

function cellOf(sid: string, power: PowerSource, paths: readonly (Path | SourceError)[]): Cell {
  let shortest: Path = { by: 'policy', seconds: null };
  let failure: SourceError | undefined;
  for (const path of paths) {
    if (path instanceof SourceError) failure ??= path;
    else if (path.seconds !== null && path.seconds < (shortest.seconds ?? Number.POSITIVE_INFINITY))
      shortest = path;
  }
  return { sid, power, shortest, failure };
}

function powerSources(capabilities: PowerCapabilities | SourceError): PowerSource[] {
  return capabilities instanceof SourceError || capabilities.battery ? ['mains', 'battery'] : ['mains'];
}

async function readCells(sources: Sources): Promise<Cell[]> {
  const limits = await readMachineLimits(sources);
  const capabilities = await settled(readPowerCapabilities(sources));
  const sessions = await settled(readActiveSessions(sources));
  const powers = powerSources(capabilities);
  // The machine's limit holds whoever signs in; everything else is a person's.
  if (sessions instanceof SourceError) return powers.map((power) => cellOf('', power, [...limits, sessions]));
  return Promise.all(
    sessions.flatMap(({ sid }) =>
      powers.map(async (power) =>
        cellOf(sid, power, [
          ...limits,
          await settled(saverPath(sources, sid)),
          capabilities instanceof SourceError
            ? capabilities
            : await settled(sleepPath(sources, sid, power, capabilities)),
        ]),
      ),
    ),
  );
}

const longest = (a: number | null, b: number | null): boolean =>
  (a ?? Number.POSITIVE_INFINITY) > (b ?? Number.POSITIVE_INFINITY);

interface Measured {
  readonly sid: string;
  readonly power: PowerSource;
  readonly seconds: number | null;
}

/** The power source that is worst for the person in question; `any` where it makes no difference. */
function powerOf(all: readonly Measured[], worst: Measured): 'any' | PowerSource {
  const own = all.filter(({ sid }) => sid === worst.sid);
  return own.some(({ seconds }) => seconds !== worst.seconds) ? worst.power : 'any';
}

type Idle = { seconds: number | null; power: 'any' | PowerSource; by?: By };

/**
 * Of all people and power sources, the one that takes longest to lock. A way that could not be read can only make it
 * shorter: it does not matter where another is short enough, and leaves the point open where none is.
 */
async function readIdle(sources: Sources, { maxSeconds }: { maxSeconds: number }): Promise<Answer<Idle>> {
  const cells = await readCells(sources);
  const tooLong = ({ shortest }: Cell) => longest(shortest.seconds, maxSeconds);
  const failing = cells.filter((cell) => tooLong(cell) && cell.failure === undefined);
  const open = cells.find((cell) => tooLong(cell) && cell.failure !== undefined);
  if (failing.length === 0 && open?.failure !== undefined) throw open.failure;
  const candidates = failing.length > 0 ? failing : cells;
  const worst = candidates.reduce((a, b) => (longest(b.shortest.seconds, a.shortest.seconds) ? b : a));
  const { seconds, by, byPolicy } = worst.shortest;
  const measured = ({ sid, power, shortest }: Cell): Measured => ({ sid, power, seconds: shortest.seconds });
  const power = powerOf(cells.map(measured), measured(worst));
  return known(
    { seconds, power, ...(seconds !== null && { by }) },
    seconds === null ? undefined : byPolicy ? 'policy' : 'user',
  );
}

type Grace = { seconds: number | null; power: 'any' | PowerSource };

/**
 * How long the screen can be dark or covered before a password is asked, on the ways that end in a lock: a saver that asks,
 * waking from sleep, the machine's own limit (which locks at once). The longest counts; no way at all = none is asked.
 */
async function readGrace(sources: Sources, { maxSeconds }: { maxSeconds: number }): Promise<Answer<Grace>> {
  const capabilities = await settled(readPowerCapabilities(sources));
  const found: Measured[] = [];
  let failure: SourceError | undefined;
  const limits = await readMachineLimits(sources);
  const limited = limits.some((limit) => !(limit instanceof SourceError) && limit.seconds !== null);
  for (const { sid } of await readActiveSessions(sources)) {
    const saver = await settled(saverPath(sources, sid));
    const locksBySaver = !(saver instanceof SourceError) && saver.seconds !== null;
    if (saver instanceof SourceError) failure ??= saver;
    for (const power of powerSources(capabilities)) {
      const delays: (number | null)[] = [];
      if (locksBySaver) delays.push(await readSaverGrace(sources));
      if (capabilities instanceof SourceError) failure ??= capabilities;
      else if (capabilities.modernStandby || capabilities.s3) {
        const delay = await settled(wakeDelay(sources, sid, power, capabilities));
        if (delay instanceof SourceError) failure ??= delay;
        else delays.push(delay);
      }
      if (delays.length === 0 && limited) delays.push(0);
      if (delays.length > 0) {
        found.push({
          sid,
          power,
          seconds: delays.includes(null) ? null : Math.max(...delays.map((d) => d ?? 0)),
        });
      } else if (failure === undefined) {
        for (const limit of limits) if (limit instanceof SourceError) failure ??= limit;
        if (failure === undefined) found.push({ sid, power, seconds: null });
      }
    }
  }
  const failing = found.filter(({ seconds }) => longest(seconds, maxSeconds));
  if (failing.length === 0 && failure !== undefined) throw failure;
  const candidates = failing.length > 0 ? failing : found;
  const worst = candidates.reduce((a, b) => (longest(b.seconds, a.seconds) ? b : a));
  return known({ seconds: worst.seconds, power: powerOf(found, worst) });
}

/** Screen saver, display, sleep and machine limit. Windows 10 and 11. */
export const win32: PointProbes<'screen-lock'> = {
  idle: readIdle,
  grace: readGrace,
};
