import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../agent/runner.ts';
import { type Read, Recording, replaySources } from '../../../agent/sources/recording.ts';
import type { CheckId } from '../../../shared/checks/index.ts';
import { judge } from '../../../shared/judge.ts';
import { basePolicy } from '../../../shared/policy.ts';

const policy = basePolicy();
const root = join(import.meta.dirname, '../../fixtures/win32');

async function statuses(recording: Recording, check: CheckId): Promise<Map<string, string>> {
  const sources = replaySources(recording);
  const facts = await runChecks(sources, policy, { only: [check] });
  const findings = judge(facts, policy, {
    now: sources.now,
    machine: { platform: 'win32', osName: 'windows' },
  });
  return new Map(
    findings.flatMap(({ points }) => points.map(({ point, status }) => [point, status] as const)),
  );
}

const codes = {
  registry: 'access-denied',
  win32: '0x5',
  wmi: '0x80041003',
  command: 'EACCES',
  file: 'EACCES',
  directory: 'EACCES',
};

/** The same read, refused in the way of its kind. */
function refused(read: Read): Read {
  if ('powershell' in read) {
    return { powershell: read.powershell, stdout: '', stderr: 'HRESULT 0x80041003', exitCode: 1 };
  }
  const kind = (Object.keys(codes) as (keyof typeof codes)[]).find((name) => name in read);
  if (kind === undefined) throw new Error('a read of an unheard kind');
  const { args, namespace } = read as { args?: unknown[]; namespace?: string };
  const key = {
    [kind]: (read as Record<string, unknown>)[kind],
    ...(args && { args }),
    ...(namespace && { namespace }),
  };
  return { ...key, error: codes[kind] } as unknown as Read;
}

const variants: Record<string, (read: Read) => Read[]> = {
  refused: (read) => [refused(read)],
  'too late': (read) => [{ ...refused(read), error: 'timeout' } as Read],
  'not recorded': () => [],
};

/** Machines on which all sources agree: with one of them gone, the others may answer, or nobody; never the opposite. */
describe.each(readdirSync(root).toSorted())('%s', (check) => {
  describe.each([
    ['on', 'pass', 'fail'],
    ['off', 'fail', 'pass'],
  ])('a machine that is %s', (name, right, wrong) => {
    const file = JSON.parse(readFileSync(join(root, check, `${name}.json`), 'utf8'));
    const recording = Recording.parse(file.recording);

    test.each(Object.keys(variants))(
      `never turns from ${right} to ${wrong} when one read is %s`,
      async (how) => {
        const whole = await statuses(recording, check as CheckId);
        for (const [index, read] of recording.reads.entries()) {
          const reads = recording.reads.toSpliced(index, 1, ...(variants[how]?.(read) ?? []));
          const now = await statuses({ ...recording, reads }, check as CheckId);
          for (const [point, status] of whole) {
            if (status === right)
              expect(now.get(point), `${point} without ${JSON.stringify(read).slice(0, 120)}`).not.toBe(
                wrong,
              );
          }
        }
      },
    );
  });
});
