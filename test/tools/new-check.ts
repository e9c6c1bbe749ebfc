import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * `npm run new:check -- usb-storage`: the five places a check lives in, as stubs that compile and whose tests fail until
 * they are filled in.
 */
const root = process.env['MUSTER_ROOT'] ?? join(import.meta.dirname, '../..');
const systems = ['darwin', 'linux', 'win32'] as const;
const cases = ['on', 'off', 'odd', 'refused', 'absent'] as const;

const id = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  process.stderr.write(
    'Name the thing, not the wish, in lower case with hyphens: npm run new:check -- usb-storage\n',
  );
  process.exit(64);
}
const name = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
if (existsSync(join(root, `shared/checks/${id}.ts`))) {
  process.stderr.write(`${id} exists already\n`);
  process.exit(64);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`new      ${path}\n`);
}

/** Adds an import and an entry before the end of the one table in a file. */
function enlist(path: string, importLine: string, entry: string, end: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  const lastImport = text.lastIndexOf('\nimport ') + 1;
  const afterImport = text.indexOf('\n', lastImport) + 1;
  const withImport = `${text.slice(0, afterImport)}${importLine}\n${text.slice(afterImport)}`;
  const at = withImport.indexOf(`\n${end}`);
  if (at < 0) throw new Error(`${path}: the table has no end "${end}"`);
  writeFileSync(join(root, path), `${withImport.slice(0, at)}\n  ${entry}${withImport.slice(at)}`);
  process.stdout.write(`one line ${path}\n`);
}

const key = id === name ? '' : `'${id}': `;

write(
  `shared/checks/${id}.ts`,
  `import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';

/** What is asked, in one sentence. */
export const ${name} = defineCheck({
  id: '${id}',
  title: '${id}',
  rationale: 'Why the company asks, in one sentence.',
  blindSpots: 'What a pass does not prove, in one sentence.',
  references: [],
  points: {
    off: definePoint({
      title: 'What this point asks',
      mode: 'enforce',
      severity: 'medium',
      value: z.strictObject({ on: z.boolean() }),
      params: noParams,
      expected: () => 'off',
      judge: ({ on }) => (on ? fail('on') : pass('off')),
      remedies: {},
      privilege: { darwin: 'user', linux: 'user', win32: 'user' },
    }),
  },
});
`,
);
enlist('shared/checks/index.ts', `import { ${name} } from './${id}.ts';`, `${key}${name},`, '} as const);');

for (const system of systems) {
  write(
    `agent/probes/${id}/${system}.ts`,
    `import { type PointProbes, SourceError } from '../../probe.ts';

export const ${system}: PointProbes<'${id}'> = {
  async off() {
    throw new SourceError('unsupported', 'no read is written yet');
  },
};
`,
  );
  enlist(
    `agent/probes/${system}.ts`,
    `import { ${system} as ${name} } from './${id}/${system}.ts';`,
    `${key}${name},`,
    '};',
  );
  for (const fixture of cases) {
    const expected = fixture === 'on' ? 'pass' : fixture === 'off' ? 'fail' : 'unknown';
    const content = {
      title: `Replace this by a recording: ${fixture}`,
      expect: { [`${id}/off`]: expected },
      recording: {
        recording: 1,
        platform: system,
        osVersion: '',
        elevated: true,
        user: null,
        recordedAt: new Date().toISOString(),
        reads: [],
      },
    };
    write(`test/fixtures/${system}/${id}/${fixture}.json`, `${JSON.stringify(content, null, 2)}\n`);
  }
}
write(
  `test/shared/checks/${id}.test.ts`,
  `import { expect, test } from 'vitest';
import { ${name} } from '../../../shared/checks/${id}.ts';

test('${id} cites what it answers and says how to put it right on every system', () => {
  expect(${name}.references.length).toBeGreaterThan(0);
  for (const point of Object.values(${name}.points)) {
    expect(Object.keys(point.remedies).length).toBeGreaterThan(0);
  }
});
`,
);
process.stdout.write(
  '\nNow: npx vitest run fails. Fill in, in this order: the check, its probes, the fixtures. Then npm run docs && npm run check\n',
);
