import type { Selectable } from 'kysely';
import type { Actor } from '../audit.ts';
import { newId } from '../ids.ts';
import { momentOf } from '../moments.ts';
import type { PeopleDatabase } from './database.ts';
import type { PeopleSchema } from './schema.ts';

export const personKinds = ['staff', 'agent', 'contractor'] as const;
export type PersonKind = (typeof personKinds)[number];

/** What is known of a person: no more than it takes to reach them. */
export interface PersonDetails {
  readonly name: string;
  readonly email: string;
  readonly kind: PersonKind;
}

export interface Person extends PersonDetails {
  readonly id: string;
  readonly organization: number;
  readonly createdAt: Date;
}

/** A laptop somebody holds or held. */
export interface Holding {
  /** Id of the device. */
  readonly device: string;
  readonly person: string;
  readonly since: Date;
  readonly until: Date | null;
}

/** Somebody was told who holds a laptop. */
export interface Reveal {
  readonly at: Date;
  /** `user:<id>`. */
  readonly actor: Actor;
  readonly reason: string;
}

/** Who is behind a pseudonym: the only place that knows. Whoever asks leaves a trace; see privacy/identity.ts. */
export interface PersonStore {
  list(organization: number): Promise<readonly Person[]>;
  byId(organization: number, id: string): Promise<Person | undefined>;
  create(organization: number, details: PersonDetails, at: Date): Promise<Person>;
  /** False when there is no such person. */
  change(organization: number, id: string, details: PersonDetails): Promise<boolean>;
  /** Who holds the laptop now. */
  holder(organization: number, device: string): Promise<Person | undefined>;
  holdings(organization: number, person: string): Promise<readonly Holding[]>;
  /** How many laptops each person holds now; who holds none is not in it. */
  currentCounts(organization: number): Promise<ReadonlyMap<string, number>>;
  /** Gives a laptop to a person, or to nobody; whoever had it no longer does. */
  assign(organization: number, device: string, person: string | null, at: Date): Promise<void>;
  noteReveal(
    of: {
      readonly organization: number;
      readonly device: string;
      readonly actor: Actor;
      readonly reason: string;
    },
    at: Date,
  ): Promise<void>;
  /** Who was told who holds this laptop, and why: shown to the person, newest first. */
  reveals(organization: number, device: string): Promise<readonly Reveal[]>;
  /** Destroys the mapping: the person, what they held, and who was told. The laptops' data belong to nobody from then on. */
  forget(organization: number, id: string): Promise<void>;
  /** Ends what time has ended: holdings and reveals of before a moment. Answers how many, and the oldest. */
  purge(
    organization: number,
    before: Date,
  ): Promise<{ readonly deleted: number; readonly oldest: Date | null }>;
}

export function personStore({ db, seal, forget }: PeopleDatabase): PersonStore {
  const personPlace = (id: string) => `person/${id}`;
  const revealPlace = (id: string) => `reveal/${id}`;
  const personOf = (row: Selectable<PeopleSchema['people']>): Person => ({
    ...(seal.open(personPlace(row.id), row.sealed) as PersonDetails),
    id: row.id,
    organization: row.organization,
    createdAt: new Date(row.created_at),
  });
  return {
    async list(organization) {
      const rows = await db
        .selectFrom('people')
        .selectAll()
        .where('organization', '=', organization)
        .execute();
      return rows.map(personOf).toSorted((a, b) => a.name.localeCompare(b.name));
    },
    async byId(organization, id) {
      const row = await db
        .selectFrom('people')
        .selectAll()
        .where('id', '=', id)
        .where('organization', '=', organization)
        .executeTakeFirst();
      return row && personOf(row);
    },
    async create(organization, details, at) {
      const id = newId(at);
      const row = {
        id,
        organization,
        sealed: seal.close(personPlace(id), details),
        created_at: at.getTime(),
      };
      await db.insertInto('people').values(row).execute();
      return personOf(row);
    },
    async change(organization, id, details) {
      const { numUpdatedRows } = await db
        .updateTable('people')
        .set({ sealed: seal.close(personPlace(id), details) })
        .where('id', '=', id)
        .where('organization', '=', organization)
        .executeTakeFirst();
      await forget();
      return numUpdatedRows > 0n;
    },
    async holder(organization, device) {
      const row = await db
        .selectFrom('holders')
        .innerJoin('people', 'people.id', 'holders.person')
        .selectAll('people')
        .where('holders.device', '=', device)
        .where('holders.organization', '=', organization)
        .where('holders.until', 'is', null)
        .executeTakeFirst();
      return row && personOf(row);
    },
    async holdings(organization, person) {
      const rows = await db
        .selectFrom('holders')
        .selectAll()
        .where('person', '=', person)
        .where('organization', '=', organization)
        .orderBy('since', 'desc')
        .execute();
      return rows.map(({ device, since, until }) => ({
        device,
        person,
        since: new Date(since),
        until: momentOf(until),
      }));
    },
    async currentCounts(organization) {
      const rows = await db
        .selectFrom('holders')
        .select((select) => ['person', select.fn.countAll<number>().as('laptops')])
        .where('organization', '=', organization)
        .where('until', 'is', null)
        .groupBy('person')
        .execute();
      return new Map(rows.map(({ person, laptops }) => [person, Number(laptops)]));
    },
    async assign(organization, device, person, at) {
      await db.transaction().execute(async (writing) => {
        await writing
          .updateTable('holders')
          .set({ until: at.getTime() })
          .where('device', '=', device)
          .where('organization', '=', organization)
          .where('until', 'is', null)
          .execute();
        if (person === null) return;
        await writing
          .insertInto('holders')
          .values({ device, person, organization, since: at.getTime(), until: null })
          .execute();
      });
    },
    async noteReveal({ organization, device, actor, reason }, at) {
      const id = newId(at);
      await db
        .insertInto('reveals')
        .values({
          id,
          organization,
          device,
          actor,
          at: at.getTime(),
          sealed: seal.close(revealPlace(id), reason),
        })
        .execute();
    },
    async reveals(organization, device) {
      const rows = await db
        .selectFrom('reveals')
        .selectAll()
        .where('device', '=', device)
        .where('organization', '=', organization)
        .orderBy('at', 'desc')
        .execute();
      return rows.map(({ id, actor, at, sealed }) => ({
        at: new Date(at),
        actor: actor as Actor,
        reason: seal.open(revealPlace(id), sealed) as string,
      }));
    },
    async forget(organization, id) {
      await db.transaction().execute(async (writing) => {
        await writing
          .deleteFrom('reveals')
          .where('organization', '=', organization)
          .where('device', 'in', (select) =>
            select.selectFrom('holders').select('holders.device').where('holders.person', '=', id),
          )
          .execute();
        await writing
          .deleteFrom('holders')
          .where('person', '=', id)
          .where('organization', '=', organization)
          .execute();
        await writing
          .deleteFrom('people')
          .where('id', '=', id)
          .where('organization', '=', organization)
          .execute();
      });
      await forget();
    },
    async purge(organization, before) {
      const limit = before.getTime();
      const { deleted, oldest } = await db.transaction().execute(async (writing) => {
        const over = await writing
          .selectFrom('holders')
          .select((select) => [
            select.fn.countAll<number>().as('number'),
            select.fn.min('until').as('oldest'),
          ])
          .where('organization', '=', organization)
          .where('until', '<', limit)
          .executeTakeFirstOrThrow();
        await writing
          .deleteFrom('holders')
          .where('organization', '=', organization)
          .where('until', '<', limit)
          .execute();
        await writing
          .deleteFrom('reveals')
          .where('organization', '=', organization)
          .where('at', '<', limit)
          .execute();
        return { deleted: Number(over.number), oldest: over.oldest };
      });
      await forget();
      return { deleted, oldest: oldest === null ? null : new Date(Number(oldest)) };
    },
  };
}
