import type { Check } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { mediumTitle } from '../../shared/medium.ts';
import type { WaiverRecord } from '../storage/waivers.ts';

/** What a waiver is of: `Firewall`, `Firewall: switched on`, as far as this build knows it. Pure. */
export function titleOf({ check, point, medium }: Pick<WaiverRecord, 'check' | 'point' | 'medium'>): string {
  const known = checks[check as CheckId] as unknown as Check | undefined;
  const title = known?.title ?? check;
  if (point === null) return title;
  const part = medium === null ? (known?.points[point]?.title ?? point) : mediumTitle(medium);
  return `${title}: ${part.toLowerCase()}`;
}
