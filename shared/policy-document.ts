import { z } from 'zod';
import { Mode, type Point, Severity } from './check.ts';
import { checkIds, checks } from './checks/index.ts';
import { newestData, ReferenceData, shippedData } from './data/index.ts';
import {
  basePolicy,
  type PointPolicy,
  type Policy,
  RunSchedule,
  UpdateTerms,
  WaiverTerms,
} from './policy.ts';
import { Id } from './report.ts';
import { DeviceWaiver } from './waiver.ts';

/** One point as it travels; its parameters are checked against the catalogue by `policyFrom`. */
const WirePoint = z.object({
  mode: Mode,
  severity: Severity,
  clauses: z.array(z.string().max(40)).max(100),
  numberFrom: z.string().max(20).optional(),
  params: z.record(z.string(), z.unknown()),
});

/** More than any device has: every point of every check, and then some. */
export const maxDeviceWaivers = 1_000;

/**
 * What `GET /api/v1/policy` answers, as the payload of a compact JWS signed by the collector: the organization's policy with
 * everything decided. Versions only rise: an agent refuses one that is older than the one it has.
 */
export const PolicyDocument = z.object({
  schema: z.literal('muster.policy/1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  version: z.int().positive(),
  publishedAt: z.iso.datetime(),
  checks: z.record(z.string(), z.record(z.string(), WirePoint)),
  data: ReferenceData.partial().optional(),
  run: RunSchedule.optional(),
  waivers: WaiverTerms.optional(),
  updates: UpdateTerms.optional(),
  /** What is for one device only: its waivers, those in force and those to come. Any other device leaves it out. */
  device: z.object({ id: Id, waivers: z.array(DeviceWaiver).max(maxDeviceWaivers) }).optional(),
});
export type PolicyDocument = z.output<typeof PolicyDocument>;

/** Header of the signed policy: `alg: EdDSA`, this `typ`, and nothing else. */
export const policyType = 'muster-policy+jws';
export const policyMediaType = 'application/jose';

/** The policy as it travels. Reference data goes along only where the policy itself brought it. */
export function policyDocument(policy: Policy, publishedAt: Date): PolicyDocument {
  const brought = (Object.keys(shippedData) as (keyof ReferenceData)[]).filter(
    (table) => (policy.data?.[table].date ?? '') > shippedData[table].date,
  );
  return {
    schema: 'muster.policy/1',
    id: policy.id,
    version: policy.version,
    publishedAt: publishedAt.toISOString(),
    checks: policy.checks as unknown as PolicyDocument['checks'],
    ...(policy.run !== undefined && { run: policy.run }),
    ...(policy.waivers !== undefined && { waivers: policy.waivers }),
    ...(policy.updates !== undefined && { updates: policy.updates }),
    ...(brought.length > 0 && {
      data: Object.fromEntries(brought.map((table) => [table, policy.data?.[table]])),
    }),
  };
}

/**
 * The policy a document means to this build. Checks and points this build does not know are dropped, those the document does
 * not know are as in the base policy. Throws a ZodError where a parameter is not what the catalogue allows.
 */
export function policyFrom(document: PolicyDocument): Policy {
  const base = basePolicy();
  const entries = checkIds.map((id) => {
    const points = checks[id].points as Record<string, Point>;
    return [
      id,
      Object.fromEntries(
        Object.entries(base.checks[id]).map(([name, inherited]): [string, PointPolicy] => {
          const sent = document.checks[id]?.[name];
          const point = points[name];
          if (sent === undefined || point === undefined) return [name, inherited];
          const known = Object.fromEntries(
            Object.entries(sent.params).filter(([key]) => Object.hasOwn(point.params.shape, key)),
          );
          return [name, { ...sent, params: point.params.parse(known) }];
        }),
      ),
    ];
  });
  return {
    id: document.id,
    version: document.version,
    checks: Object.fromEntries(entries) as Policy['checks'],
    data: newestData(base.data ?? shippedData, document.data),
    run: document.run,
    waivers: document.waivers,
    updates: document.updates,
  };
}
