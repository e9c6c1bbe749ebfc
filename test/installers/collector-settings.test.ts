import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { bashCompletion, manual } from '../../installers/linux/collector-documents.ts';
import { commands } from '../../server/arguments.ts';
import { readConfiguration } from '../../server/configuration.ts';

const root = join(import.meta.dirname, '../..');
const settings = readFileSync(join(root, 'installers/linux/collector/collector.env'), 'utf8');

test('as it is shipped, nothing is set', () => {
  expect(parseEnv(settings)).toEqual({});
});

test('every setting of the guide is in it, and every example can be used as it stands', () => {
  const guide = readFileSync(join(root, 'docs/collector.md'), 'utf8');
  const named = [...guide.matchAll(/^\|([^|]+)\|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([A-Z_]{4,})`/g)])
    .map(([, name]) => name);
  const examples = [...settings.matchAll(/^#([A-Z_]+=.*)$/gm)].map(([, line = '']) => line);
  const shown = new Set(examples.map((line) => line.split('=')[0]));
  expect(named.filter((name) => name !== 'MUSTER_DATA' && !shown.has(name))).toEqual([]);
  for (const line of examples) {
    const [name = ''] = line.split('=');
    // Those that count only together with others of their group.
    const group = examples.filter((other) =>
      name.startsWith('OIDC_') ? other.startsWith('OIDC_') : /^TLS_/.test(name) && /^TLS_/.test(other),
    );
    expect(() => readConfiguration(parseEnv([...group, line].join('\n'))), line).not.toThrow();
  }
});

test('the manual page names every command, and bash completes their flags', () => {
  const page = manual({ epoch: 0, version: '1.2.3', commit: 'test' });
  for (const name of Object.keys(commands)) expect(page).toContain(`.B ${name.replaceAll('-', '\\-')}`);
  const ask = (...words: readonly string[]) => {
    const script = `${bashCompletion()}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _collector; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
  };
  expect(ask('collector', 'back')).toEqual(['backup', 'backup-key']);
  expect(ask('collector', 'token', '--o')).toEqual(['--organization', '--owner']);
  expect(ask('collector', 'user', 'li')).toEqual(['list']);
});
