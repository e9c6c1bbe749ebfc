import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandResult, SourceError, type Sources } from '../../../agent/probe.ts';
import { readMachine } from '../../../agent/readings/machine.ts';
import { runChecks } from '../../../agent/runner.ts';
import { type Recording, RecordingFile, replaySources } from '../../../agent/sources/recording.ts';
import { type CheckId, checkIds } from '../../../shared/checks/index.ts';
import { judge } from '../../../shared/judge.ts';
import { basePolicy, type Policy } from '../../../shared/policy.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/darwin');
const recording = (check: string, name: string): Recording =>
  RecordingFile.parse(JSON.parse(readFileSync(join(fixtures, check, `${name}.json`), 'utf8')));

async function statuses(sources: Sources, policy: Policy = basePolicy(), only?: CheckId[]) {
  const facts = await runChecks(sources, policy, {
    only,
    onFault: (check, point, error) => {
      throw new Error(`${check}/${point} broke`, { cause: error });
    },
  });
  const findings = judge(facts, policy, { now: sources.now, machine: await readMachine(sources) });
  return new Map(findings.flatMap((f) => f.points.map((p) => [`${f.check}/${p.point}`, p.status])));
}

/** A Mac on which every read answers what `answer` makes up. */
function mac(answer: () => string, exitCode: () => number): Sources {
  const absent = async (): Promise<never> => {
    throw new SourceError('missing', 'only Windows has this', 'ENOENT');
  };
  return {
    platform: 'darwin',
    osVersion: answer(),
    elevated: true,
    user: { name: 'user', uid: 501 },
    now: new Date('2026-11-18T08:00:00Z'),
    async command(): Promise<CommandResult> {
      const stdout = answer();
      return {
        stdout,
        stderr: answer(),
        exitCode: exitCode(),
        stdoutBytes: new TextEncoder().encode(stdout),
      };
    },
    file: async () => answer(),
    fileBytes: async () => new TextEncoder().encode(answer()),
    directory: async () => answer().split('\n'),
    registry: absent,
    wmi: absent,
    powershell: absent,
    win32: absent,
    systemInformation: absent,
  };
}

/**
 * Where garbage is an answer: nothing is asked for, so nothing can be missing; what is not a key is none; and any word may be
 * the name of the person who owns the console.
 */
const emptyQuestions = new Set([
  'required-apps/present',
  'ssh-keys/protected',
  'app-updates/unsupported',
  'accounts/shared-name',
  'password-policy/hints',
]);

describe('garbage', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      '<?xml version="1.0"?><plist version="1.0"><dict>',
      '<key>FileVault</key><true/>',
      'enabled',
      'On',
      '{"SPAirPortDataType":[',
      '\n',
      '(State = 1) ',
      'disabled services = {',
    ),
  );

  test('is never a pass, and never breaks a probe', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom(0, 1, 2, 113),
        async (parts, code) => {
          const found = await statuses(
            mac(
              () => parts.join(''),
              () => code,
            ),
          );
          const passed = [...found].filter(([id, status]) => status === 'pass' && !emptyQuestions.has(id));
          expect(passed).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('empty answers are no answers', async () => {
    const found = await statuses(
      mac(
        () => '',
        () => 0,
      ),
    );
    const passed = [...found].filter(([id, status]) => status === 'pass' && !emptyQuestions.has(id));
    expect(passed).toEqual([]);
  });
});

describe('a good machine, damaged', () => {
  const checks = readdirSync(fixtures);

  test.each(checks)('%s: an answer cut off or refused never makes anything better', async (check) => {
    const good = recording(check, 'off');
    const before = await statuses(replaySources(good), basePolicy(), [check as CheckId]);
    const failed = [...before].filter(([, status]) => status === 'fail').map(([id]) => id);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(Math.max(0, good.reads.length - 1)),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.constantFrom('cut', 'EACCES', 'timeout'),
        async (at, share, how) => {
          const reads = good.reads.map((read, index) => {
            if (index !== at || 'error' in read) return read;
            if (how !== 'cut') {
              if ('command' in read)
                return {
                  command: read.command,
                  error: how,
                  ...(read.as && { as: read.as }),
                  ...(read.stdin && { stdin: read.stdin }),
                };
              return 'file' in read ? { file: read.file, error: how } : read;
            }
            // In the middle of a line: an answer that ends between two lines looks like a whole one.
            const cut = (text: string | undefined) =>
              text?.slice(0, Math.floor((text.length - 1) * share)).replace(/\n+$/, '');
            if ('stdout' in read)
              return { ...read, stdout: cut(read.stdout) ?? '', stderr: cut(read.stderr) ?? '' };
            return 'content' in read ? { ...read, content: cut(read.content) ?? '' } : read;
          });
          const after = await statuses(replaySources(RecordingFile.parse({ ...good, reads })), basePolicy(), [
            check as CheckId,
          ]);
          for (const id of failed) {
            // A list of rules that lost its last lines, or a file that lost its key, may be another list; never one that passes.
            expect([id, after.get(id)]).not.toEqual([id, 'pass']);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('every check of the catalogue that a device answers has its five cases', () => {
  const missing = readdirSync(fixtures).flatMap((check) => {
    const names = readdirSync(join(fixtures, check));
    return ['on', 'off', 'odd', 'refused', 'absent']
      .filter((name) => !names.includes(`${name}.json`))
      .map((name) => `${check}/${name}`);
  });
  expect(missing).toEqual([]);
  const collectors = ['agent-health', 'device-ownership', 'device-approval'];
  expect(readdirSync(fixtures).toSorted()).toEqual(
    checkIds.filter((id) => !collectors.includes(id)).toSorted(),
  );
});

describe('required programs', () => {
  const asking = (names: string[]): Policy => {
    const policy = basePolicy();
    const present = policy.checks['required-apps']['present'];
    if (present === undefined) throw new Error('no such point');
    return {
      ...policy,
      checks: { ...policy.checks, 'required-apps': { present: { ...present, params: { names } } } },
    };
  };
  const info = (id: string) =>
    `<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleIdentifier</key><string>${id}</string></dict></plist>`;
  const reads = [
    { directory: '/Applications', entries: ['Firefox.app', 'notes.txt'] },
    { directory: '/Users/user/Applications', entries: ['Signal.app'] },
    { file: '/Applications/Firefox.app/Contents/Info.plist', content: info('org.mozilla.firefox') },
    {
      file: '/Users/user/Applications/Signal.app/Contents/Info.plist',
      content: info('org.whispersystems.signal-desktop'),
    },
  ];
  const machine = (more: object[]) =>
    replaySources(
      RecordingFile.parse({
        recording: 1,
        platform: 'darwin',
        elevated: true,
        user: { name: 'user', uid: 501 },
        recordedAt: '2026-11-18T08:00:00Z',
        reads: more,
      }),
    );

  test.each([
    [['firefox'], 'pass'],
    [['Firefox.app', 'signal'], 'pass'],
    [['org.mozilla.firefox'], 'pass'],
    [['Zoom'], 'fail'],
    [['com.example.other'], 'fail'],
  ])('%s: %s', async (names, status) => {
    const found = await statuses(machine(reads), asking(names), ['required-apps']);
    expect(found.get('required-apps/present')).toBe(status);
  });

  test('what was not found may be in a folder that could not be listed', async () => {
    const found = await statuses(
      machine([reads[0] ?? {}, { directory: '/Users/user/Applications', error: 'EACCES' }]),
      asking(['Zoom']),
      ['required-apps'],
    );
    expect(found.get('required-apps/present')).toBe('unknown');
  });
});
