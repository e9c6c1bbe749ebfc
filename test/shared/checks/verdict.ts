import { type Answer, known, type Platform } from '../../../shared/answer.ts';
import type { JudgeContext, Point, Status } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { judgePoint, type PointResult } from '../../../shared/judge.ts';

/** When every recorded moment of these tests is. */
export const now = new Date('2026-11-21T10:00:00Z');

interface Circumstances {
  readonly platform?: Platform;
  readonly clockSkewSeconds?: number;
  readonly now?: Date;
  readonly approvedMedia?: JudgeContext['approvedMedia'];
}

/** One point judged through the same door as the agent and the collector use. */
export function judged(
  id: string,
  answer: Answer<unknown>,
  params: Record<string, unknown> = {},
  circumstances: Circumstances = {},
): PointResult {
  const [check = '', name = ''] = id.split('/');
  const point = (checks[check as CheckId].points as Record<string, Point>)[name];
  if (point === undefined) throw new Error(`no such point: ${id}`);
  return judgePoint(
    check as CheckId,
    name,
    answer,
    {
      mode: 'enforce',
      severity: 'high',
      clauses: [],
      params: point.params.parse(params) as Record<string, unknown>,
    },
    {
      now: circumstances.now ?? now,
      machine: { platform: circumstances.platform ?? 'darwin', osName: 'macos' },
      clockSkewSeconds: circumstances.clockSkewSeconds,
      approvedMedia: circumstances.approvedMedia,
    },
  );
}

/** A value and what it must come to: status, then words that must be in `observed`. */
export type Case = readonly [
  value: unknown,
  status: Status,
  words?: RegExp | undefined,
  params?: Record<string, unknown>,
  circumstances?: Circumstances,
];

/** The value really fits the schema and comes to this. */
export function verdictOf(id: string, [value, , , params, circumstances]: Case): PointResult {
  return judged(id, known(value), params, circumstances);
}
