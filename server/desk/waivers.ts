import type { Check } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { isMediumPoint } from '../../shared/medium.ts';
import { maxWaiverDays, type WaiverScope } from '../../shared/waiver.ts';
import { waiverDays } from '../review/waiver-days.ts';
import type { Actor } from '../storage/audit.ts';
import type { Stores } from '../storage/stores.ts';
import type { Decision } from '../storage/waivers.ts';
import { Refusal } from './refusal.ts';

type WaiverStores = Pick<Stores, 'devices' | 'organizations' | 'waivers'>;

/** What somebody asks to be excused, and for whom. */
export interface WaiverAsked {
  /** The same id again is the same request. */
  readonly id?: string | undefined;
  /** Undefined where none was chosen. */
  readonly scope: WaiverScope | undefined;
  readonly check: string;
  readonly point: string | null;
  readonly medium?: string | undefined;
  readonly reason: string;
  readonly control: string;
  /** Undefined where it is no moment. */
  readonly expiresAt: Date | undefined;
}

/** Asks for a waiver that begins now; answers its id. Throws Refusal, and WaiverTaken where the id is another request. */
export async function askForWaiver(
  stores: WaiverStores,
  organization: number,
  asked: WaiverAsked,
  actor: Actor,
  at: Date,
): Promise<string> {
  const { scope, check, point, medium, reason, expiresAt } = asked;
  const refuse = (field: keyof WaiverAsked, words: string) => new Refusal(words, { [field]: words });
  const points = (checks[check as CheckId] as unknown as Check | undefined)?.points;
  if (points === undefined || (point !== null && points[point] === undefined)) {
    throw refuse('check', 'Choose what is to be excused.');
  }
  if (scope === undefined) throw refuse('scope', 'Choose for whom it is.');
  if (scope.kind === 'device' && (await stores.devices.byId(organization, scope.device)) === undefined) {
    throw refuse('scope', 'There is no such laptop here.');
  }
  if (reason.trim().length < 10) throw refuse('reason', 'Say why, in ten characters at least.');
  const { policy } = await stores.organizations.policy(organization);
  const days = maxWaiverDays(policy);
  const latest = at.getTime() + days * 86_400_000;
  if (expiresAt === undefined || !(expiresAt > at) || expiresAt.getTime() > latest) {
    const { first, last } = waiverDays(at, days);
    throw refuse('expiresAt', `Its last day has to lie between ${first} and ${last}.`);
  }
  if (medium !== undefined && !(isMediumPoint(check, point) && scope.kind === 'device')) {
    throw refuse(
      'medium',
      'A single stick is approved under “Removable media: only approved media in use”, for one laptop.',
    );
  }
  return stores.waivers.request(organization, { ...asked, scope, startsAt: at, expiresAt }, actor, at);
}

/** Approves it from now on, for as long as the policy allows at most. */
export async function approveWaiver(
  stores: WaiverStores,
  { organization, id }: { readonly organization: number; readonly id: string },
  { expiresAt, note }: { readonly expiresAt: Date; readonly note: string },
  actor: Actor,
  at: Date,
): Promise<Decision> {
  const { policy } = await stores.organizations.policy(organization);
  const terms = { startsAt: at, expiresAt, maxDays: maxWaiverDays(policy), note };
  return stores.waivers.approve(organization, id, terms, actor, at);
}
