import { ClauseSet } from '../clauses.ts';
import documents from './clauses.json' with { type: 'json' };

const read = new Map<string, ClauseSet>();

/** Policies that come with the sentences they were made from. */
export const clauseSetIds: readonly string[] = Object.keys(documents);

/** The sentences behind the policy of this id; undefined where none came with the build. */
export function clauseSetOf(policy: string): ClauseSet | undefined {
  const known = read.get(policy);
  if (known !== undefined) return known;
  if (!Object.hasOwn(documents, policy)) return undefined;
  const set = ClauseSet.parse(documents[policy as keyof typeof documents]);
  read.set(policy, set);
  return set;
}
