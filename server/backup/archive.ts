import { z } from 'zod';
import { type Contents, type Shapes, TransferFailed } from '../storage/transfer.ts';
import {
  type Piece,
  parts,
  rowLine,
  rowOfLine,
  type TableTotal,
  totalOf,
} from '../storage/transfer-pieces.ts';
import { version } from '../version.ts';
import { isKeyFileName, type KeyFile } from './key-files.ts';

/**
 * An archive is everything a collector holds, as lines of JSON: first what it is and the keys, then table by table the rows and what they
 * come to, and last that this is the end. It says nothing of the database it came out of, and goes into any.
 */
const format = 'muster.archive/1';

const Head = z.object({
  archive: z.literal(format),
  collector: z.string(),
  createdAt: z.iso.datetime(),
  shapes: z.object({ people: z.array(z.string()), collector: z.array(z.string()) }),
  rows: z.int().min(0),
  files: z.array(z.object({ name: z.string().refine(isKeyFileName), content: z.base64() })),
});
const Rows = z.object({
  part: z.enum(parts),
  table: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null(), z.tuple([z.base64()])]))),
});
const Total = z.object({ part: z.enum(parts), table: z.string(), count: z.int().min(0), digest: z.string() });
const End = z.object({ end: z.literal(true), tables: z.int(), rows: z.int() });

/** What an archive says of itself. */
export interface Archive {
  readonly createdAt: Date;
  readonly shapes: Shapes;
  readonly rows: number;
  readonly files: readonly KeyFile[];
  /** Once, to the end. Throws TransferFailed where the archive is not whole. */
  pieces(): AsyncIterable<Piece>;
}

/** The lines of an archive. `total` is told what each table came to. */
export async function* writeArchive(
  contents: Contents,
  files: readonly KeyFile[],
  at: Date,
  written: { progress?(rows: number): void; total(total: TableTotal): void },
): AsyncGenerator<string> {
  const head: z.input<typeof Head> = {
    archive: format,
    collector: version,
    createdAt: at.toISOString(),
    shapes: { people: [...contents.shapes.people], collector: [...contents.shapes.collector] },
    rows: contents.rows,
    files: files.map(({ name, content }) => ({ name, content: content.toString('base64') })),
  };
  yield `${JSON.stringify(head)}\n`;
  let tables = 0;
  let rows = 0;
  for await (const piece of contents.pieces()) {
    if ('digest' in piece) {
      tables += 1;
      written.total(piece);
      yield `${JSON.stringify(piece)}\n`;
      continue;
    }
    rows += piece.rows.length;
    written.progress?.(rows);
    yield `{"part":"${piece.part}","table":${JSON.stringify(piece.table)},"columns":${JSON.stringify(piece.columns)},"rows":[${piece.rows.map(rowLine).join(',')}]}\n`;
  }
  yield `${JSON.stringify({ end: true, tables, rows } satisfies z.input<typeof End>)}\n`;
}

/** Longest line: a slice of rows with the largest report among them leaves plenty of room. */
const maxLine = 64 * 1024 * 1024;

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) parts.push(Buffer.from(rest));
    length += rest.length;
    if (length > maxLine) throw new TransferFailed('the backup cannot be read');
  }
  if (length > 0) throw new TransferFailed('the backup breaks off');
}

function read<T extends z.ZodType>(schema: T, line: string | undefined): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(line ?? '');
  } catch {
    throw new TransferFailed('the backup cannot be read');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new TransferFailed('the backup is of a kind this collector does not know');
  return parsed.data;
}

/** Reads an archive as far as its head. Throws TransferFailed. */
export async function readArchive(bytes: AsyncIterable<Uint8Array>): Promise<Archive> {
  const lines = linesOf(bytes);
  const head = read(Head, (await lines.next()).value);
  return {
    createdAt: new Date(head.createdAt),
    shapes: head.shapes,
    rows: head.rows,
    files: head.files.map(({ name, content }) => ({ name, content: Buffer.from(content, 'base64') })),
    pieces: () => piecesOf(lines),
  };
}

async function* piecesOf(lines: AsyncIterable<string>): AsyncGenerator<Piece> {
  let ended = false;
  let tables = 0;
  let rows = 0;
  let running = totalOf('collector', '');
  for await (const line of lines) {
    if (ended) throw new TransferFailed('the backup goes on behind its end');
    const piece = read(z.union([Rows, Total, End]), line);
    if ('end' in piece) {
      ended = true;
      if (piece.tables !== tables || piece.rows !== rows) throw new TransferFailed('the backup is not whole');
    } else if ('digest' in piece) {
      const { count, digest } = running.total();
      if (count !== piece.count || digest !== piece.digest) {
        throw new TransferFailed(`the backup holds other rows of ${piece.table} than were put into it`);
      }
      running = totalOf('collector', '');
      tables += 1;
      yield piece;
    } else {
      const values = piece.rows.map(rowOfLine);
      running.add(values);
      rows += values.length;
      yield { part: piece.part, table: piece.table, columns: piece.columns, rows: values };
    }
  }
  if (!ended) throw new TransferFailed('the backup breaks off');
}
