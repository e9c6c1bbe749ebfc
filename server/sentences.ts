import type { ClauseSet } from '../shared/clauses.ts';
import { clauseSetOf } from '../shared/policies/clause-sets.ts';
import type { Stores } from './storage/stores.ts';

/**
 * The sentences of an organization's written policy at a moment: its own, where it brought them, else those that come with the
 * policy of that id. Undefined where nobody has told any.
 */
export async function sentencesOf(
  stores: Pick<Stores, 'clauses'>,
  organization: number,
  policy: string,
  at: Date,
): Promise<ClauseSet | undefined> {
  return (await stores.clauses.own(organization, at)) ?? clauseSetOf(policy);
}
