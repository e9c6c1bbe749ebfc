import { readFile } from 'node:fs/promises';
import { presets } from '../shared/policies/index.ts';
import { type Policy, PolicyError } from '../shared/policy.ts';
import { list } from '../shared/words.ts';
import { UsageError } from './arguments.ts';
import { readPolicyYaml } from './policy-yaml.ts';

/**
 * A policy by the name of a preset (`base`, `kelia`) or from a YAML file, on top of the one it extends. Throws UsageError that
 * names the place.
 */
export async function readPolicy(nameOrFile: string): Promise<Policy> {
  const preset = presets.find(({ id }) => id === nameOrFile);
  if (preset !== undefined) return preset.policy;
  let text: string;
  try {
    text = await readFile(nameOrFile, 'utf8');
  } catch {
    const names = list([...presets.map(({ id }) => id), 'a policy file that can be read'], 'or');
    throw new UsageError(`--policy: ${names}`);
  }
  try {
    return readPolicyYaml(text);
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(`--policy: ${error.message}`);
    throw error;
  }
}
