import { expectSuccess, expectTrue, lastError, type Native, pointerIn, room } from './native.ts';

/** W11: 1 BIOS, 2 UEFI. */
export function firmwareType(native: Native): { type: number } {
  const type = room();
  expectTrue(native, native.call('kernel32', 'int GetFirmwareType(void *type)', type));
  return { type: type.readUInt32LE(0) };
}

/** W12: version of the TPM; `0x8028400f` = there is none. */
export async function tpmInfo(native: Native): Promise<{ tpmVersion: number }> {
  const info = room(16);
  expectSuccess(
    await native.callService('tbs', 'uint32 Tbsi_GetDeviceInfo(uint32 size, void *info)', 16, info),
  );
  return { tpmVersion: info.readUInt32LE(4) };
}

/**
 * W13: health of a kind of provider (1 firewall, 4 antivirus). S_FALSE is thrown like an error: Security Center is not running,
 * and the "poor" it leaves behind is no answer.
 */
export async function securityProviderHealth(native: Native, provider: number): Promise<{ health: number }> {
  const health = room();
  expectSuccess(
    await native.callService(
      'wscapi',
      'uint32 WscGetSecurityProviderHealth(uint32 providers, void *health)',
      provider,
      health,
    ),
  );
  return { health: health.readUInt32LE(0) };
}

/** A FILETIME (100 ns since 1601) as ISO 8601 in UTC, to the second. */
export function fileTimeToIso(fileTime: bigint): string {
  const at = new Date(Number(fileTime / 10_000n - 11_644_473_600_000n));
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** EvtSystemTimeCreated among the rendered system values of sixteen bytes each. */
export function decodeTimeCreated(values: Buffer): string {
  return fileTimeToIso(values.readBigUInt64LE(8 * 16));
}

/** W18: when the oldest record of an event log was written. Of the record nothing else is looked at. */
export async function oldestEvent(native: Native, channel: string): Promise<{ oldest: string }> {
  const close = (handle: bigint | number) => {
    native.call('wevtapi', 'int EvtClose(uintptr_t handle)', handle);
  };
  const query = native.call(
    'wevtapi',
    'uintptr_t EvtQuery(uintptr_t session, str16 path, str16 query, uint32 flags)',
    0,
    channel,
    null,
    // EvtQueryChannelPath, EvtQueryForwardDirection: the oldest first.
    0x101,
  );
  expectTrue(native, query);
  try {
    const event = room();
    expectTrue(
      native,
      native.call(
        'wevtapi',
        'int EvtNext(uintptr_t results, uint32 size, void *events, uint32 timeout, uint32 flags, void *returned)',
        query,
        1,
        event,
        2_000,
        0,
        room(),
      ),
    );
    const context = native.call(
      'wevtapi',
      'uintptr_t EvtCreateRenderContext(uint32 count, void *paths, uint32 flags)',
      0,
      null,
      1,
    );
    try {
      expectTrue(native, context);
      const needed = room();
      const render =
        'int EvtRender(uintptr_t context, uintptr_t event, uint32 flags, uint32 size, void *buffer, void *used, void *count)';
      native.call('wevtapi', render, context, pointerIn(event), 0, 0, null, needed, room());
      const size = needed.readUInt32LE(0);
      if (size === 0) throw lastError(native);
      const values = room(size);
      expectTrue(
        native,
        native.call('wevtapi', render, context, pointerIn(event), 0, size, values, needed, room()),
      );
      return { oldest: decodeTimeCreated(values) };
    } finally {
      if (context !== 0) close(context);
      close(pointerIn(event));
    }
  } finally {
    close(query);
  }
}
