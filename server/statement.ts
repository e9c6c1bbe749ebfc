import type { ClauseSet } from '../shared/clauses.ts';
import type { Policy } from '../shared/policy.ts';
import { Report } from '../shared/report.ts';
import { lookBack } from './history/look-back.ts';
import { policyThen } from './history/policy-then.ts';
import { verifyStored } from './ingest/verify-evidence.ts';
import { registerEvidence } from './registers/evidence.ts';
import type { ClauseEvidence, PointEvidence } from './review/clause-evidence.ts';
import { type ClauseStatement, stateClauses } from './review/clauses.ts';
import {
  type CollectorMeasurements,
  type EvidenceSample,
  featureEvidence,
  type Transport,
} from './review/features.ts';
import { pointEvidence } from './review/point-evidence.ts';
import { sentencesOf } from './sentences.ts';
import { readJson, splitJws } from './signing/compact-jws.ts';
import { publicKeyOf } from './signing/keys.ts';
import type { Stores } from './storage/stores.ts';

/** The clause statement of an organization at a moment. */
export interface OrganizationStatement {
  readonly policy: Policy;
  /** Undefined where nobody has told the sentences behind its policy. */
  readonly set: ClauseSet | undefined;
  readonly clauses: readonly ClauseStatement[];
}

/**
 * Gathers the evidence there was at a moment and states every sentence by the policy then in force. Of a moment before now, only
 * that counts of the collector itself which it kept. `transport` is how a request for it came in; null where none did.
 */
export async function stateOrganization(
  stores: Stores,
  organization: number,
  at: Date,
  now: Date,
  transport: Transport | null = null,
): Promise<OrganizationStatement> {
  const policy = await policyThen(stores, organization, at);
  const set = await sentencesOf(stores, organization, policy.id, at);
  if (set === undefined) return { policy, set, clauses: [] };
  const [points, registers, attestations, exclusions, numbers, sample, chain] = await Promise.all([
    at < now
      ? pointsThen(stores, organization, pointsOf(set), at)
      : pointsNow(stores, organization, pointsOf(set), at),
    registerEvidence(stores, organization, set, at),
    stores.attestations.coverage(organization, at),
    stores.clauses.exclusions(organization, at),
    stores.measurements.read(organization, at),
    sampleOf(stores, organization, now),
    chainOf(stores, now),
  ]);
  const evidence: ClauseEvidence = {
    at,
    policy,
    points,
    registers,
    attestations,
    exclusions,
    features: featureEvidence({ ...numbers, sample, chain, transport }, at, at < now),
  };
  return { policy, set, clauses: stateClauses(set, evidence) };
}

/** How the laptops answer now, out of the maintained counters. */
export const pointsNow = async (
  stores: Stores,
  organization: number,
  points: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, PointEvidence>> =>
  stores.pointCounts.read(organization, points, await stores.waivers.asOf(organization, now));

/** How they answered at a moment, told laptop by laptop. */
export async function pointsThen(
  stores: Stores,
  organization: number,
  points: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, PointEvidence>> {
  const { fleet, waivers } = await lookBack(stores, organization, at);
  return pointEvidence(fleet.devices, points, waivers);
}

/** The points that sentences rest on, or that are shown beside them. */
const pointsOf = (set: ClauseSet): readonly string[] => [
  ...new Set(
    set.clauses.flatMap(({ answers, supports, conflicts }) =>
      [...answers, ...supports, ...conflicts.flatMap(({ about }) => about ?? [])].flatMap((answer) =>
        answer.kind === 'check' ? [`${answer.check}/${answer.point}`] : [],
      ),
    ),
  ),
];

const sampled = 20;
/** What was found in a sample is told again for so long, with the moment it is of. */
const sampleGoodForMs = 10 * 60_000;
const samples = new WeakMap<Stores, Map<number, EvidenceSample>>();

async function sampleOf(stores: Stores, organization: number, now: Date): Promise<EvidenceSample> {
  const kept = samples.get(stores) ?? new Map<number, EvidenceSample>();
  samples.set(stores, kept);
  const known = kept.get(organization);
  if (known !== undefined && Math.abs(now.getTime() - known.at.getTime()) < sampleGoodForMs) return known;
  const sample = await sampleEvidence(stores, organization, now);
  // Nothing to tell yet is soon over.
  if (sample.reports > 0) kept.set(organization, sample);
  return sample;
}

/** Verifies the newest reports of a few laptops again, and the facts they stand on. */
async function sampleEvidence(stores: Stores, organization: number, at: Date): Promise<EvidenceSample> {
  const newest = {
    search: '',
    state: null,
    platform: null,
    check: null,
    sort: 'report',
    descending: true,
  } as const;
  const devices = await stores.devices.list(organization, newest, sampled, 0);
  const found = { at, laptops: 0, reports: 0, genuine: 0, closed: 0 };
  for (const { number, id, sequence, factsSequence, publicKey } of devices) {
    if (sequence === 0) continue;
    found.laptops += 1;
    const key = publicKeyOf(publicKey);
    for (const wanted of new Set([sequence, factsSequence ?? sequence])) {
      const stored = await stores.reports.bySequence(number, wanted);
      found.reports += 1;
      if (stored === undefined || 'fault' in verifyStored(stored, { id, key })) continue;
      found.genuine += 1;
      const payload = splitJws(stored.jws ?? '')?.payload;
      if (payload !== undefined && Report.safeParse(readJson(payload)).success) found.closed += 1;
    }
  }
  return found;
}

/** Going through a long audit log takes a while: then what was found the last time is told, with its moment. */
async function chainOf(stores: Stores, now: Date): Promise<CollectorMeasurements['chain']> {
  return (
    (await stores.audit.chainState(now)) ?? {
      at: now,
      brokenAt: (await stores.audit.firstBroken()) ?? null,
    }
  );
}
