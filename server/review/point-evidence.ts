import type { Status } from '../../shared/check.ts';
import { covers, excuses } from '../../shared/waiver.ts';
import type { WaiverRecord } from '../storage/waivers.ts';
import type { PointEvidence } from './clause-evidence.ts';
import type { DeviceThen } from './fleet-then.ts';

type Count = { -readonly [Key in keyof PointEvidence]: PointEvidence[Key] };

/**
 * By `check/point`, how the laptops answered. Those on leave are left out; what the silent said last counts as nothing; a laptop that
 * never said anything of a point could not be told. Pure.
 */
export function pointEvidence(
  devices: readonly DeviceThen[],
  points: readonly string[],
  waivers: readonly WaiverRecord[],
): ReadonlyMap<string, PointEvidence> {
  const counts = new Map(
    points.map((point): [string, Count] => [
      point,
      { passing: 0, failing: 0, waived: 0, unknown: 0, silent: 0, notApplicable: 0 },
    ]),
  );
  for (const { device, state, statuses } of devices) {
    if (state === 'on-leave') continue;
    for (const [subject, count] of counts) {
      const status: Status = statuses?.get(subject) ?? 'unknown';
      if (state === 'silent') count.silent += 1;
      else if (status === 'pass') count.passing += 1;
      else if (status === 'unknown') count.unknown += 1;
      else if (status === 'not-applicable') count.notApplicable += 1;
      else {
        count.failing += 1;
        const [check = '', point = ''] = subject.split('/');
        const excused = waivers.some(
          (waiver) => excuses(waiver, check, point) && covers(waiver.scope, device),
        );
        if (excused) count.waived += 1;
      }
    }
  }
  return counts;
}
