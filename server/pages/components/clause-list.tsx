import { clauseSetOf } from '../../../shared/policies/clause-sets.ts';
import { clauseAddresses } from '../clauses/addresses.ts';

/** The sentences a point answers: each with its text at hand and, where its page is there and may be opened, a link. */
export function ClauseList({
  organization,
  policy,
  clauses,
  linked,
  asOf = null,
}: {
  organization: string;
  /** Id of the policy they are of. */
  policy: string;
  clauses: readonly string[];
  linked: boolean;
  /** Leads to the sentence as it stood when that day ended. */
  asOf?: string | null;
}) {
  if (clauses.length === 0) return null;
  const known = clauseSetOf(policy)?.clauses ?? [];
  return (
    <span class="under">
      {clauses.map((id, index) => {
        const text = known.find((clause) => clause.id === id)?.text;
        return (
          <span key={id}>
            {index > 0 && ', '}
            {text !== undefined && linked ? (
              <a href={clauseAddresses.clause(organization, id, asOf)} title={text}>
                {id}
              </a>
            ) : (
              <span title={text}>{id}</span>
            )}
          </span>
        );
      })}
    </span>
  );
}
