import { expect, test } from 'vitest';
import type { NativeArgument, ServiceNative } from '../../../../agent/sources/win32/native.ts';
import { dispatchService, NotAService } from '../../../../agent/sources/win32/service-dispatcher.ts';
import { FakeNative } from './fake-native.ts';

const handle = 77n;

/** A service manager that starts the service, or none; keeps what it is told of the service's status. */
class FakeServiceManager extends FakeNative implements ServiceNative {
  readonly statuses: readonly number[][] = [];
  readonly #callbacks = new Map<string, (...args: never[]) => number | undefined>();
  readonly #startsService: boolean;
  #letGo: (answer: number) => void = () => {};

  constructor(startsService: boolean) {
    const statuses: number[][] = [];
    super({
      RegisterServiceCtrlHandlerExW: () => handle,
      SetServiceStatus: (given, status) => {
        if (given !== handle || !Buffer.isBuffer(status)) return 0;
        statuses.push(Array.from({ length: 7 }, (_, index) => status.readUInt32LE(4 * index)));
        if (status.readUInt32LE(4) === 1) this.#letGo(1);
        return 1;
      },
    });
    this.statuses = statuses;
    this.#startsService = startsService;
  }

  callback(prototype: string, ours: (...args: never[]) => number | undefined): bigint {
    const name = /(\w+)\(/.exec(prototype)?.[1] ?? '';
    this.#callbacks.set(name, ours);
    return BigInt(this.#callbacks.size);
  }

  async callBeside(_library: string, prototype: string, table: NativeArgument): Promise<number | bigint> {
    expect(prototype).toContain('StartServiceCtrlDispatcherW');
    if (!this.#startsService || !Buffer.isBuffer(table)) return 0;
    // SERVICE_TABLE_ENTRYW: name and function, then an empty entry.
    expect(this.readText(table.readBigUInt64LE(0))).toBe('MusterAgent');
    expect(table.subarray(16).every((byte) => byte === 0)).toBe(true);
    this.#callbacks.get('MusterServiceMain')?.();
    return new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  /** As the service manager calls HandlerEx. */
  control(control: number, kind = 0): number | undefined {
    const handler = this.#callbacks.get('MusterServiceHandler') as unknown as (
      control: number,
      kind: number,
    ) => number;
    return handler(control, kind);
  }
}

async function start() {
  const asked: string[] = [];
  const manager = new FakeServiceManager(true);
  const service = await dispatchService(manager, 'MusterAgent', {
    stop: () => asked.push('stop'),
    resume: () => asked.push('resume'),
  });
  return { asked, manager, service };
}

test('the service is known as running, and takes stop, preshutdown and what concerns power', async () => {
  const { manager } = await start();
  expect(manager.statuses).toEqual([[0x10, 4, 0x1 | 0x40 | 0x100, 0, 0, 0, 0]]);
});

test.each([
  ['stop', 1],
  ['preshutdown', 15],
])('%s is answered with "stopping" at once, and stops the service', async (_name, control) => {
  const { asked, manager, service } = await start();
  expect(manager.control(control)).toBe(0);
  expect(asked).toEqual(['stop']);
  expect(manager.statuses.at(-1)).toEqual([0x10, 3, 0, 0, 0, 1, 10_000]);
  await service.ended(0);
  expect(manager.statuses.at(-1)).toEqual([0x10, 1, 0, 0, 0, 0, 0]);
});

test('waking up is told, falling asleep is not; what was never asked for is refused', async () => {
  const { asked, manager } = await start();
  expect(manager.control(13, 0x4)).toBe(0);
  expect(asked).toEqual([]);
  expect(manager.control(13, 0x12)).toBe(0);
  expect(asked).toEqual(['resume']);
  expect(manager.control(4)).toBe(0);
  expect(manager.control(200)).toBe(120);
});

test('an end with an exit code is a failure, for which the recovery options are', async () => {
  const { manager, service } = await start();
  await service.ended(76);
  // ERROR_SERVICE_SPECIFIC_ERROR, and the code.
  expect(manager.statuses.at(-1)).toEqual([0x10, 1, 0, 1066, 76, 0, 0]);
});

test('where no service manager started it, it is no service', async () => {
  const none = new FakeServiceManager(false);
  await expect(dispatchService(none, 'MusterAgent', { stop: () => {}, resume: () => {} })).rejects.toThrow(
    NotAService,
  );
});
