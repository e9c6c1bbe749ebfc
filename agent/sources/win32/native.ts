import { SourceError } from '../../probe.ts';
import { codeError } from '../recording.ts';

/** What a C function takes: integers and handles, wide text, memory it may read and write, or NULL. */
export type NativeArgument = number | bigint | string | Buffer | null;

/**
 * Calls into the libraries of this Windows. Functions are named by library and C prototype; addresses are numbers, so that what
 * was handed out can be decoded by plain code from copied bytes.
 */
export interface Native {
  /** Throws SourceError `0x7f` when this Windows has no such function. */
  call(library: string, prototype: string, ...args: NativeArgument[]): number | bigint;
  /** For functions that ask a service and may hang: runs beside the agent, `timeout` after ten seconds. */
  callService(library: string, prototype: string, ...args: NativeArgument[]): Promise<number | bigint>;
  /** The reason the last `call` failed, where the function keeps it there. */
  lastError(): number;
  /** Where a buffer of ours lies, for pointers a function wrote into that same buffer. */
  address(memory: Buffer): bigint;
  /** A copy of memory that a function handed out. */
  read(address: bigint, length: number): Buffer;
  /** Wide text up to its end mark. */
  readText(address: bigint): string;
}

/** For what is not a question: calls that last, and functions of ours that Windows calls. */
export interface ServiceNative extends Native {
  /** For functions that return when something ends: runs beside the agent for as long as that takes. */
  callBeside(library: string, prototype: string, ...args: NativeArgument[]): Promise<number | bigint>;
  /**
   * The address of a C function that calls ours: on the agent's own thread, while the caller waits, whichever thread it is. Lives as
   * long as this process; one prototype is given once.
   */
  callback(prototype: string, ours: (...args: never[]) => number | undefined): bigint;
}

const callTimeoutMs = 10_000;

/** `0x80041003`: how error numbers are written in recordings, without leading zeros. */
export function hex(code: number | bigint): string {
  return `0x${BigInt.asUintN(32, BigInt(code)).toString(16)}`;
}

/** The SourceError of a Win32 error, an NTSTATUS or a HRESULT. */
export function nativeError(code: number | bigint): SourceError {
  return codeError(hex(code));
}

/** Throws what a function that answers 0 for success has answered otherwise. */
export function expectSuccess(code: number | bigint): void {
  if (BigInt(code) !== 0n) throw nativeError(code);
}

/** The last error; a function that failed without leaving one is ERROR_GEN_FAILURE, never "no error". */
export function lastError(native: Native): SourceError {
  return nativeError(native.lastError() || 0x1f);
}

/** Throws the last error when a function that answers FALSE for failure did so. */
export function expectTrue(native: Native, answer: number | bigint): void {
  if (BigInt(answer) === 0n) throw lastError(native);
}

/** Room for one pointer, handle or number that a function gives back. */
export function room(bytes = 8): Buffer {
  return Buffer.alloc(bytes);
}

/** The pointer or handle that was written into `room()`. */
export function pointerIn(memory: Buffer, offset = 0): bigint {
  return memory.readBigUInt64LE(offset);
}

let opened: Promise<ServiceNative> | undefined;

/** The libraries of this machine, loaded on first use. Throws SourceError `0x7e` where they cannot be loaded. */
export function openNative(): Promise<ServiceNative> {
  opened ??= loadNative();
  return opened;
}

/** Loads anew; `paths` names other files for some libraries, so that tests can stand in for what a system lacks. */
export async function loadNative(paths: Readonly<Record<string, string>> = {}): Promise<ServiceNative> {
  // Structures are decoded by their 64-bit layout, the same on x64 and arm64.
  if (process.platform !== 'win32' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
    throw new SourceError('unsupported', 'native calls need 64-bit Windows', '0x7e');
  }
  let koffi: typeof import('koffi').default;
  try {
    koffi = (await import('koffi')).default;
  } catch {
    throw new SourceError('unsupported', 'native calls could not be loaded', '0x7e');
  }
  const libraries = new Map<string, ReturnType<typeof koffi.load>>();
  const functions = new Map<string, ReturnType<ReturnType<typeof koffi.load>['func']>>();
  // The arguments of calls under way: what a worker thread writes to must not be collected before it is done.
  const underWay = new Set<NativeArgument[]>();
  const kernel = koffi.load('kernel32.dll');
  const getLastError = kernel.func('uint32 GetLastError()');
  const path = room(520);
  const length = kernel.func('uint32 GetSystemDirectoryW(void *buffer, uint32 size)')(path, 260) as number;
  const systemDirectory = path.toString('utf16le', 0, 2 * length);

  function find(library: string, prototype: string) {
    const known = functions.get(prototype);
    if (known !== undefined) return known;
    try {
      // By full path: a library of the same name beside the program or on PATH is never loaded.
      const handle =
        libraries.get(library) ?? koffi.load(paths[library] ?? `${systemDirectory}\\${library}.dll`);
      libraries.set(library, handle);
      const found = handle.func(prototype);
      functions.set(prototype, found);
      return found;
    } catch {
      throw new SourceError('unsupported', `${library} has no such function here`, '0x7f');
    }
  }
  async function callBeside(library: string, prototype: string, ...args: NativeArgument[]) {
    const wanted = find(library, prototype);
    underWay.add(args);
    return new Promise<number | bigint>((resolve, reject) => {
      wanted.async(...args, (error: unknown, answer: number | bigint) => {
        underWay.delete(args);
        if (error === null || error === undefined) resolve(answer);
        else reject(new SourceError('failed', `${library} could not be called`, '0x1f'));
      });
    });
  }
  return {
    call: (library, prototype, ...args) => find(library, prototype)(...args) as number | bigint,
    callService(library, prototype, ...args) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new SourceError('timeout', `${library} did not answer`, 'timeout')),
          callTimeoutMs,
        );
        callBeside(library, prototype, ...args)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      });
    },
    callBeside,
    callback: (prototype, ours) => koffi.register(ours, koffi.pointer(koffi.proto(prototype))),
    lastError: () => getLastError() as number,
    address: (memory) => koffi.address(memory),
    read: (address, size) => Buffer.from(koffi.decode(address, 'uint8_t', size) as Uint8Array),
    readText: (address) => koffi.decode.wstring(address),
  };
}
