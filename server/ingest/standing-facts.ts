import type { Facts } from '../../shared/facts.ts';
import { parsePeerReportFrame, reportType } from '../../shared/report.ts';
import { readHeader, readJson, splitJws } from '../signing/compact-jws.ts';
import { verifyEd25519 } from '../signing/ed25519.ts';
import type { Device } from '../storage/devices.ts';
import type { StoredReport } from '../storage/reports.ts';
import type { Stores } from '../storage/stores.ts';
import { cutReport } from './cut-report.ts';
import { knownFacts } from './known-facts.ts';

/**
 * Reads the facts many devices stand by, each out of the report it signed. Its signature was verified when it came; here it is verified
 * again, as `provenFacts` does for one, unless `again` is false: a trial, of which nothing is kept, need not wait for that. What the
 * laptops say alike is read once and, with `judging`, judged once.
 */
export function standingFacts(stores: Pick<Stores, 'reports'>, again = true) {
  const known = knownFacts();

  /** No facts at all where the report is damaged or is not what the device signed. */
  function proven(device: Device, stored: StoredReport | undefined): Facts {
    const parts = stored?.jws === undefined ? undefined : splitJws(stored.jws);
    const signed =
      parts !== undefined &&
      (!again || verifyEd25519(Buffer.from(parts.signed, 'latin1'), parts.signature, device.publicKey));
    if (!signed) return {};
    const said = readSaid(parts.payload);
    const itsOwn =
      said !== undefined &&
      readHeader(parts.header, reportType)?.kid === device.id &&
      said.frame.device === device.id &&
      said.frame.sequence === stored?.sequence;
    return itsOwn ? (said.read()?.facts ?? {}) : {};
  }

  /** A report that brings facts, and how to read them; undefined where it is none. */
  function readSaid(payload: Buffer) {
    const cut = cutReport(payload.toString());
    if (cut !== undefined) {
      const frame = parsePeerReportFrame({ ...cut.head, facts: {} }).data;
      try {
        const read = known.readTexts(cut.facts);
        return frame && { frame, read: () => read };
      } catch (error) {
        // Cut in the wrong place.
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    const frame = parsePeerReportFrame(readJson(payload)).data;
    return frame !== undefined && 'facts' in frame
      ? { frame, read: () => known.read(frame.facts) }
      : undefined;
  }

  return {
    /** In the order of the devices; undefined for one that never brought facts. */
    async read(devices: readonly Device[]): Promise<readonly (Facts | undefined)[]> {
      const stored = await stores.reports.factual(
        devices.flatMap(({ number, factsSequence }) =>
          factsSequence === null ? [] : [{ device: number, sequence: factsSequence }],
        ),
      );
      return devices.map((device) =>
        device.factsSequence === null ? undefined : proven(device, stored.get(device.number)),
      );
    },
    judging: known.judging,
  };
}
