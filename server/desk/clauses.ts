import { sentencesOf } from '../sentences.ts';
import type { Actor } from '../storage/audit.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

const day = 86_400_000;

type ClauseStores = Pick<Stores, 'clauses' | 'organizations'>;

/** Is it a sentence of the policy in force? */
async function isKnown(
  stores: ClauseStores,
  organization: number,
  clause: string,
  at: Date,
): Promise<boolean> {
  const { policy } = await stores.organizations.policy(organization);
  const set = await sentencesOf(stores, organization, policy.id, at);
  return set?.clauses.some(({ id }) => id === clause) === true;
}

/** Says that a sentence does not apply, until the end of a day (UTC). False where there is no such sentence. Throws Refusal. */
export async function excludeClause(
  stores: ClauseStores,
  organization: number,
  { clause, reason, until }: { readonly clause: string; readonly reason: string; readonly until: string },
  actor: Actor,
  at: Date,
): Promise<boolean> {
  if (!(await isKnown(stores, organization, clause, at))) return false;
  const said = reason.trim();
  const end = new Date(`${until}T23:59:59.999Z`);
  if (said.length < 10 || said.length > 500) {
    const words = 'Say why in a sentence of 10 to 500 characters.';
    throw new Refusal(words, { reason: words });
  }
  if (!(end > at) || end.getTime() - at.getTime() > 367 * day) {
    const words = 'Choose a day from today to a year from now.';
    throw new Refusal(words, { until: words });
  }
  await stores.clauses.exclude(organization, clause, { reason: said, until: end }, actor, at);
  return true;
}

/** Says that a sentence applies again. False where there is no such sentence. */
export async function includeClause(
  stores: ClauseStores,
  organization: number,
  clause: string,
  actor: Actor,
  at: Date,
): Promise<boolean> {
  if (!(await isKnown(stores, organization, clause, at))) return false;
  await stores.clauses.include(organization, clause, actor, at);
  return true;
}
