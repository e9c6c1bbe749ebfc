import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { win32Source } from '../../../../agent/sources/win32/index.ts';
import { hex, type Native } from '../../../../agent/sources/win32/native.ts';
import { FakeNative, out, structure } from './fake-native.ts';

const ask = (native: Native, name: string, args: unknown[] = []) =>
  win32Source(async () => native)(name, args);
const code = (native: Native, name: string, args: unknown[] = []) =>
  ask(native, name, args).then(
    (result) => `answered ${JSON.stringify(result)}`,
    (error) => {
      expect(error).toBeInstanceOf(SourceError);
      return (error as SourceError).code;
    },
  );

describe('error numbers', () => {
  it('are hex without leading zeros, whatever the sign', () => {
    expect([hex(5), hex(0x80041003), hex(-2147217405), hex(0x8028400fn), hex(2140)]).toEqual([
      '0x5',
      '0x80041003',
      '0x80041003',
      '0x8028400f',
      '0x85c',
    ]);
  });
  it('of a call nobody documented, or with arguments nobody documented, is 0x7f', async () => {
    const native = new FakeNative();
    expect(await code(native, 'LogonUser')).toBe('0x7f');
    expect(await code(native, 'NetUserModalsGet', [1])).toBe('0x7f');
    expect(await code(native, 'PowerReadACValueIndex', [1, 2])).toBe('0x7f');
    expect(native.called).toEqual([]);
  });
  it('of a structure that is not as documented is 0xd', async () => {
    const native: FakeNative = new FakeNative({
      NetUserModalsGet: (_server, _level, buffer) => {
        out(buffer).writeBigUInt64LE(native.hold(Buffer.alloc(4)));
        return 0;
      },
      NetApiBufferFree: () => 0,
    });
    expect(await code(native, 'NetUserModalsGet', [0])).toBe('0xd');
    expect(native.called).toContain('NetApiBufferFree');
  });
  it('that a failing function did not leave is never "no error"', async () => {
    expect(await code(new FakeNative({ EvtQuery: () => 0 }), 'EvtQuery', ['Security'])).toBe('0x1f');
  });
});

describe('password policy', () => {
  const modals = (level: number, bytes: Buffer) => {
    const native: FakeNative = new FakeNative({
      NetUserModalsGet: (server, asked, buffer) => {
        expect([server, asked]).toEqual([null, level]);
        out(buffer).writeBigUInt64LE(native.hold(bytes));
        return 0;
      },
      NetApiBufferFree: () => 0,
    });
    return native;
  };
  it('comes in seconds, never as the largest number', async () => {
    const native = modals(0, structure(20, { 0: 12, 4: 0xffffffff, 8: 86_400, 12: 7, 16: 24 }));
    expect(await ask(native, 'NetUserModalsGet', [0])).toEqual({
      usrmod0_min_passwd_len: 12,
      usrmod0_max_passwd_age: 4_294_967_295,
      usrmod0_min_passwd_age: 86_400,
      usrmod0_password_hist_len: 24,
    });
  });
  it('has duration and window before the threshold', async () => {
    expect(await ask(modals(3, structure(12, { 0: 600, 4: 900, 8: 10 })), 'NetUserModalsGet', [3])).toEqual({
      usrmod3_lockout_threshold: 10,
      usrmod3_lockout_duration: 600,
      usrmod3_lockout_observation_window: 900,
    });
  });
  it('that Windows refuses to tell is that error', async () => {
    expect(await code(new FakeNative({ NetUserModalsGet: () => 2140 }), 'NetUserModalsGet', [3])).toBe(
      '0x85c',
    );
  });
});

describe('local accounts', () => {
  function listing(status: (name: string) => number) {
    const native: FakeNative = new FakeNative({
      NetUserEnum: (...args) => {
        const rows = Buffer.alloc(64);
        for (const [index, [name, flags, rid]] of (
          [
            ['Chefin', 66_049, 500],
            ['anna', 0x200, 1001],
          ] as const
        ).entries()) {
          rows.writeBigUInt64LE(native.holdText(name), 32 * index);
          rows.writeUInt32LE(flags, 32 * index + 24);
          rows.writeUInt32LE(rid, 32 * index + 28);
        }
        out(args[3]).writeBigUInt64LE(native.hold(rows));
        out(args[5]).writeUInt32LE(2);
        return 0;
      },
      NetUserGetInfo: (_server, name, level, buffer) => {
        expect(level).toBe(24);
        out(buffer).writeBigUInt64LE(native.hold(structure(24, { 0: name === 'anna' ? 1 : 0 })));
        return status(String(name));
      },
      NetApiBufferFree: () => 0,
    });
    return native;
  }
  it('go by relative id, without names', async () => {
    const result = await ask(
      listing(() => 0),
      'NetUserEnum',
      [20],
    );
    expect(result).toEqual({
      users: [
        { rid: 500, flags: 66_049, internetIdentity: false },
        { rid: 1001, flags: 512, internetIdentity: true },
      ],
    });
    expect(JSON.stringify(result)).not.toMatch(/anna|Chefin/);
  });
  it('are not known when one of them is not', async () => {
    expect(
      await code(
        listing((name) => (name === 'anna' ? 5 : 0)),
        'NetUserEnum',
        [20],
      ),
    ).toBe('0x5');
  });
});

describe('joining and management', () => {
  it('null means not joined to Entra ID', async () => {
    expect(
      await ask(new FakeNative({ NetGetAadJoinInformation: () => 0 }), 'NetGetAadJoinInformation', [null]),
    ).toEqual({ joinType: null });
  });
  it('reads the join type and frees what it got', async () => {
    const native: FakeNative = new FakeNative({
      NetGetAadJoinInformation: (_tenant, info) => {
        out(info).writeBigUInt64LE(native.hold(structure(16, { 0: 1 })));
        return 0;
      },
      NetFreeAadJoinInformation: () => 0,
    });
    expect(await ask(native, 'NetGetAadJoinInformation', [null])).toEqual({ joinType: 1 });
    expect(native.called).toContain('NetFreeAadJoinInformation');
  });
  it('reads domain and MDM state', async () => {
    const native: FakeNative = new FakeNative({
      NetGetJoinInformation: (_server, name, status) => {
        out(name).writeBigUInt64LE(native.holdText('ACME'));
        out(status).writeUInt32LE(3);
        return 0;
      },
      NetApiBufferFree: () => 0,
      IsDeviceRegisteredWithManagement: (registered) => {
        out(registered).writeUInt32LE(1);
        return 0;
      },
    });
    expect(await ask(native, 'NetGetJoinInformation')).toEqual({ status: 3 });
    expect(await ask(native, 'IsDeviceRegisteredWithManagement')).toEqual({ registered: true });
  });
});

describe('firmware, TPM, Security Center, event log', () => {
  const fill =
    (value: number, answer: number, offset = 0) =>
    (argument: unknown) => {
      out(argument as Buffer).writeUInt32LE(value, offset);
      return answer;
    };
  it('reads the kinds', async () => {
    const native = new FakeNative({
      GetFirmwareType: fill(2, 1),
      Tbsi_GetDeviceInfo: (_size, info) => fill(2, 0, 4)(info),
    });
    expect(await ask(native, 'GetFirmwareType')).toEqual({ type: 2 });
    expect(await ask(native, 'Tbsi_GetDeviceInfo')).toEqual({ tpmVersion: 2 });
  });
  it('tells that there is no TPM', async () => {
    const none = new FakeNative({ Tbsi_GetDeviceInfo: () => 0x8028400f });
    expect(await code(none, 'Tbsi_GetDeviceInfo')).toBe('0x8028400f');
  });
  it('does not believe "poor" of a Security Center that is not running', async () => {
    const native = new FakeNative({
      WscGetSecurityProviderHealth: (_kind, health) => fill(2, 1)(health),
    });
    expect(await code(native, 'WscGetSecurityProviderHealth', [4])).toBe('0x1');
  });
  it('asks for the kind it was asked for', async () => {
    const native = new FakeNative({
      WscGetSecurityProviderHealth: (kind, health) => fill(kind === 4 ? 0 : 2, 0)(health),
    });
    expect(await ask(native, 'WscGetSecurityProviderHealth', [4])).toEqual({ health: 0 });
    expect(await ask(native, 'WscGetSecurityProviderHealth', [1])).toEqual({ health: 2 });
  });
  it('reads when the oldest event was written, and closes all it opened', async () => {
    const native = new FakeNative({
      EvtQuery: (_session, channel, _query, flags) => (channel === 'Security' && flags === 0x101 ? 11n : 0n),
      EvtNext: (_results, _size, events) => {
        out(events).writeBigUInt64LE(12n);
        return 1;
      },
      EvtCreateRenderContext: () => 13n,
      EvtRender: (_context, event, _flags, size, buffer, used) => {
        expect(event).toBe(12n);
        out(used).writeUInt32LE(288);
        if (size === 0) return 0;
        // 2026-08-02T11:20:09Z
        out(buffer).writeBigUInt64LE(134_301_432_090_000_000n, 128);
        return 1;
      },
      EvtClose: () => 1,
    });
    expect(await ask(native, 'EvtQuery', ['Security'])).toEqual({ oldest: '2026-08-02T11:20:09Z' });
    expect(native.called.filter((name) => name === 'EvtClose')).toHaveLength(3);
  });
  it('says when the right is missing', async () => {
    const native: FakeNative = new FakeNative({ EvtQuery: () => native.fail(5) });
    expect(await code(native, 'EvtQuery', ['Security'])).toBe('0x5');
  });
});

describe('power', () => {
  it('reads Modern Standby, S3 and batteries from their bytes', async () => {
    const native = new FakeNative({
      CallNtPowerInformation: (_level, _input, _size, buffer) => {
        out(buffer).writeUInt8(1, 20);
        out(buffer).writeUInt8(1, 30);
        return 0;
      },
    });
    expect(await ask(native, 'CallNtPowerInformation', [4])).toEqual({
      AoAc: true,
      SystemS3: false,
      SystemBatteriesPresent: true,
    });
  });
  const plan = (status: number) => {
    const native: FakeNative = new FakeNative({
      PowerGetActiveScheme: (_root, scheme) => {
        out(scheme).writeBigUInt64LE(77n);
        return 0;
      },
      PowerReadDCValueIndex: (_root, scheme, subgroup, _setting, value) => {
        expect(scheme).toBe(77n);
        expect(out(subgroup).toString('hex')).toBe('5fb9167576f764448c5306167f40cc99');
        out(value).writeUInt32LE(300);
        return status;
      },
      LocalFree: () => 0,
    });
    return native;
  };
  const guids = ['7516b95f-f776-4464-8c53-06167f40cc99', '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e'];
  it('asks the active plan with the GUIDs in Windows order', async () => {
    expect(await ask(plan(0), 'PowerReadDCValueIndex', guids)).toEqual({ value: 300 });
  });
  it('frees the plan also when the setting is not exposed', async () => {
    const native = plan(2);
    expect(await code(native, 'PowerReadDCValueIndex', guids)).toBe('0x2');
    expect(native.called).toContain('LocalFree');
  });
});
