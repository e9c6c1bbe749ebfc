import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type Canaries, readCanaries } from '../../../agent/selftest/canaries.ts';
import { selfTest } from '../../../agent/selftest/selftest.ts';
import { writeCanaries } from '../../../installers/canaries.ts';
import { platforms } from '../../../shared/answer.ts';
import { runAgent, temporaryDirectory } from '../run-agent.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');

/** What the build would ship. */
function shipped(platform: (typeof platforms)[number]): Canaries {
  using bundle = temporaryDirectory();
  writeCanaries(fixtures, bundle.path);
  return JSON.parse(readFileSync(join(bundle.path, `selftest/${platform}.json`), 'utf8')) as Canaries;
}

test.each(platforms)('every check tells its two machines apart on %s', async (platform) => {
  const results = await selfTest(platform, shipped(platform));
  expect(results.filter(({ outcome }) => outcome === 'blind' || outcome === 'untested')).toEqual([]);
  const unanswerable = results.filter(({ outcome }) => outcome === 'unanswerable').map(({ check }) => check);
  // What a system tells nothing about is so by both of its recordings, not because a probe fell silent.
  for (const check of unanswerable) {
    for (const machine of Object.values(shipped(platform)[check] ?? {})) {
      expect(Object.values(machine.expected).flat()).not.toContain('pass');
    }
  }
  expect(unanswerable.length).toBeLessThan(3);
});

test('a check that says pass whatever it reads is found out, and only that one', async () => {
  vi.resetModules();
  vi.doMock('../../../agent/probes/firewall/darwin.ts', () => ({
    darwin: {
      enabled: async () => ({ value: { scopes: [{ scope: 'machine', state: 'on' }] } }),
      'inbound-default': async () => ({ value: { scopes: [{ scope: 'machine', inbound: 'refused' }] } }),
    },
  }));
  const broken = await import('../../../agent/selftest/selftest.ts');
  const results = await broken.selfTest('darwin', shipped('darwin'));
  vi.doUnmock('../../../agent/probes/firewall/darwin.ts');
  expect(results.filter(({ outcome }) => outcome === 'blind').map(({ check }) => check)).toEqual([
    'firewall',
  ]);
  expect(results.find(({ check }) => check === 'firewall')?.wrong).toContainEqual({
    point: 'enabled',
    machine: 'failing',
    expected: ['fail'],
    found: 'pass',
  });
});

test('a check whose probe breaks on everything is found out', async () => {
  vi.resetModules();
  vi.doMock('../../../agent/probes/auto-login/win32.ts', () => ({
    win32: {
      off: async () => {
        throw new TypeError('broken');
      },
    },
  }));
  const broken = await import('../../../agent/selftest/selftest.ts');
  const results = await broken.selfTest('win32', shipped('win32'));
  vi.doUnmock('../../../agent/probes/auto-login/win32.ts');
  expect(results.filter(({ outcome }) => outcome === 'blind').map(({ check }) => check)).toEqual([
    'auto-login',
  ]);
});

test('recordings of another system, or none, vouch for nothing', async () => {
  const foreign = await selfTest('linux', shipped('win32'));
  expect(new Set(foreign.map(({ outcome }) => outcome))).toEqual(new Set(['untested']));
  const none = await selfTest('linux', {});
  expect(new Set(none.map(({ outcome }) => outcome))).toEqual(new Set(['untested']));
});

test('the recordings beside a build are read back', async () => {
  const canaries = await readCanaries('linux');
  expect(canaries['firewall']?.failing.expected['enabled']).toEqual(['fail']);
});

test('agent --selftest says that all checks can be relied on, in words and as JSON', async () => {
  const text = await runAgent(['--selftest']);
  expect(text.stdout).toMatch(/^✓ All \d+ checks tell a machine in order from one that is not[^\n]*\n$/);
  expect(text.code).toBe(0);
  const json = await runAgent(['--selftest', '--format', 'json']);
  const result = JSON.parse(json.stdout) as { schema: string; healthy: boolean; checks: unknown[] };
  expect(result.schema).toBe('muster.selftest/1');
  expect(result.healthy).toBe(true);
  expect(result.checks.length).toBeGreaterThan(20);
  expect((await runAgent(['--selftest', '--format', 'junit'])).code).toBe(64);
});

test('an agent delivered with wrong recordings says which check, and exits with 1', async () => {
  using folder = temporaryDirectory();
  const bundle = join(folder.path, 'agent');
  cpSync(join(import.meta.dirname, '../../../dist/agent'), bundle, { recursive: true });
  const file = join(bundle, `selftest/${process.platform}.json`);
  const canaries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>;
  const firewall = canaries['firewall'] ?? {};
  canaries['firewall'] = { passing: firewall['failing'], failing: firewall['passing'] };
  delete canaries['auto-login'];
  writeFileSync(file, JSON.stringify(canaries));
  const { code, stdout } = await runAgent(['--selftest'], {}, join(bundle, 'start.js'));
  expect(stdout).toContain('(firewall)');
  expect(stdout).toContain('says the same');
  expect(stdout).toContain('(auto-login)');
  expect(code).toBe(1);
});
