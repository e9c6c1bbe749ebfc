import type { Selectable } from 'kysely';
import type { AccessSchema } from './access-schema.ts';
import type { Actor } from './audit.ts';
import type { Database } from './database.ts';
import { momentOf } from './moments.ts';
import { appendPersonAudit, personAudited } from './person-audit.ts';
import type { User } from './users.ts';

export interface Passkey {
  /** Credential id in base64url. */
  readonly id: string;
  readonly user: number;
  /** What its owner calls it. */
  readonly name: string;
  /** COSE key. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAt: Date;
  readonly usedAt: Date | null;
}

export interface PasskeyStore {
  list(user: number): Promise<readonly Passkey[]>;
  byId(id: string): Promise<Passkey | undefined>;
  /** Throws where the credential is there already. */
  add(
    user: User,
    given: Pick<Passkey, 'id' | 'name' | 'publicKey' | 'counter' | 'transports'>,
    at: Date,
  ): Promise<void>;
  /** Notes a use with the authenticator's counter. */
  used(id: string, counter: number, at: Date): Promise<void>;
  /** False when this person has no such passkey. */
  remove(user: User, id: string, actor: Actor, at: Date): Promise<boolean>;
}

export function passkeyStore(db: Database): PasskeyStore {
  return {
    async list(user) {
      const rows = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('user', '=', user)
        .orderBy('created_at')
        .execute();
      return rows.map(passkeyOf);
    },
    async byId(id) {
      const row = await db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst();
      return row && passkeyOf(row);
    },
    add: (user, { id, name, publicKey, counter, transports }, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .insertInto('passkeys')
          .values({
            id,
            user: user.number,
            name,
            public_key: publicKey,
            counter,
            transports: transports.join(','),
            created_at: at.getTime(),
            used_at: null,
          })
          .execute();
        await writing.updateTable('sessions').set({ confined: 0 }).where('user', '=', user.number).execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor: `user:${user.id}`, action: 'passkey.add', subject: user.id },
          at,
        );
      }),
    async used(id, counter, at) {
      await db.updateTable('passkeys').set({ counter, used_at: at.getTime() }).where('id', '=', id).execute();
    },
    remove: (user, id, actor, at) =>
      personAudited(db, user.number, at, async (writing) => {
        const { numDeletedRows } = await writing
          .deleteFrom('passkeys')
          .where('user', '=', user.number)
          .where('id', '=', id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return undefined;
        return { actor, action: 'passkey.remove', subject: user.id };
      }),
  };
}

const passkeyOf = (row: Selectable<AccessSchema['passkeys']>): Passkey => ({
  id: row.id,
  user: row.user,
  name: row.name,
  publicKey: row.public_key,
  counter: row.counter,
  transports: row.transports === '' ? [] : row.transports.split(','),
  createdAt: new Date(row.created_at),
  usedAt: momentOf(row.used_at),
});
