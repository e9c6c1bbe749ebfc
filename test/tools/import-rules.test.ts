import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** One bad import for every rule: the file it is planted in, and what it imports. */
const planted: Record<string, readonly [file: string, imports: string]> = {
  'no-cycles': ['shared/round.ts', './round-again.ts'],
  'shared-is-pure': ['shared/impure.ts', 'node:fs'],
  'probes-use-sources': ['agent/probes/impure.ts', 'node:fs'],
  'readings-use-sources': ['agent/readings/impure.ts', 'node:fs'],
  'agent-not-server': ['agent/foreign.ts', '../server/good.ts'],
  'server-not-agent': ['server/foreign.ts', '../agent/good.ts'],
  'no-sql-outside-storage': ['server/sql.ts', 'kysely'],
  'api-not-pages': ['server/routes/api/foreign.ts', '../pages/good.ts'],
  'pages-not-api': ['server/routes/pages/foreign.ts', '../api/good.ts'],
  'nothing-imports-test': ['server/tested.ts', '../test/good.ts'],
  'one-home-child-process': ['agent/children.ts', 'node:child_process'],
  'one-home-axios': ['agent/network.ts', 'axios'],
  'one-home-node-schedule': ['agent/clock.ts', 'node-schedule'],
  'one-home-pdf': ['server/paper.ts', 'pdfkit'],
  'one-home-tuf': ['agent/releases.ts', 'tuf-js'],
  'one-home-keychain': ['agent/keychain.ts', '@napi-rs/keyring'],
  'one-home-systeminformation': ['agent/information.ts', 'systeminformation'],
  'one-home-koffi': ['agent/native.ts', 'koffi'],
  'one-home-nodemailer': ['server/mail.ts', 'nodemailer'],
  'one-home-agent-sqlite': ['agent/database.ts', 'node:sqlite'],
  'one-home-age': ['server/sealed.ts', 'age-encryption'],
  'one-home-authenticator-app': ['server/codes.ts', 'otpauth'],
  'one-home-passkeys': ['server/passkeys.ts', '@simplewebauthn/server'],
  'one-home-single-sign-on': ['server/sign-on.ts', 'openid-client'],
  'one-home-postgres': ['agent/postgres.ts', 'pg'],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-rules-'));
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const rooms = ['agent', 'server', 'server/routes/api', 'server/routes/pages', 'shared', 'test'];
  for (const room of rooms) write(`${room}/good.ts`, 'export const good = 1;\n');
  write('shared/round-again.ts', "import './round.ts';\nexport const again = 1;\n");
  for (const [file, imports] of Object.values(planted))
    write(file, `import '${imports}';\nexport const planted = 1;\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every import rule catches the bad import planted for it', () => {
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    ['--output-type', 'json', 'agent', 'server', 'shared', 'test'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  const missed = Object.entries(planted).filter(
    // A cycle is reported once, from either end: the file may stand anywhere in it.
    ([rule, [file]]) =>
      !summary.violations.some((found) => found.rule.name === rule && JSON.stringify(found).includes(file)),
  );
  expect(missed).toEqual([]);
});

test('every rule has a bad import planted for it', async () => {
  const { default: config } = (await import('../../.dependency-cruiser.cjs' as string)) as {
    default: { forbidden: { name: string }[] };
  };
  expect(config.forbidden.map(({ name }) => name).toSorted()).toEqual(Object.keys(planted).toSorted());
});
