import { sql } from 'kysely';
import { type Database, rowsOf } from './database.ts';
import { unpackReport } from './packing.ts';

/** A report as it lies in the database. Nothing of it is verified by reading it. */
export interface StoredReport {
  readonly sequence: number;
  readonly receivedAt: Date;
  /** Digest of the report before, as it was when this one was accepted. */
  readonly previous: Uint8Array | null;
  readonly kind: 'full' | 'unchanged';
  /** The text that was sent; undefined where its bytes are damaged beyond reading. */
  readonly jws: string | undefined;
}

/** A device for which evidence is verified. */
export interface EvidenceHolder {
  readonly number: number;
  readonly id: string;
  readonly label: string;
  readonly organization: number;
  readonly publicKey: Uint8Array;
  readonly sequence: number;
  readonly reportDigest: Uint8Array | null;
  /** The oldest report that is kept; older ones were deleted when their time was over. */
  readonly first: number;
  /** The digest of the one before it; null where it is the first of all. */
  readonly beforeFirst: Uint8Array | null;
}

export interface ReportStore {
  /** Newest first, from a sequence downwards. */
  recent(device: number, from: number, limit: number): Promise<readonly StoredReport[]>;
  /** Oldest first, from a sequence upwards. */
  following(device: number, from: number, limit: number): Promise<readonly StoredReport[]>;
  bySequence(device: number, sequence: number): Promise<StoredReport | undefined>;
  /** The last one that had come by a moment, and the one whose facts it stood by. */
  lastBefore(
    device: number,
    at: Date,
  ): Promise<
    { readonly sequence: number; readonly receivedAt: Date; readonly factsSequence: number } | undefined
  >;
  /** For each device the report of that number, which must be one that brought facts; by the device's internal key. */
  factual(
    wanted: readonly { readonly device: number; readonly sequence: number }[],
  ): Promise<ReadonlyMap<number, StoredReport>>;
  /** Reports that were kept apart because they follow no known chain. */
  strayCount(device: number): Promise<number>;
  /** Everyone who ever handed in a report, also the revoked. */
  holders(): Promise<readonly EvidenceHolder[]>;
}

export function reportStore(db: Database): ReportStore {
  const stored = (device: number) =>
    db
      .selectFrom('reports as kept')
      .innerJoin('devices', 'devices.number', 'kept.device')
      .leftJoin('reports as facts', (join) =>
        join.onRef('facts.device', '=', 'kept.device').onRef('facts.sequence', '=', 'kept.facts_sequence'),
      )
      .select([
        'kept.sequence',
        'kept.received_at',
        'kept.previous',
        'kept.facts_sequence',
        'kept.body',
        'devices.id as device_id',
        'facts.facts_digest',
      ])
      .where('kept.device', '=', device);
  return {
    async recent(device, from, limit) {
      const query = stored(device)
        .where('kept.sequence', '<=', from)
        .orderBy('kept.sequence', 'desc')
        .limit(limit);
      return (await query.execute()).map(storedOf);
    },
    async following(device, from, limit) {
      const query = stored(device).where('kept.sequence', '>=', from).orderBy('kept.sequence').limit(limit);
      return (await query.execute()).map(storedOf);
    },
    async bySequence(device, sequence) {
      const row = await stored(device).where('kept.sequence', '=', sequence).executeTakeFirst();
      return row && storedOf(row);
    },
    async factual(wanted) {
      const { rows } = await sql<
        StoredRow & { device: number }
      >`select kept.device, kept.sequence, kept.received_at,
          kept.previous, kept.facts_sequence, kept.body, kept.facts_digest, devices.id as device_id
        from ${rowsOf(db, { device: 'integer', sequence: 'integer' }, wanted, 'wanted')}
        join reports kept on kept.device = wanted.device and kept.sequence = wanted.sequence
        join devices on devices.number = wanted.device`.execute(db);
      return new Map(rows.map((row) => [row.device, storedOf(row)]));
    },
    async lastBefore(device, at) {
      const row = await db
        .selectFrom('reports')
        .select(['sequence', 'received_at', 'facts_sequence'])
        .where('device', '=', device)
        .where('received_at', '<=', at.getTime())
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      return (
        row && {
          sequence: row.sequence,
          receivedAt: new Date(row.received_at),
          factsSequence: row.facts_sequence,
        }
      );
    },
    async strayCount(device) {
      const { total } = await db
        .selectFrom('stray_reports')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('device', '=', device)
        .executeTakeFirstOrThrow();
      return total;
    },
    async holders() {
      const rows = await db
        .selectFrom('devices')
        .leftJoin('report_floors', 'report_floors.device', 'devices.number')
        .select([
          'devices.number',
          'devices.id',
          'devices.label',
          'devices.organization',
          'devices.public_key',
          'devices.sequence',
          'devices.report_digest',
          'report_floors.sequence as first',
          'report_floors.previous',
        ])
        .where('devices.sequence', '>', 0)
        .orderBy('devices.number')
        .execute();
      return rows.map((row) => ({
        number: row.number,
        id: row.id,
        label: row.label,
        organization: row.organization,
        publicKey: row.public_key,
        sequence: row.sequence,
        reportDigest: row.report_digest,
        first: row.first ?? 1,
        beforeFirst: row.previous,
      }));
    },
  };
}

interface StoredRow {
  sequence: number;
  received_at: number;
  previous: Uint8Array | null;
  facts_sequence: number;
  body: Uint8Array;
  device_id: string;
  facts_digest: Uint8Array | null;
}

function storedOf(row: StoredRow): StoredReport {
  let jws: string | undefined;
  try {
    jws = unpackReport(row.body, {
      device: row.device_id,
      sequence: row.sequence,
      previous: row.previous,
      factsDigest: row.facts_digest ?? new Uint8Array(),
    });
  } catch {
    jws = undefined;
  }
  return {
    sequence: row.sequence,
    receivedAt: new Date(row.received_at),
    previous: row.previous,
    kind: row.facts_sequence === row.sequence ? 'full' : 'unchanged',
    jws,
  };
}
