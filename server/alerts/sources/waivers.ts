import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { mediumTitle } from '../../../shared/medium.ts';
import { addresses } from '../../pages/addresses.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { WaiverRecord } from '../../storage/waivers.ts';
import type { AlertSource, FoundEvent, Looking } from '../source.ts';

const day = 86_400_000;
/** So many days before its end a waiver is told of. */
const notice = [14, 3];
/** What ended longer ago was told of, or is no news. */
const endedWithin = 7 * day;
const atOnce = 500;

/** Looks at the waivers of every organization in turn. */
const source = (
  id: string,
  look: (looking: Looking, organization: Organization) => Promise<readonly FoundEvent[]>,
): AlertSource => ({
  id,
  async find(looking) {
    const events: FoundEvent[] = [];
    for (const organization of looking.organizations.values()) {
      events.push(...(await look(looking, organization)));
    }
    return { events };
  },
});

/** Somebody asked for a waiver, and nobody has decided. */
export const waiverWaiting = source('waiver-waiting', async ({ stores }, organization) =>
  (await stores.waivers.waiting(organization.number, atOnce)).map((waiver) =>
    eventOf(organization, waiver, 'waiver-waiting', 'waiting', waiver.requestedAt, 'waits for a decision'),
  ),
);

/** A waiver ends in two weeks, and once more in three days; not where it was that short from the start. */
export const waiverEnding = source('waiver-ending', async ({ stores, now }, organization) => {
  const until = new Date(now.getTime() + Math.max(...notice) * day);
  const ending = await stores.waivers.inForce(organization.number, now, atOnce, until);
  return ending.flatMap((waiver) => {
    const { startsAt, endsAt } = waiver;
    if (startsAt === null || endsAt === null) return [];
    const left = endsAt.getTime() - now.getTime();
    const [days] = notice.filter((days) => left <= days * day).toSorted((a, b) => a - b);
    if (days === undefined || endsAt.getTime() - startsAt.getTime() <= days * day) return [];
    const at = new Date(endsAt.getTime() - days * day);
    const key = `${days}/${endsAt.getTime()}`;
    return [eventOf(organization, waiver, 'waiver-ending', key, at, `ends on ${dayOf(endsAt)}`)];
  });
});

/** A waiver is over: what it excused counts again. */
export const waiverEnded = source('waiver-ended', async ({ stores, now }, organization) => {
  const ended = await stores.waivers.ended(organization.number, now, atOnce, 0);
  return ended.flatMap((waiver) => {
    const { status, endsAt } = waiver;
    if (status !== 'approved' || endsAt === null || now.getTime() - endsAt.getTime() > endedWithin) return [];
    const key = `${endsAt.getTime()}`;
    return [eventOf(organization, waiver, 'waiver-ended', key, endsAt, `ended; ${endWords(waiver)}`)];
  });
});

const endWords = ({ medium }: WaiverRecord) =>
  medium === null ? 'what it excused counts again' : 'the stick is not approved any more';

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

function eventOf(
  organization: Organization,
  waiver: WaiverRecord,
  kind: FoundEvent['kind'],
  key: string,
  at: Date,
  what: string,
): FoundEvent {
  const check = checks[waiver.check as CheckId] as unknown as Check | undefined;
  const title = waiver.point === null ? undefined : check?.points[waiver.point]?.title;
  const point = (waiver.medium === null ? title : mediumTitle(waiver.medium))?.toLowerCase();
  const about = [check?.title ?? waiver.check, point].filter((part) => part !== undefined).join(', ');
  const whom = waiver.device === null ? '' : ` for ${waiver.device.label}`;
  return {
    organization: organization.number,
    key: `${kind}/${waiver.id}/${key}`,
    kind,
    group: kind,
    at,
    subject: waiver.id,
    line: `Waiver of ${about}${whom} ${what}`,
    path: addresses.waiver(organization.id, waiver.id),
  };
}
