import type { AttestationAnswer } from '../../../shared/attestation-answer.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import { type Actor, audited } from '../audit.ts';
import type { Database, Writing } from '../database.ts';
import { newSecret } from '../ids.ts';
import { momentOf } from '../moments.ts';

/** Somebody who is asked. */
export interface AskedPerson {
  readonly id: string;
  readonly pseudonym: string;
  /** Label of the laptop that may answer. */
  readonly device: string | null;
  readonly answer: AttestationAnswer | null;
  readonly reason: string;
  readonly answeredAt: Date | null;
  /** By a laptop, signed with its key, or by a link. */
  readonly answeredBy: 'link' | 'laptop' | null;
  readonly evidence: string | null;
  /** The statement as the laptop signed it; null for one given by a link. */
  readonly signed: string | null;
  readonly countersignedAt: Date | null;
  readonly actionDueAt: Date | null;
  readonly actionDoneAt: Date | null;
  readonly actionNote: string;
}

/** One person of a campaign, to be changed where they are as the change asks. */
const asked = (writing: Writing, organization: number, campaign: string, person: string) =>
  writing
    .updateTable('attestation_people')
    .where('organization', '=', organization)
    .where('campaign', '=', campaign)
    .where('id', '=', person)
    .returning('pseudonym');

/** The people of campaigns, as whoever asked them sees them. */
export function askedPersonStore(db: Database) {
  return {
    async people(organization: number, campaign: string): Promise<readonly AskedPerson[]> {
      const rows = await db
        .selectFrom('attestation_people as person')
        .leftJoin('devices', 'devices.number', 'person.device')
        .selectAll('person')
        .select('devices.label')
        .where('person.organization', '=', organization)
        .where('person.campaign', '=', campaign)
        .orderBy('person.pseudonym')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        pseudonym: row.pseudonym,
        device: row.label,
        answer: row.answer as AttestationAnswer | null,
        reason: row.reason,
        answeredAt: momentOf(row.answered_at),
        answeredBy:
          row.answered_by === null
            ? null
            : row.answered_by === 'link'
              ? ('link' as const)
              : ('laptop' as const),
        evidence: row.evidence === null ? null : Buffer.from(row.evidence).toString('hex'),
        signed: row.signed,
        countersignedAt: momentOf(row.countersigned_at),
        actionDueAt: momentOf(row.action_due_at),
        actionDoneAt: momentOf(row.action_done_at),
        actionNote: row.action_note,
      }));
    },

    /** A new link for somebody who has not answered; the old one is worth nothing from then on. Undefined where there is nobody such. */
    async renewLink(
      organization: number,
      campaign: string,
      person: string,
      actor: Actor,
      at: Date,
    ): Promise<string | undefined> {
      const code = newSecret();
      const renewed = await audited(db, at, async (writing) => {
        const row = await asked(writing, organization, campaign, person)
          .set({ link: sha256(code) })
          .where('answer', 'is', null)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await writing.deleteFrom('statement_mails').where('person', '=', person).execute();
        return {
          organization,
          actor,
          action: 'attestation.link',
          subject: person,
          detail: { person: row.pseudonym },
        };
      });
      return renewed ? code : undefined;
    },

    /** A second person confirms what somebody stated. False where there is nothing to confirm. */
    countersign: (
      organization: number,
      campaign: string,
      person: string,
      actor: Actor,
      at: Date,
    ): Promise<boolean> =>
      audited(db, at, async (writing) => {
        const row = await asked(writing, organization, campaign, person)
          .set({ countersigned_by: actor, countersigned_at: at.getTime() })
          .where('answer', '=', 'yes')
          .where('countersigned_at', 'is', null)
          .executeTakeFirst();
        return (
          row && {
            organization,
            actor,
            action: 'attestation.countersign',
            subject: campaign,
            detail: { person: row.pseudonym },
          }
        );
      }),

    /** Closes the action that a no opened. False where none is open. */
    putRight: (
      organization: number,
      campaign: string,
      person: string,
      note: string,
      actor: Actor,
      at: Date,
    ): Promise<boolean> =>
      audited(db, at, async (writing) => {
        const row = await asked(writing, organization, campaign, person)
          .set({ action_done_at: at.getTime(), action_done_by: actor, action_note: note })
          .where('action_due_at', 'is not', null)
          .where('action_done_at', 'is', null)
          .executeTakeFirst();
        return (
          row && {
            organization,
            actor,
            action: 'attestation.put-right',
            subject: campaign,
            detail: { person: row.pseudonym },
          }
        );
      }),

    /** People of campaigns whose answers were due before a moment, and the earliest such day. */
    async askedBefore(
      organization: number,
      before: Date,
    ): Promise<{ readonly people: readonly string[]; readonly oldest: Date | null }> {
      const rows = await db
        .selectFrom('attestation_people as person')
        .innerJoin('attestation_campaigns as campaign', 'campaign.id', 'person.campaign')
        .select(['person.id', 'campaign.due_at'])
        .where('campaign.organization', '=', organization)
        .where('person.organization', '=', organization)
        .where('campaign.due_at', '<', before.getTime())
        .execute();
      const oldest = rows.reduce((least, row) => Math.min(least, row.due_at), Number.POSITIVE_INFINITY);
      return { people: rows.map(({ id }) => id), oldest: rows.length === 0 ? null : new Date(oldest) };
    },
  };
}
