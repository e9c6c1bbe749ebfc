import type { KeyObject } from 'node:crypto';
import { PeerReport, reportType } from '../../shared/report.ts';
import { readHeader, readJson, sha256, splitJws, verifyJws } from '../signing/compact-jws.ts';
import type { StoredReport } from '../storage/reports.ts';

/** What can be said of a stored report without trusting the database it lies in. */
export interface Evidence {
  readonly sequence: number;
  /** By the device's clock; null where the report can no longer be read. */
  readonly takenAt: string | null;
  readonly receivedAt: Date;
  /** SHA-256 of the signed report, in hex; null where it can no longer be read. */
  readonly digest: string | null;
  readonly kind: 'full' | 'unchanged';
  /** Signed by this device's key, as it stands, under this sequence. */
  readonly signature: 'valid' | 'broken';
  /** Names the report before it; `first` has none before it. */
  readonly chain: 'first' | 'linked' | 'broken';
}

/**
 * Verifies stored reports of one device, newest first as given; every one of them beside the oldest must be followed in the
 * list by the one before it, or its chain counts as broken. The oldest is only answered for when it is the first of all. Pure.
 */
export function verifyEvidence(
  reports: readonly StoredReport[],
  device: string,
  key: KeyObject,
): readonly Evidence[] {
  const digests = reports.map(({ jws }) => (jws === undefined ? null : sha256(jws).toString('hex')));
  return reports.flatMap((stored, index) => {
    const oldest = index === reports.length - 1;
    if (oldest && stored.sequence !== 1) return [];
    const { sequence, receivedAt, kind, jws } = stored;
    const parts = jws === undefined ? undefined : splitJws(jws);
    const report = parts && PeerReport.safeParse(readJson(parts.payload)).data;
    const genuine =
      parts !== undefined &&
      report !== undefined &&
      readHeader(parts.header, reportType)?.kid === device &&
      verifyJws(parts, key) &&
      report.device === device &&
      report.sequence === sequence;
    const before = oldest ? null : digests[index + 1];
    const follows = !oldest && reports[index + 1]?.sequence === sequence - 1;
    return [
      {
        sequence,
        takenAt: report?.takenAt ?? null,
        receivedAt,
        digest: digests[index] ?? null,
        kind,
        signature: genuine ? ('valid' as const) : ('broken' as const),
        chain:
          sequence === 1 && report?.previous === null
            ? ('first' as const)
            : follows && before !== null && report?.previous === before
              ? ('linked' as const)
              : ('broken' as const),
      },
    ];
  });
}
