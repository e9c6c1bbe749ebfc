import type { AttestationAnswer } from '../../../shared/attestation-answer.ts';
import { type AnsweredCampaign, attestationCoverage } from '../../review/attestations.ts';
import type { AttestationEvidence } from '../../review/clause-evidence.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import { audited } from '../audit.ts';
import type { Database } from '../database.ts';
import { momentOf } from '../moments.ts';
import { type Campaign, type CampaignRow, campaignColumns, campaignOf } from './campaign-rows.ts';

/** What a link or a laptop is asked to answer. */
export interface OpenQuestion {
  readonly person: string;
  readonly organization: number;
  readonly campaign: Campaign;
  readonly answer: AttestationAnswer | null;
}

/** What somebody says to it. */
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

/** What is asked by link and by laptop, what is said there, and what that comes to. */
export function answerStore(db: Database) {
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
    /** What a link asks; undefined where its code is unknown or used up. */
    async byCode(code: string): Promise<OpenQuestion | undefined> {
      const digest = sha256(code);
      const row =
        (await questions().where('person.link', '=', digest).executeTakeFirst()) ??
        // The one that came by e-mail.
        (await questions()
          .innerJoin('statement_mails', 'statement_mails.person', 'person.id')
          .where('statement_mails.link', '=', digest)
          .where('person.answer', 'is', null)
          .executeTakeFirst());
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

    /** Keeps an answer, once; the link is worth nothing from then on. A no is to be put right within 30 days. False where it was answered or ended before. */
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
            endedAt: momentOf(row.ended_at),
            answers: (byCampaign.get(row.id) ?? []).map((person) => ({
              answer: person.answer as AttestationAnswer | null,
              answeredAt: momentOf(person.answered_at),
              putRightAt: momentOf(person.action_done_at),
            })),
          }),
        ),
        at,
      );
    },
  };
}

const questionOf = (
  row: CampaignRow & { person: string; organization: number; answer: string | null },
): OpenQuestion => ({
  person: row.person,
  organization: row.organization,
  answer: row.answer as AttestationAnswer | null,
  campaign: campaignOf(row),
});
