import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocument } from './access-document.ts';
import { basePolicyYaml } from './catalogue.ts';
import { checksDocument } from './checks-document.ts';
import { clausesJson, policiesJson } from './policy-documents.ts';

/** A document that repeats facts of the code, and how to write it again. */
interface GeneratedDocument {
  /** Path from the top of the project. */
  readonly path: string;
  write(): string | Promise<string>;
}

/** Every generated document; a new one is a line here. */
const documents: readonly GeneratedDocument[] = [
  { path: 'shared/policies/base.yaml', write: basePolicyYaml },
  { path: 'shared/policies/policies.json', write: policiesJson },
  { path: 'shared/policies/clauses.json', write: clausesJson },
  { path: 'docs/checks.md', write: checksDocument },
  { path: 'docs/access.md', write: accessDocument },
];

const root = join(import.meta.dirname, '../..');
const checking = process.argv.includes('--check');
for (const { path, write } of documents) {
  const text = await write();
  let before = '';
  try {
    before = readFileSync(join(root, path), 'utf8');
  } catch {
    // It does not exist yet.
  }
  if (before === text) continue;
  if (checking) {
    process.stderr.write(`${path} is not current: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path} written\n`);
  }
}
