import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { AuthoredPolicy, basePolicy, extendPolicy, type Policy } from '../shared/policy.ts';
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
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch {
    throw new UsageError('--policy: the file is not valid YAML');
  }
  try {
    const authored = AuthoredPolicy.parse(document);
    if (authored.extends !== undefined && authored.extends !== 'base') {
      throw new UsageError('--policy: the file extends a policy that is not known here; only base is');
    }
    return extendPolicy(basePolicy(), authored);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw new UsageError(`--policy: ${issue?.path.join('/')}: ${issue?.message}`);
  }
}
