import type { Native, NativeArgument } from '../../../../agent/sources/win32/native.ts';

type Answer = (...args: NativeArgument[]) => number | bigint;

/** A Windows of its own memory and functions, so that the real decoding runs on any system. */
export class FakeNative implements Native {
  /** Names of the functions that were called, in order. */
  readonly called: string[] = [];
  readonly #answers: Record<string, Answer>;
  readonly #blocks: { readonly at: bigint; readonly bytes: Buffer }[] = [];
  #next = 0x10_0000n;
  #error = 0;

  constructor(answers: Record<string, Answer> = {}) {
    this.#answers = answers;
  }

  /** Puts bytes into memory and returns where they are. */
  hold(bytes: Buffer): bigint {
    const at = this.#next;
    this.#blocks.push({ at, bytes });
    this.#next += BigInt(bytes.length + 4_096);
    return at;
  }

  holdText(text: string): bigint {
    return this.hold(Buffer.from(`${text}\0`, 'utf16le'));
  }

  /** For a function that fails: keeps the reason and answers FALSE. */
  fail(error: number): number {
    this.#error = error;
    return 0;
  }

  call(_library: string, prototype: string, ...args: NativeArgument[]): number | bigint {
    const name = /(\w+)\(/.exec(prototype)?.[1] ?? '';
    this.called.push(name);
    const answer = this.#answers[name];
    if (answer === undefined) throw new Error(`${name} was not expected`);
    return answer(...args);
  }

  async callService(library: string, prototype: string, ...args: NativeArgument[]) {
    return this.call(library, prototype, ...args);
  }

  lastError(): number {
    return this.#error;
  }

  address(memory: Buffer): bigint {
    const known = this.#blocks.find(({ bytes }) => bytes === memory);
    return known?.at ?? this.hold(memory);
  }

  read(address: bigint, length: number): Buffer {
    const block = this.#blocks.find(({ at, bytes }) => at <= address && address < at + BigInt(bytes.length));
    if (block === undefined) throw new RangeError('nothing lies there');
    const start = Number(address - block.at);
    if (start + length > block.bytes.length) throw new RangeError('read beyond the end');
    return Buffer.from(block.bytes.subarray(start, start + length));
  }

  readText(address: bigint): string {
    const block = this.#blocks.find(({ at, bytes }) => at <= address && address < at + BigInt(bytes.length));
    if (block === undefined) throw new RangeError('nothing lies there');
    return block.bytes.toString('utf16le', Number(address - block.at)).split('\0')[0] ?? '';
  }
}

/** Writes 32-bit numbers at byte offsets of a zeroed structure. */
export function structure(bytes: number, numbers: Record<number, number> = {}): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (const [offset, value] of Object.entries(numbers)) buffer.writeUInt32LE(value, Number(offset));
  return buffer;
}

/** A security identifier's bytes: authority 5, the given sub-authorities. */
export function sidBytes(...parts: number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(parts.length, 1);
  bytes.writeUIntBE(5, 2, 6);
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * index);
  return bytes;
}

/** The memory behind an argument that a function fills in. */
export function out(argument: NativeArgument | undefined): Buffer {
  if (!Buffer.isBuffer(argument)) throw new Error('not a place to write to');
  return argument;
}
