import type { AttestationAnswer } from '../../../shared/attestation-answer.ts';
import { type AnsweredCampaign, attestationCoverage } from '../../review/attestations.ts';
import type { AttestationEvidence } from '../../review/clause-evidence.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import { type Actor, appendAudit, audited } from '../audit.ts';
import type { Database } from '../database.ts';
import { newId, newLabel, newSecret } from '../ids.ts';
import type { AttestationContactStore } from '../people/attestation-contacts.ts';

/** A statement that people are asked for. */
export interface Campaign {
  readonly id: string;
  readonly template: string;
  readonly title: string;
  readonly statement: string;
  /** SHA-256 of the statement's exact words, in hex. */
  readonly digest: string;
  readonly role: string;
  readonly periodFrom: Date;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly validUntil: Date;
  readonly endedAt: Date | null;
}

export interface CampaignCounts {
  readonly people: number;
  readonly yes: number;
  readonly no: number;
  readonly notApplicable: number;
  /** Actions that a no opened and nobody has closed. */
  readonly actions: number;
}

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

/** What a link or a laptop is asked to answer. */
export interface OpenQuestion {
  readonly person: string;
  readonly organization: number;
  readonly campaign: Campaign;
  readonly answer: AttestationAnswer | null;
}

export interface GivenAnswer {
  readonly answer: AttestationAnswer;
  readonly reason: string;
  /** SHA-256 of a file kept elsewhere, in hex. */
  readonly evidence?: string | undefined;
  /** As the laptop signed it. */
  readonly signed?: string | undefined;
}

const day = 86_400_000;
/** What a no has to be put right in; our proposal, and the waivers' own medium term. */
const actionDays = 30;

const campaignColumns = [
  'id',
  'template',
  'title',
  'statement',
  'digest',
  'role',
  'period_from',
  'created_at',
  'due_at',
  'valid_until',
  'ended_at',
] as const;

export type AttestationStore = ReturnType<typeof attestationStore>;

/** Statements people are asked for, and what they said. */
export function attestationStore(db: Database, contacts: AttestationContactStore) {
  const campaignById = async (organization: number, id: string): Promise<Campaign | undefined> => {
    const row = await db
      .selectFrom('attestation_campaigns')
      .select(campaignColumns)
      .where('organization', '=', organization)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && campaignOf(row);
  };

  const questions = () =>
    db
      .selectFrom('attestation_people as person')
      .innerJoin('attestation_campaigns as campaign', 'campaign.id', 'person.campaign')
      .select([
        'person.id as person',
        'person.organization',
        'person.answer',
        ...campaignColumns.map((column) => `campaign.${column}` as const),
      ]);

  return {
    byId: campaignById,

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
        answeredAt: dateOf(row.answered_at),
        answeredBy:
          row.answered_by === null
            ? null
            : row.answered_by === 'link'
              ? ('link' as const)
              : ('laptop' as const),
        evidence: row.evidence === null ? null : Buffer.from(row.evidence).toString('hex'),
        signed: row.signed,
        countersignedAt: dateOf(row.countersigned_at),
        actionDueAt: dateOf(row.action_due_at),
        actionDoneAt: dateOf(row.action_done_at),
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
      return db.transaction().execute(async (writing) => {
        const row = await writing
          .updateTable('attestation_people')
          .set({ link: sha256(code) })
          .where('organization', '=', organization)
          .where('campaign', '=', campaign)
          .where('id', '=', person)
          .where('answer', 'is', null)
          .returning('pseudonym')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await appendAudit(
          writing,
          {
            organization,
            actor,
            action: 'attestation.link',
            subject: person,
            detail: { person: row.pseudonym },
          },
          at,
        );
        return code;
      });
    },

    /** What a link asks; undefined where its code is unknown or used up. */
    async byCode(code: string): Promise<OpenQuestion | undefined> {
      const row = await questions().where('person.link', '=', sha256(code)).executeTakeFirst();
      return row && questionOf(row);
    },

    /** What a laptop is asked, oldest first. */
    async ofDevice(device: number): Promise<readonly OpenQuestion[]> {
      const rows = await questions()
        .where('person.device', '=', device)
        .where('person.answer', 'is', null)
        .where('campaign.ended_at', 'is', null)
        .orderBy('campaign.created_at')
        .execute();
      return rows.map(questionOf);
    },

    /** Keeps an answer, once; the link is worth nothing from then on. A no opens an action. False where it was answered or ended before. */
    answer: (
      question: OpenQuestion,
      given: GivenAnswer,
      by: 'link' | `device:${string}`,
      at: Date,
    ): Promise<boolean> =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('attestation_people')
          .set({
            answer: given.answer,
            reason: given.reason,
            answered_at: at.getTime(),
            answered_by: by,
            link: null,
            evidence: given.evidence === undefined ? null : Buffer.from(given.evidence, 'hex'),
            signed: given.signed ?? null,
            action_due_at: given.answer === 'no' ? at.getTime() + actionDays * day : null,
          })
          .where('id', '=', question.person)
          .where('organization', '=', question.organization)
          .where('answer', 'is', null)
          .returning('pseudonym')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return {
          organization: question.organization,
          actor: by === 'link' ? 'collector' : by,
          action: 'attestation.answer',
          subject: question.campaign.id,
          detail: { person: row.pseudonym, answer: given.answer },
        };
      }),

    /** A second person confirms what somebody stated. False where there is nothing to confirm. */
    countersign: (
      organization: number,
      campaign: string,
      person: string,
      actor: Actor,
      at: Date,
    ): Promise<boolean> =>
      audited(db, at, async (writing) => {
        const row = await writing
          .updateTable('attestation_people')
          .set({ countersigned_by: actor, countersigned_at: at.getTime() })
          .where('organization', '=', organization)
          .where('campaign', '=', campaign)
          .where('id', '=', person)
          .where('answer', '=', 'yes')
          .where('countersigned_at', 'is', null)
          .returning('pseudonym')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return {
          organization,
          actor,
          action: 'attestation.countersign',
          subject: campaign,
          detail: { person: row.pseudonym },
        };
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
        const row = await writing
          .updateTable('attestation_people')
          .set({ action_done_at: at.getTime(), action_done_by: actor, action_note: note })
          .where('organization', '=', organization)
          .where('campaign', '=', campaign)
          .where('id', '=', person)
          .where('action_due_at', 'is not', null)
          .where('action_done_at', 'is', null)
          .returning('pseudonym')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return {
          organization,
          actor,
          action: 'attestation.put-right',
          subject: campaign,
          detail: { person: row.pseudonym },
        };
      }),

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

    /** What was stated on laptops between two moments, as they signed it, oldest first. */
    async signedBetween(
      organization: number,
      from: Date,
      until: Date,
    ): Promise<readonly { readonly pseudonym: string; readonly signed: string }[]> {
      const rows = await db
        .selectFrom('attestation_people')
        .select(['pseudonym', 'signed'])
        .where('organization', '=', organization)
        .where('answered_at', '>=', from.getTime())
        .where('answered_at', '<=', until.getTime())
        .where('signed', 'is not', null)
        .orderBy('answered_at')
        .execute();
      return rows.flatMap(({ pseudonym, signed }) => (signed === null ? [] : [{ pseudonym, signed }]));
    },

    /** By template, what people had said at a moment. */
    async coverage(organization: number, at: Date): Promise<ReadonlyMap<string, AttestationEvidence>> {
      const campaigns = await db
        .selectFrom('attestation_campaigns')
        .select(['id', 'template', 'created_at', 'due_at', 'valid_until', 'ended_at'])
        .where('organization', '=', organization)
        .where('created_at', '<=', at.getTime())
        .execute();
      const answers = await db
        .selectFrom('attestation_people')
        .select(['campaign', 'answer', 'answered_at', 'action_done_at'])
        .where('organization', '=', organization)
        .execute();
      const byCampaign = Map.groupBy(answers, ({ campaign }) => campaign);
      return attestationCoverage(
        campaigns.map(
          (row): AnsweredCampaign => ({
            template: row.template,
            createdAt: new Date(row.created_at),
            dueAt: new Date(row.due_at),
            validUntil: new Date(row.valid_until),
            endedAt: dateOf(row.ended_at),
            answers: (byCampaign.get(row.id) ?? []).map((person) => ({
              answer: person.answer as AttestationAnswer | null,
              answeredAt: dateOf(person.answered_at),
              putRightAt: dateOf(person.action_done_at),
            })),
          }),
        ),
        at,
      );
    },
  };
}

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

const dateOf = (at: number | null) => (at === null ? null : new Date(at));

interface CampaignRow {
  id: string;
  template: string;
  title: string;
  statement: string;
  digest: Uint8Array;
  role: string;
  period_from: number;
  created_at: number;
  due_at: number;
  valid_until: number;
  ended_at: number | null;
}

const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  template: row.template,
  title: row.title,
  statement: row.statement,
  digest: Buffer.from(row.digest).toString('hex'),
  role: row.role,
  periodFrom: new Date(row.period_from),
  createdAt: new Date(row.created_at),
  dueAt: new Date(row.due_at),
  validUntil: new Date(row.valid_until),
  endedAt: dateOf(row.ended_at),
});

const questionOf = (
  row: CampaignRow & { person: string; organization: number; answer: string | null },
): OpenQuestion => ({
  person: row.person,
  organization: row.organization,
  answer: row.answer as AttestationAnswer | null,
  campaign: campaignOf(row),
});
