/** A made-up fleet with a past, put in by signed reports that go the way every report goes. */
import type { Facts } from '../../shared/facts.ts';
import { type Policy, policyFrom } from '../../shared/policy.ts';
import { closeDays } from '../history/close-days.ts';
import { reportReceiver } from '../ingest/receive.ts';
import { reviewDue } from '../ingest/review-due.ts';
import { newId } from '../storage/ids.ts';
import type { VerifiedReport } from '../storage/ingest.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { dice } from './facts.ts';
import { type Life, sampleLife, tightenedOn, tightenedSeconds } from './life.ts';
import { decideOn, type SamplePeople } from './paperwork.ts';
import { SampleSigner } from './signer.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Reports that are kept in one transaction, as under load. */
const groupSize = 200;

/** The made-up companies, each with its share of the laptops; the first is the one to look at. */
const companies = [
  { name: 'River & Stone Architects', contact: 'it@river-stone.example', share: 0.7 },
  { name: 'Kestrel Analytics', contact: 'it@kestrel.example', share: 0.23 },
  { name: 'Maluti Legal', contact: 'it@maluti.example', share: 0.07 },
] as const;

const policyId = 'office-laptops';
/** So many of the companies tighten it. */
const tightening = 2;

/** A policy as a small company has it; its second version locks screens sooner. */
function policyOf(version: 1 | 2): Policy {
  return policyFrom({
    policy: policyId,
    version,
    extends: 'base',
    checks:
      version === 1 ? {} : { 'screen-lock': { idle: { severity: 'high', maxSeconds: tightenedSeconds } } },
  });
}

export interface SampleFleet {
  readonly stores: Stores;
  /** Laptops in all organizations together. */
  readonly devices: number;
  /** How many days the past is long. */
  readonly days: number;
  /** The moment the fleet is looked at; everything lies before. */
  readonly now: Date;
  /** Who grants waivers and takes laptops out; without them nobody does. */
  readonly people?: SamplePeople;
  /** Every so many days the collector looks at what nobody reported; each look costs a judgement a laptop. */
  readonly reviewEvery?: number;
  /** Told after each such look. */
  readonly reviewed?: (at: Date) => Promise<void>;
  /** Told after each day. */
  readonly progress?: (done: number, days: number) => void;
}

interface Laptop {
  readonly life: Life;
  readonly organization: Organization;
  readonly signer: SampleSigner;
  /** Its company tightens the policy on its day. */
  readonly tightened: boolean;
  said: Facts | undefined;
  /** On leave or retired: it is heard of no more. */
  gone: boolean;
}

/**
 * Makes the organizations, enrolls the laptops and lets them live: things break and are fixed, some fall silent, a policy is
 * tightened. The same at every run but for keys and ids. Answers the organizations.
 */
export async function seedSampleFleet(fleet: SampleFleet): Promise<readonly Organization[]> {
  const { stores, days, now, reviewEvery = 3 } = fleet;
  const start = startOfDay(now) - days * day;
  const organizations: Organization[] = [];
  for (const { name, contact } of companies) {
    const given = { name, contact, policy: policyOf(1), sample: true };
    organizations.push(await stores.organizations.create(given, 'console', new Date(start)));
  }
  const laptops = laptopsOf(fleet, organizations, start);
  const receive = reportReceiver(stores);
  for (let index = 0; index <= days; index += 1) {
    const today = start + index * day;
    if (index === tightenedOn(days)) {
      for (const organization of organizations.slice(0, tightening)) {
        await stores.organizations.publish(
          organization.number,
          policyOf(2),
          'console',
          new Date(today + 6 * 60 * minute),
          { reason: 'The insurer asks for screens that lock within ten minutes.' },
        );
      }
    }
    const reports = await reportsOf(laptops, index, today, fleet);
    for (let first = 0; first < reports.length; first += groupSize) {
      const group: VerifiedReport[] = await Promise.all(
        reports.slice(first, first + groupSize).map(({ jws, at }) => receive(jws, at)),
      );
      const outcomes = await stores.ingest.keep(group);
      const refused = outcomes.find(({ kind }) => kind !== 'kept');
      if (refused !== undefined) throw new Error(`a sample report was not kept: ${refused.kind}`);
    }
    const [first] = organizations;
    if (fleet.people !== undefined && first !== undefined) {
      const at = new Date(Math.min(now.getTime(), today + 16 * 60 * minute));
      const desk = { stores, organization: first, people: fleet.people, at };
      for (const id of await decideOn(index, days, desk)) {
        for (const laptop of laptops) laptop.gone ||= laptop.signer.id === id;
      }
    }
    if (index % reviewEvery === 0 || index === tightenedOn(days) || index === days) {
      const at = new Date(Math.min(now.getTime(), today + day - minute));
      while ((await reviewDue(stores, at, groupSize)) === groupSize);
      await closeDays(stores, at);
      await fleet.reviewed?.(at);
    }
    fleet.progress?.(index, days);
  }
  return organizations;
}

const startOfDay = (at: Date) => Math.floor(at.getTime() / day) * day;

function laptopsOf(
  { devices, days }: SampleFleet,
  organizations: readonly Organization[],
  start: number,
): readonly Laptop[] {
  const random = dice(7);
  // Monday is 0; 1 January 1970 was a Thursday.
  const firstWeekday = (start / day + 3) % 7;
  return organizations.flatMap((organization, index) =>
    Array.from({ length: Math.max(1, Math.round(devices * (companies[index]?.share ?? 0))) }, () => {
      const life = sampleLife(random, days, firstWeekday);
      const tightened = index < tightening;
      const signer = new SampleSigner(life.machine);
      return { life, organization, signer, tightened, said: undefined, gone: false };
    }),
  );
}

/** What comes in on one day, in the order of time. Who joins on this day enrolls first. */
async function reportsOf(
  laptops: readonly Laptop[],
  index: number,
  today: number,
  { stores, now, days }: SampleFleet,
): Promise<readonly { readonly jws: string; readonly at: Date }[]> {
  const reports: { jws: string; at: Date }[] = [];
  for (const laptop of laptops) {
    const { life, signer } = laptop;
    if (index < life.joins || laptop.gone) continue;
    const facts = life.facts(index);
    const at = new Date(today + (life.minute + ((index * 7 + life.minute * 3) % 23)) * minute + 17_000);
    if (at.getTime() > now.getTime() - minute || !life.reports(index)) continue;
    if (signer.sequence === 0) await enroll(laptop, stores, new Date(at.getTime() - 2 * minute));
    const version = laptop.tightened && index > tightenedOn(days) ? 2 : 1;
    const policy = { id: policyId, version };
    const members = { id: newId(at), takenAt: at.toISOString(), policy };
    const jws = facts === laptop.said ? signer.unchanged(members) : signer.full(facts, members);
    laptop.said = facts;
    reports.push({ jws, at: new Date(at.getTime() + 1_500) });
  }
  return reports.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

async function enroll({ organization, signer }: Laptop, stores: Stores, at: Date): Promise<void> {
  const given = {
    organization: organization.number,
    owner: 'company',
    expiresAt: new Date(at.getTime() + day),
  } as const;
  const code = await stores.enrollments.create(given, 'console', at);
  const { publicKey, machine } = signer;
  const enrolled = await stores.enrollments.enroll(
    { code, publicKey, agent: '0.1.0', machine, noticeVersion: '1' },
    at,
  );
  if (enrolled === undefined) throw new Error('a sample laptop was not enrolled');
  signer.id = enrolled.device;
}
