import type { Values } from '../../registers/field.ts';
import type { PeopleDatabase } from './database.ts';

/** What a register's records say about people. */
export interface RegisterPersonalStore {
  /** As of a version of the record; empty where nothing is said. */
  read(record: string, version: number): Promise<Values>;
  /** As of their versions, for many records at once. */
  readMany(
    records: readonly { readonly id: string; readonly version: number }[],
  ): Promise<ReadonlyMap<string, Values>>;
  /**
   * Written while the record's own transaction holds the lock and before it commits: no version is without it, and what belongs to a version
   * that was never reached is never read. One statement, no transaction: two of them at once would wait for each other.
   */
  write(organization: number, record: string, version: number, values: Values): Promise<void>;
  /** Deletes every version but one; all of them where none is named. */
  forget(record: string, but?: number): Promise<void>;
}

export function registerPersonalStore({ db, seal, forget }: PeopleDatabase): RegisterPersonalStore {
  const place = (record: string, version: number) => `register/${record}/${version}`;

  async function readMany(records: readonly { readonly id: string; readonly version: number }[]) {
    const versions = new Map(records.map(({ id, version }) => [id, version]));
    if (versions.size === 0) return new Map<string, Values>();
    const rows = await db
      .selectFrom('register_personal')
      .select(['record', 'version', 'sealed'])
      .where('record', 'in', [...versions.keys()])
      .orderBy('version')
      .execute();
    const read = new Map<string, Values>();
    for (const { record, version, sealed } of rows) {
      if (version > (versions.get(record) ?? 0)) continue;
      read.set(record, seal.open(place(record, version), sealed) as Values);
    }
    return read;
  }

  return {
    async read(record, version) {
      return (await readMany([{ id: record, version }])).get(record) ?? {};
    },
    readMany,
    async write(organization, record, version, values) {
      const sealed = seal.close(place(record, version), values);
      await db
        .insertInto('register_personal')
        .values({ record, version, organization, sealed })
        .onConflict((conflict) => conflict.columns(['record', 'version']).doUpdateSet({ sealed }))
        .execute();
    },
    async forget(record, but) {
      await db
        .deleteFrom('register_personal')
        .where('record', '=', record)
        .$if(but !== undefined, (query) => query.where('version', '<', but as number))
        .execute();
      await forget();
    },
  };
}
