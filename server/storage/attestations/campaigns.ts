import { sha256 } from '../../signing/compact-jws.ts';
import { type Actor, appendAudit, audited } from '../audit.ts';
import type { Database } from '../database.ts';
import { newId, newLabel, newSecret } from '../ids.ts';
import type { AttestationContactStore } from '../people/attestation-contacts.ts';
import { type Campaign, campaignColumns, campaignOf } from './campaign-rows.ts';

/** How people answered. */
export interface CampaignCounts {
  readonly people: number;
  readonly yes: number;
  readonly no: number;
  readonly notApplicable: number;
  /** Actions that a no opened and nobody has closed. */
  readonly actions: number;
}

/** A statement, and who is to be asked for it. */
export interface NewCampaign {
  readonly template: string;
  readonly title: string;
  readonly statement: string;
  readonly role: string;
  readonly periodFrom: Date;
  readonly dueAt: Date;
  readonly validUntil: Date;
  readonly people: readonly { readonly contact?: string; readonly device?: number }[];
}

/** Asking people for a statement, and ending that. */
export function campaignStore(db: Database, contacts: AttestationContactStore) {
  return {
    async byId(organization: number, id: string): Promise<Campaign | undefined> {
      const row = await db
        .selectFrom('attestation_campaigns')
        .select(campaignColumns)
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && campaignOf(row);
    },

    /** Asks people. Each gets a code for a link, told here once and nowhere kept. */
    create: async (organization: number, given: NewCampaign, actor: Actor, at: Date) => {
      const id = newId(at);
      const people = given.people.map(({ contact, device }) => ({
        id: newId(at),
        pseudonym: newLabel('P'),
        code: newSecret(),
        contact,
        device,
      }));
      await db.transaction().execute(async (writing) => {
        await writing
          .insertInto('attestation_campaigns')
          .values({
            id,
            organization,
            template: given.template,
            title: given.title,
            statement: given.statement,
            digest: sha256(given.statement),
            role: given.role,
            period_from: given.periodFrom.getTime(),
            created_at: at.getTime(),
            created_by: actor,
            due_at: given.dueAt.getTime(),
            valid_until: given.validUntil.getTime(),
            ended_at: null,
          })
          .execute();
        await writing
          .insertInto('attestation_people')
          .values(
            people.map((person) => ({
              ...blank,
              id: person.id,
              organization,
              campaign: id,
              pseudonym: person.pseudonym,
              device: person.device ?? null,
              link: sha256(person.code),
            })),
          )
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor,
            action: 'attestation.create',
            subject: id,
            detail: { statement: given.template, people: people.length },
          },
          at,
        );
        await contacts.write(
          organization,
          new Map(
            people.flatMap((person) =>
              person.contact === undefined ? [] : [[person.id, person.contact] as const],
            ),
          ),
        );
      });
      return { id, people };
    },

    /** Newest first, each with how people answered. */
    async list(
      organization: number,
      limit: number,
    ): Promise<readonly (Campaign & { readonly counts: CampaignCounts })[]> {
      const rows = await db
        .selectFrom('attestation_campaigns')
        .select(campaignColumns)
        .where('organization', '=', organization)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      const tallies = await db
        .selectFrom('attestation_people')
        .select((select) => [
          'campaign',
          'answer',
          select.fn.countAll<number>().as('people'),
          select.fn.count<number>('action_due_at').as('opened'),
          select.fn.count<number>('action_done_at').as('done'),
        ])
        .where('organization', '=', organization)
        .groupBy(['campaign', 'answer'])
        .execute();
      return rows.map((row) => {
        const own = tallies.filter(({ campaign }) => campaign === row.id);
        const of = (answer: string) => Number(own.find((tally) => tally.answer === answer)?.people ?? 0);
        const total = (pick: (tally: (typeof own)[number]) => number) =>
          own.reduce((sum, tally) => sum + Number(pick(tally)), 0);
        return {
          ...campaignOf(row),
          counts: {
            people: total(({ people }) => people),
            yes: of('yes'),
            no: of('no'),
            notApplicable: of('not-applicable'),
            actions: total(({ opened, done }) => Number(opened) - Number(done)),
          },
        };
      });
    },

    /** Ends a campaign before its time; its answers stay. False where it had ended. */
    end: (organization: number, id: string, actor: Actor, at: Date): Promise<boolean> =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('attestation_campaigns')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await writing
          .updateTable('attestation_people')
          .set({ link: null })
          .where('organization', '=', organization)
          .where('campaign', '=', id)
          .execute();
        return { organization, actor, action: 'attestation.end', subject: id };
      }),

    /** Deletes campaigns whose answers stopped to count before a moment; how many answers went, and how old the oldest was. */
    purge: (
      organization: number,
      before: Date,
    ): Promise<{ readonly deleted: number; readonly oldest: Date | null }> =>
      db.transaction().execute(async (writing) => {
        const over = await writing
          .selectFrom('attestation_campaigns')
          .select(['id', 'valid_until'])
          .where('organization', '=', organization)
          .where('valid_until', '<', before.getTime())
          .execute();
        if (over.length === 0) return { deleted: 0, oldest: null };
        const ids = over.map(({ id }) => id);
        const { numDeletedRows } = await writing
          .deleteFrom('attestation_people')
          .where('organization', '=', organization)
          .where('campaign', 'in', ids)
          .executeTakeFirstOrThrow();
        await writing
          .deleteFrom('attestation_campaigns')
          .where('organization', '=', organization)
          .where('id', 'in', ids)
          .execute();
        return {
          deleted: Number(numDeletedRows),
          oldest: new Date(Math.min(...over.map((row) => row.valid_until))),
        };
      }),
  };
}

/** Nothing said yet. */
const blank = {
  answer: null,
  reason: '',
  answered_at: null,
  answered_by: null,
  evidence: null,
  signed: null,
  countersigned_by: null,
  countersigned_at: null,
  action_due_at: null,
  action_done_at: null,
  action_done_by: null,
  action_note: '',
  reminded_at: null,
};
