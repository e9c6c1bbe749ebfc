import { randomUUIDv7 } from 'node:crypto';
import { maxReportBytes, Report, reportType } from '../../shared/report.ts';
import type { DeviceKey } from './identity.ts';
import { signCompact } from './jws.ts';
import type { Pending } from './outbox.ts';

/** Where in the chain a report stands. */
export interface ChainPosition {
  readonly sequence: number;
  readonly previous: string | null;
  /** Digest of the facts the collector accepted last: the same facts need not travel again. */
  readonly acceptedDigest: string | undefined;
}

/** The report an observation becomes; closed, so that nothing outside the catalogue can travel. Throws when something would. */
export function composeReport(
  pending: Omit<Pending, 'signed' | 'id'>,
  device: string,
  { sequence, previous, acceptedDigest }: ChainPosition,
): Report {
  const head = {
    schema: 'muster.report/1',
    id: randomUUIDv7(),
    device,
    sequence,
    previous,
    takenAt: pending.takenAt,
    agent: pending.agent,
    policy: pending.policy,
  };
  if (pending.digest === acceptedDigest) return Report.parse({ ...head, unchanged: pending.digest });
  if (pending.body === null) throw new Error('the facts of this report are gone');
  return Report.parse({ ...head, machine: pending.body.machine, facts: pending.body.facts });
}

/** The report as it leaves the machine. Throws when it is larger than any collector takes. */
export function signReport(report: Report, key: DeviceKey): string {
  const jws = signCompact(JSON.stringify(report), key.privateKey, { typ: reportType, kid: report.device });
  if (jws.length > maxReportBytes) throw new Error('the report is larger than a report can be');
  return jws;
}
