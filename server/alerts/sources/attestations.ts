import { count } from '../../../shared/words.ts';
import { attestationAddresses } from '../../pages/attestations/addresses.ts';
import type { Campaign } from '../../storage/attestations/campaign-rows.ts';
import type { CampaignCounts } from '../../storage/attestations/campaigns.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { AlertSource, FoundEvent, Looking } from '../source.ts';

const day = 86_400_000;
/** So many days before answers are due, whoever has not answered is worth a reminder. */
const reminders = [7, 2];
/** So many days before answers are too old, it is time to ask again. */
const askAgain = 14;
/** What ended longer ago is no news. */
const endedWithin = 7 * day;
const everyCampaign = 200;

type Row = Campaign & { readonly counts: CampaignCounts };

/** Looks at the campaigns of every organization in turn. */
const source = (
  id: string,
  look: (campaign: Row, all: readonly Row[], now: Date) => Omit<Event, 'campaign'> | undefined,
): AlertSource => ({
  id,
  async find({ stores, now, organizations }: Looking) {
    const events: FoundEvent[] = [];
    for (const organization of organizations.values()) {
      const all = await stores.attestations.list(organization.number, everyCampaign);
      for (const campaign of all) {
        const found = look(campaign, all, now);
        if (found !== undefined) events.push(eventOf(organization, { ...found, campaign }));
      }
    }
    return { events };
  },
});

interface Event {
  readonly kind: FoundEvent['kind'];
  readonly key: string;
  readonly campaign: Row;
  readonly at: Date;
  readonly line: string;
}

/** People have not answered, and the day comes near: a reminder is due. */
export const statementReminder = source('statement-reminder', (campaign, _all, now) => {
  const silent = silentOf(campaign);
  const left = campaign.dueAt.getTime() - now.getTime();
  const [days] = reminders.filter((number) => left <= number * day).toSorted((a, b) => a - b);
  if (days === undefined || left < 0 || silent === 0 || campaign.endedAt !== null) return undefined;
  const at = new Date(campaign.dueAt.getTime() - days * day);
  if (at < campaign.createdAt) return undefined;
  const line = `${count(silent, 'person', 'people')} of ${campaign.counts.people} have not answered “${campaign.title}”, due on ${dayOf(campaign.dueAt)}`;
  return { kind: 'statement-reminder', key: String(days), at, line };
});

/** Somebody said no, and it is to be put right. */
export const statementNo = source('statement-no', (campaign, _all, now) => {
  const { no, actions } = campaign.counts;
  if (actions === 0) return undefined;
  const line = `${count(actions, 'no', 'no')} to “${campaign.title}” is to be put right`;
  return { kind: 'statement-no', key: String(no), at: now, line };
});

/** Answers will soon be too old, and nobody has been asked again. */
export const statementEnding = source('statement-ending', (campaign, all, now) => {
  const left = campaign.validUntil.getTime() - now.getTime();
  const asked = all.some(
    ({ template, createdAt }) => template === campaign.template && createdAt > campaign.createdAt,
  );
  if (asked || left > askAgain * day || left < -endedWithin) return undefined;
  const line = `The answers to “${campaign.title}” count until ${dayOf(campaign.validUntil)}; it is time to ask again`;
  return {
    kind: 'statement-ending',
    key: 'ending',
    at: new Date(campaign.validUntil.getTime() - askAgain * day),
    line,
  };
});

const silentOf = ({ counts }: Row) => counts.people - counts.yes - counts.no - counts.notApplicable;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

const eventOf = (organization: Organization, { kind, key, campaign, at, line }: Event): FoundEvent => ({
  organization: organization.number,
  key: `${kind}/${campaign.id}/${key}`,
  kind,
  group: kind,
  at,
  subject: campaign.id,
  line,
  path: attestationAddresses.campaign(organization.id, campaign.id),
});
