import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-check-'));
  for (const name of ['agent', 'server', 'shared', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const path of ['test/agent/fixtures.test.ts', 'test/databases'])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, ...args: string[]) =>
  spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, MUSTER_ROOT: folder } });
const bin = (name: string) => join(root, 'node_modules/.bin', name);

test('a new check compiles at once, is in the catalogue, and its tests fail until it is filled in', () => {
  const made = run(process.execPath, join(root, 'test/tools/new-check.ts'), 'usb-storage');
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
  expect(readFileSync(join(folder, 'shared/checks/index.ts'), 'utf8')).toContain("'usb-storage': usbStorage");
  const types = run(bin('tsc'), '--noEmit');
  expect(types.stdout).toBe('');
  const tests = run(bin('vitest'), 'run');
  expect(tests.status).not.toBe(0);
  expect(tests.stdout).toContain('usb-storage');
}, 60_000);

test('a bad name, or one that is taken, is refused with what to type instead', () => {
  expect(run(process.execPath, join(root, 'test/tools/new-check.ts'), 'USB').status).toBe(64);
  expect(run(process.execPath, join(root, 'test/tools/new-check.ts'), 'firewall').stderr).toContain(
    'exists already',
  );
});
