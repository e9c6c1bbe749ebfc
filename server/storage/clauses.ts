import { canonicalJson } from '../../shared/canonical.ts';
import { ClauseSet } from '../../shared/clauses.ts';
import type { Exclusion } from '../review/clause-evidence.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';

/** The sentences of an organization's own policy, and those that somebody said do not apply. */
export interface ClauseStore {
  /** The sentences the organization brought itself, as of a moment; undefined where it brought none. */
  own(organization: number, at: Date): Promise<ClauseSet | undefined>;
  /** Keeps a newer version of them; the document is one that `ClauseSet` reads. Answers its number. */
  bring(organization: number, document: unknown, actor: Actor, at: Date): Promise<number>;
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
  // A version never changes, so what was read once is right for ever.
  const read = new Map<string, ClauseSet>();
  return {
    async own(organization, at) {
      const row = await db
        .selectFrom('clause_sets')
        .select(['version', 'document'])
        .where('organization', '=', organization)
        .where('set_at', '<=', at.getTime())
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const key = `${organization}/${row.version}`;
      const set = read.get(key) ?? ClauseSet.parse(JSON.parse(row.document));
      read.set(key, set);
      return set;
    },
    bring: (organization, document, actor, at) =>
      db.transaction().execute(async (writing) => {
        const { last } = await writing
          .selectFrom('clause_sets')
          .select((select) => select.fn.max('version').as('last'))
          .where('organization', '=', organization)
          .executeTakeFirstOrThrow();
        const version = Number(last ?? 0) + 1;
        await writing
          .insertInto('clause_sets')
          .values({
            organization,
            version,
            document: canonicalJson(document),
            set_at: at.getTime(),
            set_by: actor,
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor,
            action: 'clauses.bring',
            subject: String(organization),
            detail: { version },
          },
          at,
        );
        return version;
      }),
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
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('clause_exclusions')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('clause', '=', clause)
          .where('ended_at', 'is', null)
          .where('until', '>', at.getTime())
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return { organization, actor, action: 'clause.include', subject: clause };
      }),
  };
}
