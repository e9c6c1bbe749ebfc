import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { presetDocument, presets } from '../shared/policies/index.ts';
import { type Policy, PolicyError, policyFrom } from '../shared/policy.ts';
import { list } from '../shared/words.ts';
import { UsageError } from './arguments.ts';

/**
 * A policy by the name of a preset (`base`, `kelia`) or from a YAML or JSON file, on top of the one it extends. Throws UsageError
 * that names the file and the place.
 */
export async function readPolicy(nameOrFile: string): Promise<Policy> {
  const preset = presets.find(({ id }) => id === nameOrFile);
  if (preset !== undefined) return preset.policy;
  let text: string;
  try {
    text = await readFile(nameOrFile, 'utf8');
  } catch {
    const names = presets.map(({ id }) => id);
    throw new UsageError(
      `--policy: could not open ${nameOrFile}; it is a file, or one of ${list(names, 'or')}`,
    );
  }
  try {
    return policyFrom(parse(text, { maxAliasCount: 0, prettyErrors: false }), presetDocument);
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(`--policy: ${nameOrFile}: ${error.message}`);
    if (error instanceof YAMLParseError) {
      const line = text.slice(0, error.pos[0]).split('\n').length;
      throw new UsageError(`--policy: ${nameOrFile} is not valid YAML: look at line ${line}`);
    }
    // A document that names itself over and over.
    if (error instanceof ReferenceError) {
      throw new UsageError(`--policy: ${nameOrFile} is not valid YAML`);
    }
    throw error;
  }
}
