import type { KeyObject } from 'node:crypto';
import { factsDigestInput, PeerReport, reportType } from '../../shared/report.ts';
import { readHeader, readJson, sha256, splitJws, verifyJws } from '../signing/compact-jws.ts';
import { publicKeyOf } from '../signing/keys.ts';
import type { EvidenceHolder, StoredReport } from '../storage/reports.ts';
import type { Stores } from '../storage/stores.ts';

/** What is wrong with one stored report. */
export type Fault =
  | 'unreadable'
  | 'bad-signature'
  | 'not-this-device'
  | 'wrong-sequence'
  | 'chain-broken'
  | 'missing'
  | 'wrong-facts'
  | 'last-digest-differs';

export interface BrokenEvidence {
  readonly device: string;
  readonly label: string;
  readonly sequence: number;
  readonly fault: Fault;
}

export interface Verification {
  readonly devices: number;
  readonly reports: number;
  readonly broken: readonly BrokenEvidence[];
  /** Number of the first entry of the audit log that does not follow the one before; null when all do. */
  readonly auditBrokenAt: number | null;
  /** Entries of the audit log up to there, and the digest of the last of them: to be written down and compared later. */
  readonly auditEntries: number;
  readonly auditHead: string | null;
}

/** What one stored report proves by itself: signed by this device, about this device, in this place. */
export function verifyStored(
  report: Pick<StoredReport, 'jws' | 'sequence'>,
  device: { readonly id: string; readonly key: KeyObject },
):
  | { readonly fault: Fault }
  | { readonly report: PeerReport; readonly digest: Buffer; readonly factsDigest: string } {
  const parts = report.jws === undefined ? undefined : splitJws(report.jws);
  if (report.jws === undefined || parts === undefined) return { fault: 'unreadable' };
  if (!verifyJws(parts, device.key)) return { fault: 'bad-signature' };
  const raw = readJson(parts.payload);
  const parsed = PeerReport.safeParse(raw);
  if (!parsed.success) return { fault: 'unreadable' };
  if (readHeader(parts.header, reportType)?.kid !== device.id || parsed.data.device !== device.id) {
    return { fault: 'not-this-device' };
  }
  if (parsed.data.sequence !== report.sequence) return { fault: 'wrong-sequence' };
  return {
    report: parsed.data,
    digest: sha256(report.jws),
    factsDigest:
      'unchanged' in parsed.data
        ? parsed.data.unchanged
        : sha256(factsDigestInput(raw as { machine: unknown; facts: unknown })).toString('hex'),
  };
}

const atOnce = 500;

/** Verifies everything that is stored again, as somebody would who trusts nobody here. */
export async function verifyEvidence(stores: Stores): Promise<Verification> {
  const broken: BrokenEvidence[] = [];
  let reports = 0;
  const holders = await stores.reports.holders();
  for (const holder of holders) {
    reports += await verifyChain(stores, holder, (sequence, fault) => {
      broken.push({ device: holder.id, label: holder.label, sequence, fault });
    });
  }
  const audit = await stores.audit.verify();
  return {
    devices: holders.length,
    reports,
    broken,
    auditBrokenAt: audit.brokenAt,
    auditEntries: audit.entries,
    auditHead: audit.head,
  };
}

/** Goes through a device's reports from the first to the last; answers how many there are. */
async function verifyChain(
  stores: Stores,
  holder: EvidenceHolder,
  found: (sequence: number, fault: Fault) => void,
): Promise<number> {
  const device = { id: holder.id, key: publicKeyOf(holder.publicKey) };
  let expected = holder.first;
  let reports = 0;
  // Undefined after a report that could not be verified: what follows it cannot be held against it.
  let previous: string | null | undefined =
    holder.beforeFirst === null ? null : Buffer.from(holder.beforeFirst).toString('hex');
  let facts: string | undefined;
  for (;;) {
    const stored = await stores.reports.following(holder.number, expected, atOnce);
    for (const one of stored) {
      reports += 1;
      if (one.sequence !== expected) {
        found(expected, 'missing');
        previous = undefined;
        facts = undefined;
      }
      expected = one.sequence + 1;
      const verified = verifyStored(one, device);
      if ('fault' in verified) {
        found(one.sequence, verified.fault);
        previous = undefined;
        facts = undefined;
        continue;
      }
      if (previous !== undefined && verified.report.previous !== previous)
        found(one.sequence, 'chain-broken');
      if ('unchanged' in verified.report && facts !== undefined && facts !== verified.factsDigest) {
        found(one.sequence, 'wrong-facts');
      }
      previous = verified.digest.toString('hex');
      facts = verified.factsDigest;
    }
    if (stored.length < atOnce) break;
  }
  if (expected <= holder.sequence) {
    found(expected, 'missing');
    return reports;
  }
  const last = holder.reportDigest === null ? null : Buffer.from(holder.reportDigest).toString('hex');
  if (typeof previous === 'string' && previous !== last) found(holder.sequence, 'last-digest-differs');
  return reports;
}

/**
 * A spot check: of each of these devices (all of them unless some are given) only the last report, which the chain of digests hangs
 * on, and the whole audit log.
 */
export async function verifyHeads(
  stores: Pick<Stores, 'reports' | 'audit'>,
  of?: readonly EvidenceHolder[],
): Promise<Verification> {
  const broken: BrokenEvidence[] = [];
  const holders = of ?? (await stores.reports.holders());
  for (const { id, label, number, sequence, publicKey, reportDigest } of holders) {
    const found = (fault: Fault) => broken.push({ device: id, label, sequence, fault });
    const last = await stores.reports.bySequence(number, sequence);
    if (last === undefined) {
      found('missing');
      continue;
    }
    const verified = verifyStored(last, { id, key: publicKeyOf(publicKey) });
    if ('fault' in verified) found(verified.fault);
    else if (reportDigest === null || !verified.digest.equals(reportDigest)) found('last-digest-differs');
  }
  const audit = await stores.audit.verify();
  return {
    devices: holders.length,
    reports: holders.length,
    broken,
    auditBrokenAt: audit.brokenAt,
    auditEntries: audit.entries,
    auditHead: audit.head,
  };
}
