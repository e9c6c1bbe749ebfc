import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { answerReference, ClauseSet } from '../../shared/clauses.ts';
import type { Policy } from '../../shared/policy.ts';
import { count } from '../../shared/words.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { findOrganization, withStores } from './open.ts';

/** `collector clauses`: the sentences of an organization's own written policy, from a file. */
export async function clauses(args: Arguments): Promise<number> {
  const path = textOf(args, 'file');
  if (path === undefined) {
    throw new UsageError('clauses: --file is needed, for example --file acme.clauses.yaml');
  }
  const document = await documentIn(path);
  const read = ClauseSet.safeParse(document);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new UsageError(`clauses: ${path}: ${issue?.path.join('/') || 'the file'}: ${issue?.message}`);
  }
  return withStores(async (stores) => {
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    const version = await stores.clauses.bring(organization.number, document, 'console', new Date());
    const { policy } = await stores.organizations.policy(organization.number);
    const words = count(read.data.clauses.length, 'sentence');
    process.stdout.write(
      `Kept: ${words} of ${read.data.company}, version ${version}, for ${organization.name}.\n`,
    );
    for (const line of notAsked(read.data, policy)) process.stdout.write(`${line}\n`);
    return 0;
  });
}

async function documentIn(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`clauses: could not open ${path}`);
  }
  try {
    return parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new UsageError(`clauses: ${path} is not valid YAML`);
    }
    throw error;
  }
}

/** Sentences that rest on what the policy in force does not ask: they can never be evidenced. */
const notAsked = (set: ClauseSet, policy: Policy): readonly string[] =>
  set.clauses.flatMap(({ id, answers }) =>
    answers
      .filter(
        (answer) =>
          answer.kind === 'check' && (policy.checks[answer.check][answer.point]?.mode ?? 'off') === 'off',
      )
      .map(
        (answer) =>
          `${id} rests on ${answerReference(answer).slice('check:'.length)}, which the policy in force does not ask.`,
      ),
  );
