import type { Selectable } from 'kysely';
import type { PeerReport } from '../../shared/report.ts';
import type { CompactJws } from '../signing/compact-jws.ts';
import { appendAudit } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { type DeviceState, deviceStates, judgeState } from './device-state.ts';
import { rowInserter } from './many-rows.ts';
import { packReport } from './packing.ts';
import type { Schema } from './schema.ts';
import { findingsWriter, type Judged, needsFindings } from './write-findings.ts';

/** A report whose signature and schema have been verified, ready to be kept. */
export interface VerifiedReport {
  /** Internal key of the device. */
  readonly device: number;
  readonly deviceId: string;
  readonly jws: string;
  readonly parts: CompactJws;
  readonly digest: Buffer;
  readonly report: PeerReport;
  /** Digest of the facts it brings, or of those it says are unchanged. */
  readonly factsDigest: Buffer;
  readonly receivedAt: Date;
  readonly clockSkewSeconds: number;
  /** What its facts come to; undefined for one that brings none. */
  readonly judged: Judged | undefined;
}

/** What became of a report. `kept` and `known` are promises: it is on the disk. */
export type Outcome =
  | {
      readonly kind: 'kept' | 'known';
      readonly receivedAt: Date;
      readonly policy: { id: string; version: number };
    }
  | { readonly kind: 'restricted' | 'device-revoked' | 'digest-unknown' }
  | { readonly kind: 'sequence-gap'; readonly expected: number }
  | { readonly kind: 'chain-broken'; readonly expected: number };

export interface IngestStore {
  /**
   * Keeps a group of reports in one transaction; when it returns they are on the disk. Outcomes come in the order of the
   * group. Throws when nothing of the group was kept.
   */
  keep(group: readonly VerifiedReport[]): Promise<readonly Outcome[]>;
}

/** Reports that follow no known chain are kept apart, so many a device; more would only let a stranger fill the disk. */
const maxStrays = 200;

type ReportRow = Omit<Selectable<Schema['reports']>, 'number'>;

export function ingestStore(db: Database): IngestStore {
  const insertReports = rowInserter(db, 'reports', {
    device: 'integer',
    sequence: 'integer',
    received_at: 'integer',
    previous: 'bytes',
    facts_sequence: 'integer',
    facts_digest: 'bytes',
    body: 'bytes',
  });
  const states = deviceStates(db);
  const findings = findingsWriter(db);

  /** Reports that are to be kept are added to `kept`. */
  async function keepOne(
    writing: Writing,
    state: DeviceState,
    given: VerifiedReport,
    kept: ReportRow[],
  ): Promise<Outcome> {
    const { report } = given;
    if (state.restricted) return { kind: 'restricted' };
    if (state.revoked) return { kind: 'device-revoked' };
    if (report.sequence > state.sequence + 1) {
      return { kind: 'sequence-gap', expected: state.sequence + 1 };
    }
    if (report.sequence <= state.sequence) {
      // It may be one of this very group.
      await insertReports(writing, kept.splice(0));
      const known = await findKept(writing, state, given);
      if (known === 'another') return strayed(writing, state, given);
      // Whoever has an old one, out of a bundle for one, cannot make a laptop look as if it were two.
      if (known === 'deleted') return { kind: 'chain-broken', expected: state.sequence + 1 };
      return { kind: 'known', receivedAt: known, policy: state.policy };
    }
    const previous = report.previous === null ? null : Buffer.from(report.previous, 'hex');
    const follows = state.digest === null ? previous === null : previous?.equals(state.digest) === true;
    if (!follows) return strayed(writing, state, given);

    const brings = 'facts' in report;
    if (!brings && (state.factsDigest === null || !given.factsDigest.equals(state.factsDigest))) {
      return { kind: 'digest-unknown' };
    }
    const factsSequence = brings ? report.sequence : (state.factsSequence ?? 0);
    const context = {
      device: given.deviceId,
      sequence: report.sequence,
      previous,
      factsDigest: given.factsDigest,
    };
    const body = packReport(given, context, brings ? undefined : report);
    kept.push({
      device: state.number,
      sequence: report.sequence,
      received_at: given.receivedAt.getTime(),
      previous,
      facts_sequence: factsSequence,
      facts_digest: brings ? given.factsDigest : null,
      body,
    });
    state.sequence = report.sequence;
    state.digest = given.digest;
    state.receivedAt = given.receivedAt.getTime();
    state.takenAt = Math.max(
      state.takenAt ?? 0,
      Math.min(Date.parse(report.takenAt), given.receivedAt.getTime()),
    );
    state.clockSkew = given.clockSkewSeconds;
    state.agent = report.agent;
    state.reported = true;
    if (brings) {
      state.machine = report.machine;
      state.factsSequence = factsSequence;
      state.factsDigest = given.factsDigest;
    }
    return { kind: 'kept', receivedAt: given.receivedAt, policy: state.policy };
  }

  return {
    keep: (group) =>
      db.transaction().execute(async (writing) => {
        const known = await states.read(writing, [...new Set(group.map(({ device }) => device))]);
        const changes = await findings.gather(writing, devicesToLookUp(group, known));
        const outcomes: Outcome[] = [];
        const kept: ReportRow[] = [];
        for (const given of group) {
          const state = known.get(given.device);
          const outcome: Outcome =
            state === undefined ? { kind: 'device-revoked' } : await keepOne(writing, state, given, kept);
          outcomes.push(outcome);
          if (outcome.kind !== 'kept' || state === undefined || given.judged === undefined) continue;
          changes.add(given.judged, state);
          judgeState(state, given.judged);
        }
        await insertReports(writing, kept);
        await states.write(writing, [...known.values()]);
        await findings.write(writing, changes);
        return outcomes;
      }),
  };
}

/** Devices whose findings must be looked up: their short texts do not say all that changes. */
function devicesToLookUp(
  group: readonly VerifiedReport[],
  known: ReadonlyMap<number, DeviceState>,
): readonly number[] {
  const those = group.filter(({ device, judged }) => {
    const state = known.get(device);
    return judged !== undefined && state !== undefined && needsFindings(judged, state);
  });
  return [...new Set(those.map(({ device }) => device))];
}

/**
 * When the very same report was kept before: its moment. `another` when another one stands in its place; `deleted` when it is of a time
 * of which nothing is kept any more. Told from what names the report, so that one that can no longer be read stops nobody.
 */
async function findKept(
  writing: Writing,
  state: DeviceState,
  given: VerifiedReport,
): Promise<Date | 'another' | 'deleted'> {
  const { sequence, takenAt } = given.report;
  const row = await writing
    .selectFrom('reports as kept')
    .leftJoin('reports as next', (join) =>
      join.onRef('next.device', '=', 'kept.device').on('next.sequence', '=', sequence + 1),
    )
    .select(['kept.sequence', 'kept.received_at', 'next.previous'])
    .where('kept.device', '=', given.device)
    .where('kept.sequence', '>=', sequence)
    .orderBy('kept.sequence')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return 'another';
  if (row.sequence > sequence) return Date.parse(takenAt) <= row.received_at ? 'deleted' : 'another';
  const digest = sequence === state.sequence ? state.digest : row.previous;
  return digest !== null && given.digest.equals(digest) ? new Date(row.received_at) : 'another';
}

/**
 * A well-signed report that follows no chain known here: two machines use one key (a copied disk), or the device was set
 * back. It is kept apart, the device is marked, and the contractor sees it; nothing that was known is overwritten.
 */
async function strayed(writing: Writing, state: DeviceState, given: VerifiedReport): Promise<Outcome> {
  const { total } = await writing
    .selectFrom('stray_reports')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where('device', '=', state.number)
    .executeTakeFirstOrThrow();
  if (total < maxStrays) {
    const context = {
      device: given.deviceId,
      sequence: given.report.sequence,
      previous: null,
      factsDigest: given.factsDigest,
    };
    await writing
      .insertInto('stray_reports')
      .values({
        device: state.number,
        sequence: given.report.sequence,
        received_at: given.receivedAt.getTime(),
        digest: given.digest,
        body: packReport(given, context),
      })
      .onConflict((conflict) => conflict.columns(['device', 'digest']).doNothing())
      .execute();
  }
  if (state.divergedAt === null) {
    state.divergedAt = given.receivedAt.getTime();
    state.judgeAt = 0;
    await appendAudit(
      writing,
      {
        organization: state.organization,
        actor: 'collector',
        action: 'device.diverged',
        subject: given.deviceId,
        detail: { sequence: given.report.sequence },
      },
      given.receivedAt,
    );
  }
  return { kind: 'chain-broken', expected: state.sequence + 1 };
}
