import type { Selectable } from 'kysely';
import type { Permission } from '../permissions.ts';
import { sha256 } from '../signing/compact-jws.ts';
import type { AccessSchema } from './access-schema.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database } from './database.ts';
import { newId, newSecret } from './ids.ts';
import { momentOf } from './moments.ts';
import type { User } from './users.ts';

export interface ApiToken {
  readonly id: string;
  readonly organization: number;
  readonly name: string;
  readonly scopes: readonly Permission[];
  /** Whoever made it: it can do no more than they can at the time of a request. */
  readonly createdBy: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface ApiTokenStore {
  /** The token itself is in the answer and nowhere else: only its digest is kept. */
  create(
    given: {
      readonly organization: number;
      readonly name: string;
      readonly scopes: readonly Permission[];
      readonly expiresAt: Date;
    },
    by: User,
    at: Date,
  ): Promise<{ readonly token: string; readonly id: string }>;
  /** A token that is good at this moment; notes that it was used, at most once a minute. */
  find(token: string, at: Date): Promise<ApiToken | undefined>;
  /** Every token of an organization, newest first. */
  list(organization: number): Promise<readonly ApiToken[]>;
  /** False when the organization has no such token, or it was revoked before. */
  revoke(organization: number, id: string, actor: Actor, at: Date): Promise<boolean>;
}

/** So that a leaked token is recognized by whoever finds it, and by scanners. */
export const apiTokenPrefix = 'muster_';

export function apiTokenStore(db: Database): ApiTokenStore {
  return {
    create: ({ organization, name, scopes, expiresAt }, by, at) =>
      db.transaction().execute(async (writing) => {
        const token = `${apiTokenPrefix}${newSecret()}`;
        const id = newId(at);
        await writing
          .insertInto('api_tokens')
          .values({
            id,
            digest: sha256(token),
            organization,
            name,
            scopes: scopes.join(','),
            created_by: by.number,
            created_at: at.getTime(),
            expires_at: expiresAt.getTime(),
            used_at: null,
            revoked_at: null,
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor: `user:${by.id}`,
            action: 'api-token.create',
            subject: id,
            detail: {
              token: id.slice(-6),
              scopes: scopes.join(' '),
              until: expiresAt.toISOString().slice(0, 10),
            },
          },
          at,
        );
        return { token, id };
      }),
    async find(token, at) {
      const now = at.getTime();
      const row = await db
        .selectFrom('api_tokens')
        .selectAll()
        .where('digest', '=', sha256(token))
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      if (row.used_at === null || row.used_at + 60_000 < now) {
        await db.updateTable('api_tokens').set({ used_at: now }).where('id', '=', row.id).execute();
      }
      return tokenOf(row);
    },
    async list(organization) {
      const rows = await db
        .selectFrom('api_tokens')
        .selectAll()
        .where('organization', '=', organization)
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map(tokenOf);
    },
    revoke: (organization, id, actor, at) =>
      audited(db, at, async (writing) => {
        const { numUpdatedRows } = await writing
          .updateTable('api_tokens')
          .set({ revoked_at: at.getTime() })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return undefined;
        return {
          organization,
          actor,
          action: 'api-token.revoke',
          subject: id,
          detail: { token: id.slice(-6) },
        };
      }),
  };
}

const tokenOf = (row: Selectable<AccessSchema['api_tokens']>): ApiToken => ({
  id: row.id,
  organization: row.organization,
  name: row.name,
  scopes: row.scopes.split(',') as Permission[],
  createdBy: row.created_by,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
  usedAt: momentOf(row.used_at),
  revokedAt: momentOf(row.revoked_at),
});
