import type { Exclusion } from '../review/clause-evidence.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';

/** Sentences of a policy that somebody said do not apply. */
export interface ClauseStore {
  /** By sentence, what was said not to apply at a moment. */
  exclusions(organization: number, at: Date): Promise<ReadonlyMap<string, Exclusion>>;
  /** Says that a sentence does not apply, until a day; in place of what was said of it before. */
  exclude(
    organization: number,
    clause: string,
    given: { readonly reason: string; readonly until: Date },
    actor: Actor,
    at: Date,
  ): Promise<void>;
  /** It applies again. False when it did. */
  include(organization: number, clause: string, actor: Actor, at: Date): Promise<boolean>;
}

export function clauseStore(db: Database): ClauseStore {
  return {
    async exclusions(organization, at) {
      const rows = await db
        .selectFrom('clause_exclusions')
        .leftJoin('users', (join) => join.onRef('clause_exclusions.said_by', '=', 'users.id'))
        .select(['clause', 'reason', 'until', 'said_at', 'users.name'])
        .where('organization', '=', organization)
        .where('said_at', '<=', at.getTime())
        .where('until', '>', at.getTime())
        .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>', at.getTime())]))
        .orderBy('said_at')
        .execute();
      return new Map(
        rows.map((row) => [
          row.clause,
          { reason: row.reason, by: row.name ?? 'somebody who has left', until: new Date(row.until) },
        ]),
      );
    },
    exclude: (organization, clause, { reason, until }, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('clause_exclusions')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('clause', '=', clause)
          .where('ended_at', 'is', null)
          .execute();
        await writing
          .insertInto('clause_exclusions')
          .values({
            id: newId(at),
            organization,
            clause,
            reason,
            said_by: actor.replace(/^user:/, ''),
            said_at: at.getTime(),
            until: until.getTime(),
            ended_at: null,
          })
          .execute();
        await appendAudit(writing, { organization, actor, action: 'clause.exclude', subject: clause }, at);
      }),
    include: (organization, clause, actor, at) =>
      db.transaction().execute(async (writing) => {
        const row = await writing
          .updateTable('clause_exclusions')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('clause', '=', clause)
          .where('ended_at', 'is', null)
          .where('until', '>', at.getTime())
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return false;
        await appendAudit(writing, { organization, actor, action: 'clause.include', subject: clause }, at);
        return true;
      }),
  };
}
