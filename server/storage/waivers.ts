import type { WaiverRequest } from '../../shared/waiver-request.ts';
import { type NewWaiver, request, requestFromDevice, WaiverTaken } from './ask-waivers.ts';
import type { Actor } from './audit.ts';
import type { Database } from './database.ts';
import { approve, type Decision, refuse, shorten, withdraw } from './decide-waivers.ts';
import { momentOf } from './moments.ts';
import { type Coverage, coverage } from './waiver-coverage.ts';
import {
  deviceWaiver,
  type GrantedWaivers,
  grantedOf,
  recordOf,
  subjectOf,
  type WaiverEvent,
  type WaiverRecord,
} from './waiver-records.ts';

export {
  type Decision,
  deviceWaiver,
  type GrantedWaivers,
  type NewWaiver,
  subjectOf,
  type WaiverEvent,
  type WaiverRecord,
  WaiverTaken,
};

export interface WaiverStore {
  /**
   * Somebody with an account asks; the same id again from the same one is the same request. Throws WaiverTaken where it is somebody
   * else's, and where the laptop it is for is not the organization's.
   */
  request(organization: number, waiver: NewWaiver, actor: Actor, at: Date): Promise<string>;
  /** All of them in the order they were made, behind an id. */
  after(organization: number, id: string, limit: number): Promise<readonly WaiverRecord[]>;
  /** A person asks from a laptop; the same id again is the same request. False when that laptop has too many waiting. */
  requestFromDevice(
    from: { readonly organization: number; readonly device: number; readonly deviceId: string },
    asked: WaiverRequest,
    at: Date,
  ): Promise<boolean>;
  /** Puts it in force. Whoever asked for it cannot approve it, and it lasts at most `maxDays`. */
  approve(
    organization: number,
    id: string,
    terms: {
      readonly startsAt: Date;
      readonly expiresAt: Date;
      readonly maxDays: number;
      readonly note: string;
    },
    actor: Actor,
    at: Date,
  ): Promise<Decision>;
  refuse(organization: number, id: string, note: string, actor: Actor, at: Date): Promise<Decision>;
  /** Brings the end of an approved one forward; never later than it is. */
  shorten(
    organization: number,
    id: string,
    terms: { readonly expiresAt: Date; readonly note: string },
    actor: Actor,
    at: Date,
  ): Promise<Decision>;
  /** Ends it now, or takes the request back. */
  withdraw(organization: number, id: string, note: string, actor: Actor, at: Date): Promise<Decision>;
  byId(organization: number, id: string): Promise<WaiverRecord | undefined>;
  /** Oldest first. */
  history(organization: number, id: string): Promise<readonly WaiverEvent[]>;
  /** Asked for and not decided, oldest first. */
  waiting(organization: number, limit: number): Promise<readonly WaiverRecord[]>;
  waitingCount(organization: number): Promise<number>;
  /** Approved and not over (also those whose start is to come), soonest end first. */
  inForce(organization: number, at: Date, limit: number, before?: Date): Promise<readonly WaiverRecord[]>;
  /** Expired, refused or withdrawn, newest first. */
  ended(organization: number, at: Date, limit: number, offset: number): Promise<readonly WaiverRecord[]>;
  endedCount(organization: number, at: Date): Promise<number>;
  /** Waiting for this very device, oldest first. */
  waitingFor(organization: number, device: number): Promise<readonly WaiverRecord[]>;
  /** What it excuses at this moment, or would once approved. */
  coverage(waiver: WaiverRecord, limit: number): Promise<Coverage>;
  /** For judging now. */
  granted(organization: number): Promise<GrantedWaivers>;
  /** As of a revision a caller has read; what was read once is remembered. */
  grantedAt(organization: number, revision: number): Promise<GrantedWaivers>;
  /** What was in force at a moment of the past, also what was withdrawn since. */
  asOf(organization: number, at: Date): Promise<readonly WaiverRecord[]>;
}

/** Revisions of this many organizations are remembered. */
const maxRemembered = 1_000;

export function waiverStore(db: Database): WaiverStore {
  const remembered = new Map<number, GrantedWaivers>();
  const records = (organization: number) =>
    db
      .selectFrom('waivers')
      .leftJoin('devices', 'devices.number', 'waivers.device')
      .selectAll('waivers')
      .select(['devices.label', 'devices.asset_tag'])
      .where('waivers.organization', '=', organization);

  async function grantedAt(organization: number, revision: number): Promise<GrantedWaivers> {
    const known = remembered.get(organization);
    if (known?.revision === revision) return known;
    const rows = await records(organization).where('status', '=', 'approved').execute();
    const granted = grantedOf(revision, rows.map(recordOf));
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(organization, granted);
    return granted;
  }

  return {
    request: (...given) => request(db, ...given),
    requestFromDevice: (...given) => requestFromDevice(db, ...given),
    approve: (...given) => approve(db, ...given),
    refuse: (...given) => refuse(db, ...given),
    shorten: (...given) => shorten(db, ...given),
    withdraw: (...given) => withdraw(db, ...given),
    async byId(organization, id) {
      const row = await records(organization).where('waivers.id', '=', id).executeTakeFirst();
      return row && recordOf(row);
    },
    async history(organization, id) {
      const rows = await db
        .selectFrom('waiver_events')
        .innerJoin('waivers', 'waivers.id', 'waiver_events.waiver')
        .selectAll('waiver_events')
        .where('waivers.organization', '=', organization)
        .where('waiver_events.waiver', '=', id)
        .orderBy('waiver_events.number')
        .execute();
      return rows.map((row) => ({
        at: new Date(row.at),
        actor: row.actor as Actor,
        action: row.action as WaiverEvent['action'],
        note: row.note,
        expiresAt: momentOf(row.expires_at),
      }));
    },
    async waiting(organization, limit) {
      const rows = await records(organization)
        .where('status', '=', 'requested')
        .orderBy('requested_at')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async waitingCount(organization) {
      const { total } = await db
        .selectFrom('waivers')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .where('status', '=', 'requested')
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    async inForce(organization, at, limit, before) {
      const rows = await records(organization)
        .where('ends_at', '>', at.getTime())
        .$if(before !== undefined, (query) => query.where('ends_at', '<=', before?.getTime() ?? 0))
        .where('status', '=', 'approved')
        .orderBy('ends_at')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async ended(organization, at, limit, offset) {
      const rows = await records(organization)
        .where('ends_at', '<=', at.getTime())
        .orderBy('ends_at', 'desc')
        .orderBy('waivers.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(recordOf);
    },
    async endedCount(organization, at) {
      const { total } = await db
        .selectFrom('waivers')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .where('ends_at', '<=', at.getTime())
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    async after(organization, id, limit) {
      const rows = await records(organization)
        .where('waivers.id', '>', id)
        .orderBy('waivers.id')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async waitingFor(organization, device) {
      const rows = await records(organization)
        .where('waivers.device', '=', device)
        .where('status', '=', 'requested')
        .orderBy('requested_at')
        .execute();
      return rows.map(recordOf);
    },
    coverage: ({ organization, scope, check, point }, limit) =>
      coverage(db, organization, scope, point === null ? check : `${check}/${point}`, limit),
    async granted(organization) {
      const { waiver_revision } = await db
        .selectFrom('organizations')
        .select('waiver_revision')
        .where('number', '=', organization)
        .executeTakeFirstOrThrow();
      return grantedAt(organization, waiver_revision);
    },
    grantedAt,
    async asOf(organization, at) {
      const moment = at.getTime();
      // An expiry only ever moves forward in time, never before the day it was moved: the last one says it for every moment.
      const rows = await records(organization)
        .where('ends_at', '>', moment)
        .where('status', 'in', ['approved', 'withdrawn'])
        .where('starts_at', '<=', moment)
        .where('decided_at', '<=', moment)
        .execute();
      return rows.map(recordOf);
    },
  };
}
