import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { daysSince, isoMoment, object } from '../../readings/win32/values.ts';

/** Age of the oldest entry in the Security log (administrators only). Its settings promise a size, never a time. */
export const win32: PointProbes<'security-log'> = {
  async retained(sources) {
    const what = 'EvtQuery';
    const { oldest } = object(await sources.win32(what, ['Security']), what);
    if (oldest === null || oldest === undefined) throw new SourceError('missing', `${what}: no entry`);
    return known({ days: daysSince(isoMoment(oldest, what), sources.now, what), basis: 'oldest-record' });
  },
};
