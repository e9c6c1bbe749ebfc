import type { WaiverRecord } from '../storage/waivers.ts';

/** Where a waiver may stand; `to-come` is approved, with a start that lies ahead. */
export const waiverStages = ['waiting', 'to-come', 'in-force', 'expired', 'refused', 'withdrawn'] as const;
export type WaiverStage = (typeof waiverStages)[number];

/** Where a waiver stands at a moment. Pure. */
export function stageOf({ status, startsAt, endsAt }: WaiverRecord, now: Date): WaiverStage {
  if (status === 'requested') return 'waiting';
  if (status !== 'approved') return status;
  if (endsAt !== null && endsAt <= now) return 'expired';
  return startsAt !== null && startsAt > now ? 'to-come' : 'in-force';
}
