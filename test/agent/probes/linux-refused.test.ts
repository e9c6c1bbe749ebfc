import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../agent/runner.ts';
import { type Read, RecordingFile, replaySources } from '../../../agent/sources/recording.ts';
import type { CheckId } from '../../../shared/checks/index.ts';
import { judge } from '../../../shared/judge.ts';
import { basePolicy } from '../../../shared/policy.ts';

const root = join(import.meta.dirname, '../../fixtures/linux');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .toSorted();
const policy = basePolicy();

async function verdicts(name: string, change: (read: Read) => Read | undefined) {
  const recording = RecordingFile.parse(JSON.parse(readFileSync(join(root, name), 'utf8')));
  const check = name.split(/[\\/]/)[0] as CheckId;
  const sources = replaySources({
    ...recording,
    reads: recording.reads.flatMap((read) => change(read) ?? []),
  });
  const faults: unknown[] = [];
  const facts = await runChecks(sources, policy, {
    only: [check],
    onFault: (id, point, error) => faults.push([id, point, error]),
  });
  expect(faults).toEqual([]);
  const machine = { platform: 'linux', osName: 'linux' } as const;
  return judge(facts, policy, { now: sources.now, machine }).flatMap((finding) =>
    finding.points
      // No program is required by the base policy, and hints are a thing of the Mac.
      .filter(() => finding.check !== 'required-apps')
      .map(({ point, status }) => `${finding.check}/${point}: ${status}`),
  );
}

const keyOf = (read: Read) => {
  if ('command' in read) return { command: read.command, ...(read.as !== undefined && { as: read.as }) };
  if ('file' in read) return { file: read.file };
  return 'directory' in read ? { directory: read.directory } : read;
};
const failed = (error: string) => (read: Read) => ({ ...keyOf(read), error }) as Read;
const command = (answer: { stdout: string; stderr: string; exitCode: number }) => (read: Read) =>
  'command' in read ? ({ ...keyOf(read), ...answer } as Read) : failed('EACCES')(read);

/** Ways in which a whole machine says nothing. */
const silences: readonly (readonly [string, (read: Read) => Read | undefined])[] = [
  ['may not be read', failed('EACCES')],
  ['takes too long', failed('timeout')],
  ['was not recorded', () => undefined],
  ['ends with 1 and a refusal', command({ stdout: '', stderr: 'Permission denied\n', exitCode: 1 })],
  ['ends with 127', command({ stdout: '', stderr: 'error while loading shared libraries\n', exitCode: 127 })],
  ['ends well and complains', command({ stdout: '', stderr: 'Failed to connect to bus\n', exitCode: 0 })],
];

describe.each(silences)('everything %s', (_, change) => {
  test('is neither pass nor fail', async () => {
    const told = new Set<string>();
    for (const name of files)
      for (const verdict of await verdicts(name, change))
        if (/: (?:pass|fail)$/.test(verdict)) told.add(`${name}: ${verdict}`);
    expect([...told]).toEqual([]);
  });
});

/** Where one refused read must not change a verdict for the better: root sees more there than anybody else, by design. */
const rootSeesMore = new Set(['disk-encryption', 'firewall', 'required-apps']);
const decided = files.filter((name) => !rootSeesMore.has(name.split(/[\\/]/)[0] ?? ''));

test('one read that is refused makes nothing better than it is', async () => {
  const better: string[] = [];
  for (const name of decided) {
    const before = new Set(await verdicts(name, (read) => read));
    const { reads } = RecordingFile.parse(JSON.parse(readFileSync(join(root, name), 'utf8')));
    for (const [at, refused] of reads.entries()) {
      for (const error of ['EACCES', 'timeout']) {
        const key = JSON.stringify(keyOf(refused));
        const after = await verdicts(name, (read) =>
          JSON.stringify(keyOf(read)) === key ? failed(error)(read) : read,
        );
        const news = after.filter((verdict) => verdict.endsWith(': pass') && !before.has(verdict));
        better.push(...news.map((verdict) => `${name}, read ${at}, ${error}: ${verdict}`));
      }
    }
  }
  expect(better).toEqual([]);
}, 60_000);
