import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runChecks } from '../../../agent/runner.ts';
import { type Read, RecordingFile, replaySources } from '../../../agent/sources/recording.ts';
import type { CheckId } from '../../../shared/checks/index.ts';
import { judge } from '../../../shared/judge.ts';
import { basePolicy } from '../../../shared/policy.ts';

const root = join(import.meta.dirname, '../../fixtures/linux');
const folders = readdirSync(root) as CheckId[];
const policy = basePolicy();

function machine(check: CheckId) {
  return RecordingFile.parse(JSON.parse(readFileSync(join(root, check, 'on.json'), 'utf8')));
}

/** The same read with another answer; keys stay, errors too. */
function answer(read: Read, text: string): Read {
  if ('error' in read) return read;
  if ('command' in read) return { ...read, stdout: text };
  if ('file' in read) return { ...read, content: text };
  if ('directory' in read) return { ...read, entries: text.split('\n') };
  return read;
}

async function statuses(check: CheckId, reads: Read[]) {
  const sources = replaySources({ ...machine(check), reads });
  const faults: unknown[] = [];
  const facts = await runChecks(sources, policy, {
    only: [check],
    onFault: (id, point, error) => faults.push([id, point, error]),
  });
  const context = { now: sources.now, machine: { platform: 'linux', osName: 'linux' } as const };
  return { faults, points: judge(facts, policy, context).flatMap((finding) => finding.points) };
}

const garbage = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json(),
  fc.constantFrom('', '\n', '=', '[]', '{}', '[Daemon]\n=', 'Id=\n', ':::::::::', '\u0000'),
  fc
    .array(fc.constantFrom('true', '0', '=', ':', '\n', '[', 'auth', '-A INPUT', '{', ' '))
    .map((words) => words.join(' ')),
);

/** Any few words are a list of groups to `id`; nothing else is answered by words alone. */
const isWords = (text: string) => /^[\s\w.@\\+$-]+$/.test(text) && text.trim() !== '';

test.each(folders)('%s: garbage in place of one answer is no fault of ours', async (check) => {
  const { reads } = machine(check);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: reads.length - 1 }), garbage, async (at, text) => {
      const { faults } = await statuses(
        check,
        reads.map((read, index) => (index === at ? answer(read, text) : read)),
      );
      expect(faults).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

/** The base policy requires no program, so that nothing has to be read for it. */
const decided = folders.filter((check) => check !== 'required-apps');

test.each(decided)('%s: garbage in place of every answer never passes', async (check) => {
  const { reads } = machine(check);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        garbage.filter((text) => !isWords(text)),
        { minLength: reads.length, maxLength: reads.length },
      ),
      async (texts) => {
        const { faults, points } = await statuses(
          check,
          reads.map((read, index) => answer(read, texts[index] ?? '')),
        );
        expect(faults).toEqual([]);
        expect(points.filter(({ status }) => status === 'pass').map(({ point }) => point)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
