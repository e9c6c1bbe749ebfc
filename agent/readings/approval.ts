import { type Answer, known } from '../../shared/answer.ts';
import type { SourceError, Sources } from '../probe.ts';
import type { Medium } from './medium.ts';

interface Approval {
  unapproved: number;
  unknown: number;
  approved: string[];
  days?: number;
}

/**
 * How the media mounted now stand to what the organization approved; of none it can be told where nobody knows what is approved.
 * `failure` is why not every medium was seen: it only is of no matter where enough was seen to fail. Throws SourceError.
 */
export async function readApproval(
  sources: Sources,
  { media, failure }: { readonly media: readonly Medium[]; readonly failure?: SourceError | undefined },
  listed: readonly string[],
): Promise<Answer<Approval>> {
  const devices = media.map(({ device }) => device);
  const { unapproved, unknown, approved, days } = (await sources.approvals?.of(devices, listed)) ?? {
    unapproved: 0,
    unknown: devices.length,
    approved: [],
    days: undefined,
  };
  if (failure !== undefined && unapproved === 0 && (days ?? 0) === 0) throw failure;
  const value = { unapproved, unknown, approved: approved.slice(0, 50) };
  return known(days === undefined ? value : { ...value, days });
}
