import type { PeopleDatabase } from './database.ts';

/** Where the people of a campaign can be reached. */
export interface AttestationContactStore {
  /** By the person's id in a campaign; who left none is not in it. */
  read(people: readonly string[]): Promise<ReadonlyMap<string, string>>;
  write(organization: number, contacts: ReadonlyMap<string, string>): Promise<void>;
  /** Deletes what is known of these people; answers of how many something was. */
  forget(people: readonly string[]): Promise<number>;
}

export function attestationContactStore({ db, seal, forget }: PeopleDatabase): AttestationContactStore {
  const place = (person: string) => `attestation/${person}`;
  return {
    async read(people) {
      if (people.length === 0) return new Map();
      const rows = await db
        .selectFrom('attestation_contacts')
        .select(['person', 'sealed'])
        .where('person', 'in', [...people])
        .execute();
      return new Map(rows.map(({ person, sealed }) => [person, String(seal.open(place(person), sealed))]));
    },
    async write(organization, contacts) {
      if (contacts.size === 0) return;
      const rows = [...contacts].map(([person, contact]) => ({
        person,
        organization,
        sealed: seal.close(place(person), contact),
      }));
      await db.insertInto('attestation_contacts').values(rows).execute();
    },
    async forget(people) {
      if (people.length === 0) return 0;
      const { numDeletedRows } = await db
        .deleteFrom('attestation_contacts')
        .where('person', 'in', [...people])
        .executeTakeFirstOrThrow();
      await forget();
      return Number(numDeletedRows);
    },
  };
}
