import type { Selectable, SelectQueryBuilder } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** Which entries of an organization's log. */
export interface AuditFilter {
  /** `user:<id>`, `token:<id>`, `console`, ... */
  readonly actor: string | null;
  /** One of these. */
  readonly actions: readonly string[] | null;
  /** What was acted on, by id. */
  readonly subject: string | null;
  readonly from: Date | null;
  /** Up to, and without. */
  readonly to: Date | null;
}

export type AuditRow = Selectable<Schema['audit']>;
type Query = SelectQueryBuilder<Schema, 'audit', AuditRow>;

/**
 * The newest entries that fit, before a number where one is given. Who and what are each found by an index; of
 * several actions the newest of each are merged, so that rare ones are not looked for among all others.
 */
export async function searchAudit(
  db: Database,
  organization: number,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
): Promise<readonly AuditRow[]> {
  const fitting = (): Query => {
    let query = db.selectFrom('audit').selectAll().where('organization', '=', organization);
    if (before !== undefined) query = query.where('number', '<', before);
    if (filter.actor !== null) query = query.where('actor', '=', filter.actor);
    if (filter.subject !== null) query = query.where('subject', '=', filter.subject);
    if (filter.from !== null) query = query.where('at', '>=', filter.from.getTime());
    if (filter.to !== null) query = query.where('at', '<', filter.to.getTime());
    return query.orderBy('number', 'desc').limit(limit);
  };
  if (filter.actions === null) return fitting().execute();
  if (filter.actor !== null || filter.subject !== null) {
    return fitting().where('action', 'in', filter.actions).execute();
  }
  const each = await Promise.all(
    filter.actions.map((action) => fitting().where('action', '=', action).execute()),
  );
  return each
    .flat()
    .toSorted((a, b) => b.number - a.number)
    .slice(0, limit);
}
