import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { type Policy, PolicyError, policyFrom } from '../shared/policy.ts';
import { UsageError } from './arguments.ts';

/** A policy from a YAML (or JSON) file, on top of the base policy. Throws UsageError that names the file and the place. */
export async function readPolicyFile(path: string): Promise<Policy> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`--policy: could not open ${path}`);
  }
  try {
    return policyFrom(parse(text, { maxAliasCount: 0, prettyErrors: false }));
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(`--policy: ${path}: ${error.message}`);
    // A document that names itself over and over ends in a ReferenceError.
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new UsageError(`--policy: ${path} is not valid YAML`);
    }
    throw error;
  }
}
