import { expectTrue, lastError, type Native } from './native.ts';
import { wide } from './wide.ts';

/** A service as Windows' service manager is to know it. It runs as LocalSystem, in a process of its own. */
export interface ServiceDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Program and arguments, each quoted where it has blanks. */
  readonly command: string;
  /** How long after its first, second and each further failure it is started again; the count begins anew after a day. */
  readonly restartAfterMs: readonly number[];
}

const access = { connectAndCreate: 3, all: 0xf01ff };
const ownProcess = 0x10;
const automaticStart = 2;
const normalErrorControl = 1;
const serviceExists = 1073;
const dayInSeconds = 86_400;
/** SC_ACTION_RESTART */
const restart = 1;

/** SERVICE_CONFIG_ and its structure for ChangeServiceConfig2W; `held` is what the structure points to. */
interface Setting {
  readonly what: string;
  readonly level: number;
  readonly structure: Buffer;
  readonly held: readonly Buffer[];
}

function number(value: number): Buffer {
  const memory = Buffer.alloc(4);
  memory.writeUInt32LE(value);
  return memory;
}

function settingsOf(native: Native, { description, restartAfterMs }: ServiceDefinition): readonly Setting[] {
  const text = wide(description);
  const pointer = Buffer.alloc(8);
  pointer.writeBigUInt64LE(native.address(text));
  // SC_ACTION: kind and delay.
  const actions = Buffer.concat(restartAfterMs.flatMap((delay) => [number(restart), number(delay)]));
  // SERVICE_FAILURE_ACTIONSW: reset period, message, command, count and address of the actions, by their 64-bit layout.
  const failure = Buffer.alloc(40);
  failure.writeUInt32LE(dayInSeconds, 0);
  failure.writeUInt32LE(restartAfterMs.length, 24);
  failure.writeBigUInt64LE(native.address(actions), 32);
  return [
    { what: 'description', level: 1, structure: pointer, held: [text] },
    { what: 'recovery', level: 2, structure: failure, held: [actions] },
    // Laptops that start have better things to do in the first two minutes.
    { what: 'delayed start', level: 3, structure: number(1), held: [] },
    // An end with an exit code is a failure, too: so a replaced version is started.
    { what: 'recovery after an orderly end', level: 4, structure: number(1), held: [] },
    // An identity of its own, which other programs' permissions can name.
    { what: 'identity', level: 5, structure: number(1), held: [] },
  ];
}

/**
 * Makes the service known to Windows, or changes what is known of it. Answers what this Windows did not take of its further settings;
 * throws the SourceError of anything else.
 */
export function registerService(native: Native, definition: ServiceDefinition): readonly string[] {
  const close = (handle: number | bigint) =>
    native.call('advapi32', 'int CloseServiceHandle(uintptr_t handle)', handle);
  const manager = native.call(
    'advapi32',
    'uintptr_t OpenSCManagerW(str16 machine, str16 database, uint32 access)',
    null,
    null,
    access.connectAndCreate,
  );
  expectTrue(native, manager);
  try {
    const service = createOrChange(native, manager, definition);
    try {
      return settingsOf(native, definition)
        .filter(
          ({ level, structure }) =>
            native.call(
              'advapi32',
              'int ChangeServiceConfig2W(uintptr_t service, uint32 level, void *structure)',
              service,
              level,
              structure,
            ) === 0,
        )
        .map(({ what }) => what);
    } finally {
      close(service);
    }
  } finally {
    close(manager);
  }
}

function createOrChange(
  native: Native,
  manager: number | bigint,
  { name, displayName, command }: ServiceDefinition,
): number | bigint {
  const created = native.call(
    'advapi32',
    'uintptr_t CreateServiceW(uintptr_t manager, str16 name, str16 displayName, uint32 access, uint32 type, uint32 start, uint32 errorControl, str16 command, str16 group, void *tag, str16 dependencies, str16 account, str16 password)',
    ...[manager, name, displayName, access.all, ownProcess, automaticStart, normalErrorControl, command],
    ...[null, null, null, null, null],
  );
  if (BigInt(created) !== 0n) return created;
  if (native.lastError() !== serviceExists) throw lastError(native);
  const service = native.call(
    'advapi32',
    'uintptr_t OpenServiceW(uintptr_t manager, str16 name, uint32 access)',
    manager,
    name,
    access.all,
  );
  expectTrue(native, service);
  expectTrue(
    native,
    native.call(
      'advapi32',
      'int ChangeServiceConfigW(uintptr_t service, uint32 type, uint32 start, uint32 errorControl, str16 command, str16 group, void *tag, str16 dependencies, str16 account, str16 password, str16 displayName)',
      ...[service, ownProcess, automaticStart, normalErrorControl, command],
      ...[null, null, null, null, null, displayName],
    ),
  );
  return service;
}
