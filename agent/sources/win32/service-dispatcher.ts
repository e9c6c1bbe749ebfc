import { lastError, type ServiceNative } from './native.ts';
import { wide } from './wide.ts';

/** SERVICE_STATUS.dwCurrentState */
const states = { stopped: 1, stopPending: 3, running: 4 } as const;
/** SERVICE_ACCEPT_STOP, _POWEREVENT and _PRESHUTDOWN: the last comes before Windows begins to end anything else. */
const accepted = 0x1 | 0x40 | 0x100;
/** SERVICE_CONTROL_ */
const controls = { stop: 1, interrogate: 4, power: 13, preshutdown: 15 } as const;
/** PBT_APMRESUMEAUTOMATIC: awake again, whoever or whatever woke it. */
const resumed = 0x12;
const callNotImplemented = 120;
/** ERROR_SERVICE_SPECIFIC_ERROR: our own exit code is beside it. */
const specificError = 1066;
const ownProcess = 0x10;
/** Stopping takes two seconds at most; a run that is under way gets one to end. */
const stopHintMs = 10_000;

/** What the service manager asks of a service. */
export interface ServiceRequests {
  /** The service is to end, or Windows is about to. */
  stop(): void;
  /** The computer has slept. */
  resume(): void;
}

export interface DispatchedService {
  /**
   * Tells the service manager that the service has ended, and waits until it lets go. Any code but 0 counts as a failure, for which
   * its recovery options say what happens.
   */
  ended(exitCode: number): Promise<void>;
}

/** Somebody else than the service manager started this process. */
export class NotAService extends Error {
  override readonly name = 'NotAService';
}

/** SERVICE_STATUS: seven numbers. */
function statusOf(state: number, exitCode: number): Buffer {
  const pending = state === states.stopPending;
  const fields = [
    ownProcess,
    state,
    state === states.running ? accepted : 0,
    exitCode === 0 ? 0 : specificError,
    exitCode,
    pending ? 1 : 0,
    pending ? stopHintMs : 0,
  ];
  const status = Buffer.alloc(4 * fields.length);
  fields.forEach((field, index) => {
    status.writeUInt32LE(field, 4 * index);
  });
  return status;
}

/**
 * Speaks with Windows' service manager, which started this process as the service of this name: resolves once the service is known
 *as running. Throws NotAService, or the SourceError of a call that failed.
 */
export async function dispatchService(
  native: ServiceNative,
  name: string,
  requests: ServiceRequests,
): Promise<DispatchedService> {
  let handle: number | bigint = 0;
  const say = (state: number, exitCode = 0) =>
    native.call(
      'advapi32',
      'int SetServiceStatus(uintptr_t handle, void *status)',
      handle,
      statusOf(state, exitCode),
    );
  const handler = native.callback(
    'uint32 MusterServiceHandler(uint32 control, uint32 kind, void *data, void *context)',
    (control: number, kind: number) => {
      if (control === controls.stop || control === controls.preshutdown) {
        say(states.stopPending);
        requests.stop();
      } else if (control === controls.power) {
        if (kind === resumed) requests.resume();
      } else if (control !== controls.interrogate) {
        return callNotImplemented;
      }
      return 0;
    },
  );
  const ownName = wide(name);
  // SERVICE_TABLE_ENTRYW twice; the second, empty one ends the table.
  const table = Buffer.alloc(32);
  let dispatcher: Promise<number | bigint> | undefined;
  await new Promise<void>((resolve, reject) => {
    const main = native.callback('void MusterServiceMain(uint32 count, void *arguments)', () => {
      handle = native.call(
        'advapi32',
        'uintptr_t RegisterServiceCtrlHandlerExW(str16 name, uintptr_t handler, void *context)',
        name,
        handler,
        null,
      );
      if (BigInt(handle) === 0n) {
        reject(lastError(native));
        return undefined;
      }
      say(states.running);
      resolve();
      return undefined;
    });
    table.writeBigUInt64LE(native.address(ownName), 0);
    table.writeBigUInt64LE(main, 8);
    dispatcher = native.callBeside('advapi32', 'int StartServiceCtrlDispatcherW(void *table)', table);
    // It returns when the service has ended; before that, only because nobody expected a service here. Its error stayed on its thread.
    dispatcher.then(() => reject(new NotAService('not started by the service manager')), reject);
  });
  return {
    async ended(exitCode) {
      say(states.stopped, exitCode);
      await dispatcher;
      // Until here the table is read by its address.
      table.fill(0);
      ownName.fill(0);
    },
  };
}
