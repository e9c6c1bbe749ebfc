import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { basePolicy, type Policy, PolicyError, policyFrom } from '../shared/policy.ts';
import { UsageError } from './arguments.ts';

/**
 * A policy by the name of a preset (`base`) or from a YAML file, on top of the base policy. Throws UsageError that names
 * the place.
 */
export async function readPolicy(nameOrFile: string): Promise<Policy> {
  if (nameOrFile === 'base') return basePolicy();
  let text: string;
  try {
    text = await readFile(nameOrFile, 'utf8');
  } catch {
    throw new UsageError('--policy: base, or a policy file that can be read');
  }
  try {
    return policyFrom(parse(text, { maxAliasCount: 0, prettyErrors: false }));
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(`--policy: ${error.message}`);
    // A document that names itself over and over ends in a ReferenceError.
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new UsageError('--policy: the file is not valid YAML');
    }
    throw error;
  }
}
