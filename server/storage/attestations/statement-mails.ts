import { sha256 } from '../../signing/compact-jws.ts';
import type { Database } from '../database.ts';
import { newSecret } from '../ids.ts';

/** Somebody who is asked for a statement, as far as it takes to write to them. */
export interface AskedByMail {
  readonly pseudonym: string;
  readonly campaign: string;
  /** Nothing is asked of them any more: they answered, or the campaign ended. */
  readonly over: boolean;
  readonly dueAt: Date;
  /** Id of the laptop that may answer for them. */
  readonly device: string | null;
}

/** What e-mails to people who are asked for a statement need; addresses are elsewhere. */
export interface StatementMailStore {
  /** Everybody who has not answered a campaign that runs, with when it began and is due. */
  unanswered(
    organization: number,
    at: Date,
  ): Promise<readonly { readonly person: string; readonly createdAt: Date; readonly dueAt: Date }[]>;
  asked(organization: number, person: string): Promise<AskedByMail | undefined>;
  /** Pseudonyms of people by their ids; who is gone is not in it. */
  pseudonyms(organization: number, people: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * The code of a person's link, the same in every e-mail until a new link is made. `codeOf` makes it of something that is kept and is worth
   * nothing without the collector's key; beside it only the code's digest is kept.
   */
  code(person: string, codeOf: (nonce: string) => string): Promise<string>;
}

export function statementMailStore(db: Database): StatementMailStore {
  return {
    async unanswered(organization, at) {
      const rows = await db
        .selectFrom('attestation_campaigns as campaign')
        .innerJoin('attestation_people as person', (join) =>
          join
            .onRef('person.campaign', '=', 'campaign.id')
            .onRef('person.organization', '=', 'campaign.organization'),
        )
        .select(['person.id', 'campaign.created_at', 'campaign.due_at'])
        .where('campaign.organization', '=', organization)
        .where('campaign.ended_at', 'is', null)
        .where('campaign.due_at', '>', at.getTime())
        .where('person.answer', 'is', null)
        .execute();
      return rows.map((row) => ({
        person: row.id,
        createdAt: new Date(row.created_at),
        dueAt: new Date(row.due_at),
      }));
    },
    async asked(organization, person) {
      const row = await db
        .selectFrom('attestation_people as person')
        .innerJoin('attestation_campaigns as campaign', 'campaign.id', 'person.campaign')
        .leftJoin('devices', 'devices.number', 'person.device')
        .select([
          'person.pseudonym',
          'person.answer',
          'campaign.id as campaign',
          'campaign.ended_at',
          'campaign.due_at',
          'devices.id as device',
        ])
        .where('person.id', '=', person)
        .where('person.organization', '=', organization)
        .executeTakeFirst();
      return (
        row && {
          pseudonym: row.pseudonym,
          campaign: row.campaign,
          over: row.answer !== null || row.ended_at !== null,
          dueAt: new Date(row.due_at),
          device: row.device,
        }
      );
    },
    async pseudonyms(organization, people) {
      if (people.length === 0) return new Map();
      const rows = await db
        .selectFrom('attestation_people')
        .select(['id', 'pseudonym'])
        .where('id', 'in', [...people])
        .where('organization', '=', organization)
        .execute();
      return new Map(rows.map(({ id, pseudonym }) => [id, pseudonym]));
    },
    async code(person, codeOf) {
      const nonce = newSecret();
      await db
        .insertInto('statement_mails')
        .values({ person, nonce, link: sha256(codeOf(nonce)) })
        .onConflict((conflict) => conflict.column('person').doNothing())
        .execute();
      const kept = await db
        .selectFrom('statement_mails')
        .select('nonce')
        .where('person', '=', person)
        .executeTakeFirstOrThrow();
      return codeOf(kept.nonce);
    },
  };
}
