import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { AuthoredPolicy, basePolicy, extendPolicy, type Policy } from '../shared/policy.ts';
import { UsageError } from './arguments.ts';

/**
 * A policy from a YAML (or JSON) file, on top of the base policy. Throws UsageError that names the file and the place.
 */
export async function readPolicyFile(path: string): Promise<Policy> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`--policy: could not open ${path}`);
  }
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch (error) {
    // A document that names itself over and over ends in a ReferenceError.
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new UsageError(`--policy: ${path} is not valid YAML`);
    }
    throw error;
  }
  const authored = AuthoredPolicy.safeParse(document);
  if (!authored.success) throw new UsageError(`--policy: ${path}: ${firstIssue(authored.error)}`);
  const parent = authored.data.extends;
  if (parent !== undefined && parent !== 'base') {
    throw new UsageError(`--policy: ${path} extends "${parent.slice(0, 40)}"; only base is known here`);
  }
  try {
    return extendPolicy(basePolicy(), authored.data);
  } catch (error) {
    if (error instanceof z.ZodError) throw new UsageError(`--policy: ${path}: ${firstIssue(error)}`);
    throw error;
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not a policy';
  const place = issue.path.join('/');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
