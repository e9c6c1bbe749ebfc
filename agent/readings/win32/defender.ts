import { firstOf, SourceError, type Sources } from '../../probe.ts';
import { readQuery } from './powershell.ts';
import { flag, integer, isNever, moment, object, optional, text } from './values.ts';

/** passive: another product is in charge, and every switch of Defender still reads "true". */
export type DefenderState = 'active' | 'passive' | 'off';

/** MP_E_SERVICE_STOPPED: the Defender service does not run. */
const serviceStopped = '0x800106ba';

/** Whether Defender protects: only in mode Normal, with real-time protection on. SourceError when it does not say. */
export async function readDefenderState(sources: Sources): Promise<DefenderState> {
  const what = 'mp-computer-status';
  let answer: unknown;
  try {
    answer = await readQuery(sources, what);
  } catch (error) {
    if (error instanceof SourceError && error.code === serviceStopped) return 'off';
    throw error;
  }
  const status = object(Array.isArray(answer) ? answer[0] : answer, what);
  const mode = text(status['AMRunningMode'], what).toLowerCase();
  const realTime = flag(status['RealTimeProtectionEnabled'], what);
  const switches = [status['AMServiceEnabled'], status['AntivirusEnabled']];
  const switchedOff = switches.some((value) => optional(value, (one) => flag(one, what)) === false);
  if (mode === 'not running' || !realTime || switchedOff) return 'off';
  return mode === 'normal' ? 'active' : 'passive';
}

const hoursPerDay = 24;
const millisecondsPerHour = 3_600_000;
/** Where there never were definitions, the age reads as the largest number of 16 or 32 bits. */
const neverUpdated = [65_535, 4_294_967_295];

/** Age of Defender's definitions in hours; null = there are none. */
export async function readDefinitionsAge(sources: Sources): Promise<number | null> {
  const what = 'mp-computer-status';
  const answer = await readQuery(sources, what);
  const status = object(Array.isArray(answer) ? answer[0] : answer, what);
  return firstOf(
    async () => {
      const days = integer(status['AntivirusSignatureAge'], what);
      if (neverUpdated.includes(days)) return null;
      return integer(days, what, 0, 36_500) * hoursPerDay;
    },
    async () => {
      const updated = moment(status['AntivirusSignatureLastUpdated'], what);
      if (isNever(updated)) return null;
      const hours = Math.ceil((sources.now.getTime() - updated.getTime()) / millisecondsPerHour);
      return Math.max(0, integer(hours, what, -hoursPerDay, 1_000_000));
    },
  );
}
