import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandResult, Sources } from '../../../agent/probe.ts';
import { runChecks } from '../../../agent/runner.ts';
import { registryKey } from '../../../agent/sources/recording.ts';
import { judge } from '../../../shared/judge.ts';
import { basePolicy } from '../../../shared/policy.ts';

const policy = basePolicy();

const written = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** A Windows that answers every question with the next thing at hand. */
function machineOf(next: () => unknown): Sources {
  const output = (): CommandResult => {
    const stdout = written(next());
    return { stdout, stderr: written(next()), exitCode: 0, stdoutBytes: new TextEncoder().encode(stdout) };
  };
  return {
    platform: 'win32',
    osVersion: '',
    elevated: true,
    user: null,
    now: new Date('2026-11-20T08:00:00Z'),
    command: async () => output(),
    file: async () => written(next()),
    fileBytes: async () => new TextEncoder().encode(written(next())),
    directory: async () => [written(next()), written(next())],
    registry: async () => {
      const key = registryKey({}, ['S-1-5-21-1-1-1-1001', written(next())]);
      const value = () => {
        const found = next();
        const known = typeof found === 'object' && found !== null && 'type' in found && 'data' in found;
        return (known ? found : { type: written(found), data: written(found) }) as ReturnType<
          typeof key.value
        >;
      };
      return { ...key, value };
    },
    wmi: async () => next() as Awaited<ReturnType<Sources['wmi']>>,
    powershell: async () => output(),
    win32: async () => next(),
    systemInformation: async () => next(),
  };
}

async function statusesOn(machine: Sources) {
  const faults: string[] = [];
  const facts = await runChecks(machine, policy, {
    onFault: (check, point, error) => faults.push(`${check}/${point}: ${String(error)}`),
  });
  const findings = judge(facts, policy, {
    now: machine.now,
    machine: { platform: 'win32', osName: 'windows' },
  });
  return {
    faults,
    passed: findings.flatMap(({ check, points }) =>
      points.filter(({ status }) => status === 'pass').map(({ point }) => `${check}/${point}`),
    ),
  };
}

/** Passes without a look at the machine: the base policy requires no program. */
const asksNothing = ['required-apps/present'];

const turns = (values: readonly unknown[]) => {
  let turn = 0;
  return () => values[turn++ % values.length];
};

/** Shaped like the real thing at the top, and wrong below. */
const nearly = fc.oneof(
  fc.constantFrom(
    null,
    '',
    '\uFEFF',
    '[]',
    '{}',
    '[null]',
    '[{}]',
    '[[]]',
    '{"Pending":[null]}',
    { sessions: [null] },
    { sessions: [{ id: 1, state: 0, sid: 'S-1-5-21-1-1-1-1001', administrator: false, genericName: 'no' }] },
    { users: [{}] },
    { drives: [null], systemDrive: 'C:' },
    { services: { MpsSvc: 'running' } },
    { type: 'REG_DWORD', data: '1' },
    { type: 'REG_SZ', data: 1 },
    { type: 'REG_BINARY', data: '01' },
    { type: 'REG_QWORD', data: '-1' },
    { type: 'REG_QWORD', data: '99999999999999999999' },
    { type: 'REG_DWORD', data: 2 ** 40 },
  ),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.object(),
);

describe('probes on a Windows that makes no sense', () => {
  test('break on nothing: what they do not understand is unknown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(nearly, fc.anything({ withDate: true })), {
          minLength: 1,
          maxLength: 12,
        }),
        async (values) => {
          const { faults } = await statusesOn(machineOf(turns(values)));
          expect(faults).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('pass on nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nearly, { minLength: 1, maxLength: 8 }), async (values) => {
        const { passed } = await statusesOn(machineOf(turns(values)));
        expect(passed.filter((id) => !asksNothing.includes(id))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
