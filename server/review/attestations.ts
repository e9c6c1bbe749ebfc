import type { AttestationEvidence } from './clause-evidence.ts';

/** A campaign with what came back, as far as evidence needs it. */
export interface AnsweredCampaign {
  readonly template: string;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly validUntil: Date;
  readonly endedAt: Date | null;
  readonly answers: readonly {
    readonly answer: 'yes' | 'no' | 'not-applicable' | null;
    readonly answeredAt: Date | null;
    readonly putRightAt: Date | null;
  }[];
}

/**
 * By template, what people had said at a moment. The newest campaign counts that is due, or that everybody has answered; while it
 * still runs, the one before it counts on, as long as its answers do. Pure.
 */
export function attestationCoverage(
  campaigns: readonly AnsweredCampaign[],
  at: Date,
): ReadonlyMap<string, AttestationEvidence> {
  const byTemplate = Map.groupBy(campaigns, ({ template }) => template);
  return new Map(
    [...byTemplate].map(([template, all]) => {
      const newestFirst = all
        .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
        .map((campaign) => evidenceOf(campaign, at));
      const [newest] = newestFirst as [Evidence, ...Evidence[]];
      const settled = newestFirst.find(({ running }) => !running);
      const counts = newest.running && settled !== undefined && settled.validUntil > at ? settled : newest;
      return [template, counts];
    }),
  );
}

interface Evidence extends AttestationEvidence {
  readonly running: boolean;
}

function evidenceOf(campaign: AnsweredCampaign, at: Date): Evidence {
  const said = campaign.answers.map(({ answer, answeredAt, putRightAt }) => ({
    answer: answeredAt !== null && answeredAt <= at ? answer : null,
    putRight: putRightAt !== null && putRightAt <= at,
  }));
  const of = (wanted: string) => said.filter(({ answer }) => answer === wanted).length;
  const ended = campaign.endedAt !== null && campaign.endedAt <= at;
  return {
    asked: said.length,
    yes: of('yes'),
    no: of('no'),
    putRight: said.filter(({ answer, putRight }) => answer === 'no' && putRight).length,
    notApplicable: of('not-applicable'),
    dueAt: campaign.dueAt,
    validUntil: campaign.validUntil,
    running: !ended && campaign.dueAt > at && said.some(({ answer }) => answer === null),
  };
}
