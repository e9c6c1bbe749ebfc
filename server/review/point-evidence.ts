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
  const expected = devices.filter(({ state }) => state !== 'on-leave');
  const heard = expected.filter(({ state }) => state !== 'silent');
  // Who answers alike, with the very same statuses, is gone through once.
  const alike = Map.groupBy(heard, ({ statuses }) => statuses);
  return new Map(
    points.map((subject): [string, PointEvidence] => {
      const [check = '', point = ''] = subject.split('/');
      const excusing = waivers.filter((waiver) => excuses(waiver, check, point));
      const count: Count = {
        passing: 0,
        failing: 0,
        waived: 0,
        unknown: 0,
        silent: expected.length - heard.length,
        notApplicable: 0,
      };
      for (const [statuses, those] of alike) {
        const status: Status = statuses?.get(subject) ?? 'unknown';
        count[places[status]] += those.length;
        if (status !== 'fail' || excusing.length === 0) continue;
        count.waived += those.filter(({ device }) =>
          excusing.some(({ scope }) => covers(scope, device)),
        ).length;
      }
      return [subject, count];
    }),
  );
}

const places = {
  pass: 'passing',
  fail: 'failing',
  unknown: 'unknown',
  'not-applicable': 'notApplicable',
} as const;
