import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFlags, serviceFlags } from '../../installers/bundle.ts';

const root = join(import.meta.dirname, '../..');
const launcher = join(root, 'agent/agent');
const isBuilt = existsSync(join(root, 'dist/agent/start.js')) && process.platform !== 'win32';
const fixture = (path: string) => join(root, 'test/fixtures', path);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const agent = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(launcher, args, {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, MUSTER_STATE: join(folder, 'state') },
  });

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The bundle as people run it: what works unbundled may be broken there. */
describe.skipIf(!isBuilt)('agent, as it is shipped (needs npm run build)', () => {
  test('one that fails is exit code 1, in every format, and stdout is the result alone', () => {
    const replay = ['--check', '--only', 'firewall', '--replay', fixture('darwin/firewall/off.json')];
    const table = agent(...replay);
    expect(table.status).toBe(1);
    expect(table.stdout).toContain('✗ Firewall');
    expect(table.stdout).toContain('Fix: ');
    expect(table.stdout).not.toContain('\u001b[');
    expect(table.stderr).toBe('');
    const json = agent(...replay, '--format', 'json');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'muster.check/1',
      platform: 'darwin',
      posture: 'not-compliant',
      findings: [{ check: 'firewall', status: 'fail' }],
    });
    const junit = agent(...replay, '--format', 'junit');
    expect(junit.status).toBe(1);
    expect(junit.stdout).toMatch(/<testsuite name="firewall" tests="2" failures="2"/);
  });

  test('all in order is 0, and nothing failing but something dark is 2', () => {
    const firewall = ['--check', '--only', 'firewall', '--replay'];
    expect(agent(...firewall, fixture('darwin/firewall/on.json')).status).toBe(0);
    const dark = agent(...firewall, fixture('darwin/firewall/refused.json'));
    expect(dark.status).toBe(2);
    expect(dark.stdout).toContain('Could not be told');
  });

  test('a failing check says, too, how its points that could not be told can be; no line is longer than the terminal', () => {
    const file = fixture('win32/disk-encryption/suspended-shell.json');
    const { stdout } = agent('--check', '--only', 'disk-encryption', '--replay', file);
    expect(stdout).toContain('1 to fix, 0 in order');
    expect(stdout).toContain('To find out: run it in an administrator terminal.');
    const elevated = agent('--check', '--replay', fixture('linux/os-updates/zypper-security.json')).stdout;
    expect(elevated.replaceAll('\n', ' ')).toContain('with administrator rights');
    expect(
      elevated
        .split('\n')
        .slice(0, 3)
        .every((line) => line.length < 80),
    ).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))('a result that cannot be written is no verdict, and no stack', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$0" "$@" > /dev/full', launcher, '--check', '--replay', fixture('darwin/firewall/on.json')],
      { encoding: 'utf8', env: { ...process.env, MUSTER_STATE: join(folder, 'state') } },
    );
    expect(status).toBe(70);
    expect(stderr).toBe('agent: the result could not be written: the disk it goes to is full\n');
  });

  test('a policy file changes the verdict, and one with a slip names the place', () => {
    const replay = [
      '--check',
      '--only',
      'firewall',
      '--replay',
      fixture('darwin/firewall/off.json'),
      '--policy',
    ];
    const lax = written(
      'lax.yaml',
      'policy: lax\nversion: 3\nchecks:\n  firewall:\n    enabled: { mode: warn }\n    inbound-default: { mode: off }\n',
    );
    const result = agent(...replay, lax, '--format', 'json');
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      policy: { id: 'lax', version: 3 },
      posture: 'compliant',
    });
    const slip = agent(...replay, written('slip.yaml', 'policy: slip\nversion: 1\nchecks:\n  firewal: {}\n'));
    expect(slip.status).toBe(64);
    expect(slip.stderr).toMatch(/slip\.yaml: checks: .*firewal/);
    const broken = agent(...replay, written('broken.yaml', 'policy: a\nversion: 1\nchecks: [\n'));
    expect(broken.stderr).toMatch(/broken\.yaml is not valid YAML: look at line [34]\n/);
  });

  test.each([
    [
      'of a newer agent',
      { recording: 2 },
      'is a recording of version 2, and this agent reads version 1: update the agent',
    ],
    ['of another system', { platform: 'plan9' }, 'is not a recording (version 1): look at platform'],
    [
      'with a read nobody knows',
      { reads: [{ tape: '/dev/st0' }] },
      'is not a recording (version 1): look at reads.0',
    ],
    [
      'of something else',
      { recording: undefined },
      'is not a recording, as agent --check --record FILE writes it',
    ],
  ])('a recording %s says what is wrong with it', (_name, change, words) => {
    const { recording } = JSON.parse(readFileSync(fixture('darwin/firewall/on.json'), 'utf8'));
    const wrong = { ...recording, ...change };
    for (const content of [wrong, { title: '', recording: wrong }]) {
      const { status, stderr } = agent('--check', '--replay', written('wrong.json', JSON.stringify(content)));
      expect(status).toBe(64);
      expect(stderr).toContain(words);
    }
  });

  test('a preset changes the verdict by its name; a number that is not the company’s names who says so', () => {
    const replay = ['--check', '--only', 'screen-lock', '--replay', fixture('linux/screen-lock/on.json')];
    const result = agent(...replay, '--policy', 'kelia', '--format', 'json');
    expect(result.stderr).toBe('');
    const { policy, findings } = JSON.parse(result.stdout);
    expect(policy).toEqual({ id: 'kelia', version: 1 });
    expect(findings[0].clauses).toContain('KEL-22-l');
    expect(findings[0].points[0]).toMatchObject({ point: 'idle', numberFrom: 'proposal' });
    const table = agent(...replay, '--policy', 'kelia', '--verbose').stdout.replaceAll(/\s+/g, ' ');
    expect(table).toContain('at most 5 minutes, from our proposal');
    const unknown = agent(...replay, '--policy', 'keila');
    expect(unknown.status).toBe(64);
    expect(unknown.stderr).toContain('base, kelia, lesoko, indigosoft, lesotho-wine or kanj');
  });

  test.each([
    [['--chekc'], 'did you mean --check?'],
    [['--check', '--format', 'xml'], 'table, json, junit'],
    [['--check', '--only', 'nothing'], 'is no check'],
    [['--only', 'firewall'], 'say what to do'],
    [['--check', '--replay', '/nowhere.json'], 'no such file'],
    [['--check', 'firewall'], 'what has blanks in it goes in quotes'],
    [['chekc'], 'did you mean --check?'],
    [['enroll', 'muster1.secret'], 'did you mean --enroll?'],
    [['--enroll', 'muster1.se', 'cret'], 'unexpected word'],
    [['--report', '--format', 'json'], '--check, --status, --privacy, --sent, --doctor or --selftest only'],
  ])('wrong usage %j is exit code 64 and one line that helps', (args, words) => {
    const { status, stdout, stderr } = agent(...args);
    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('cret');
  });

  test('the launcher starts Node with the flags the code cache was made for', () => {
    const text = readFileSync(launcher, 'utf8');
    expect(text).toContain(` --service '*) flags='${serviceFlags.join(' ')}' ;;`);
    expect(text).toContain(` --check '*) flags='${checkFlags.join(' ')}' ;;`);
  });

  test('a recording that is none says where to look', () => {
    const broken = written('broken.json', '{"recording":1,"platform":"beos"}');
    const { status, stderr } = agent('--check', '--replay', broken);
    expect(status).toBe(64);
    expect(stderr).toContain('is not a recording');
  });
});
