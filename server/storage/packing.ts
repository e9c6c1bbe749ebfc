import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { maxReportBytes } from '../../shared/report.ts';
import { type CompactJws, joinJws } from '../signing/compact-jws.ts';

/**
 * How a signed report lies in the database: always so that exactly the text that was sent comes out again, whose digest and
 * signature anybody can verify. Most reports say "unchanged": of those, only what cannot be known otherwise is kept.
 * The first byte says which form it is; forms are never changed, only added.
 */
const form = { unchanged: 1, zstd: 2 } as const;

/** What the rest of a row already says about an unchanged report. */
export interface PackingContext {
  readonly device: string;
  readonly sequence: number;
  readonly previous: Uint8Array | null;
  readonly factsDigest: Uint8Array;
}

const header = (device: string) => JSON.stringify({ alg: 'EdDSA', typ: 'muster-report+jws', kid: device });

/** The report as agents write it, member by member in this order. */
function unchangedPayload(
  context: PackingContext,
  own: { id: string; takenAt: string; agent: string; policy: { id: string; version: number } },
): string {
  return JSON.stringify({
    schema: 'muster.report/1',
    id: own.id,
    device: context.device,
    sequence: context.sequence,
    previous: context.previous === null ? null : Buffer.from(context.previous).toString('hex'),
    takenAt: own.takenAt,
    agent: own.agent,
    policy: { id: own.policy.id, version: own.policy.version },
    unchanged: Buffer.from(context.factsDigest).toString('hex'),
  });
}

interface UnchangedReport {
  readonly id: string;
  readonly takenAt: string;
  readonly agent: string;
  readonly policy: { readonly id: string; readonly version: number };
}

/** Packs a report that was accepted. `unchanged` is given for one that brings no facts. */
export function packReport(
  { jws, parts }: { readonly jws: string; readonly parts: CompactJws },
  context: PackingContext,
  unchanged?: UnchangedReport,
): Uint8Array {
  if (unchanged !== undefined) {
    const rest = Buffer.from(`${unchanged.agent}\n${unchanged.policy.id}\n${unchanged.policy.version}`);
    const packed = Buffer.alloc(1 + 64 + 16 + 6 + rest.length);
    packed[0] = form.unchanged;
    parts.signature.copy(packed, 1);
    Buffer.from(unchanged.id.replaceAll('-', ''), 'hex').copy(packed, 65);
    const takenAt = Date.parse(unchanged.takenAt);
    if (takenAt >= 0 && takenAt < 2 ** 48) {
      packed.writeUIntBE(takenAt, 81, 6);
      rest.copy(packed, 87);
      // An agent may word the same report differently (other order, other spelling of the time): then it is kept as it is.
      if (unpackReport(packed, context) === jws) return packed;
    }
  }
  const lengths = Buffer.alloc(2);
  lengths.writeUInt16BE(parts.header.length);
  const plain = Buffer.concat([lengths, parts.header, parts.payload]);
  // Told how much comes, and given room for about that much, it sets up less than for a stream of unknown length.
  const compressed = zstdCompressSync(plain, {
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
    pledgedSrcSize: plain.length,
    chunkSize: Math.max(1_024, plain.length),
  });
  return Buffer.concat([Buffer.of(form.zstd), parts.signature, compressed]);
}

/** The very text that was packed. Throws where the bytes are damaged beyond reading. */
export function unpackReport(packed: Uint8Array, context: PackingContext): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const signature = bytes.subarray(1, 65);
  if (bytes[0] === form.unchanged) {
    const hex = bytes.toString('hex', 65, 81);
    const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
      '-',
    );
    const [agent = '', policy = '', version = ''] = bytes.toString('utf8', 87).split('\n');
    const payload = unchangedPayload(context, {
      id,
      takenAt: new Date(bytes.readUIntBE(81, 6)).toISOString(),
      agent,
      policy: { id: policy, version: Number(version) },
    });
    return joinJws({ header: Buffer.from(header(context.device)), payload: Buffer.from(payload), signature });
  }
  if (bytes[0] === form.zstd) {
    const plain = zstdDecompressSync(bytes.subarray(65), { maxOutputLength: maxReportBytes });
    const end = 2 + plain.readUInt16BE();
    return joinJws({ header: plain.subarray(2, end), payload: plain.subarray(end), signature });
  }
  throw new Error('a form of report this collector does not know');
}
