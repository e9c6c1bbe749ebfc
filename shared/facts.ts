import { z } from 'zod';
import { type Answer, answerSchema } from './answer.ts';
import type { Check, Point } from './check.ts';
import { type CheckId, checkIds, checks } from './checks/index.ts';

/** What a device reports: per check and point an answer. Closed and small; never names, serials, networks, paths. */
export type Facts = { readonly [Id in CheckId]?: { readonly [point: string]: Answer<unknown> } };

const factsOf = (check: Check, object: typeof z.object) =>
  object(
    Object.fromEntries(
      Object.entries(check.points as Record<string, Point>).map(([name, point]) => [
        name,
        answerSchema(point.value).optional(),
      ]),
    ),
  );

const facts = (object: typeof z.object) =>
  object(
    Object.fromEntries(
      checkIds.map((id) => [id, factsOf(checks[id] as unknown as Check, object).optional()]),
    ),
  ) as unknown as z.ZodType<Facts>;

/** As this build writes them: nothing outside the catalogue can be said. */
export const Facts: z.ZodType<Facts> = z.lazy(() => facts(z.strictObject as unknown as typeof z.object));

/** As a peer of another version sends them: a check or point this build has never heard of is dropped, values stay closed. */
export const PeerFacts: z.ZodType<Facts> = z.lazy(() => facts(z.object));

const peerChecks = new Map<CheckId, z.ZodType<NonNullable<Facts[CheckId]>>>();

/** What a peer of another version says of one check; `PeerFacts` is all of them. */
export function peerCheckFacts(id: CheckId): z.ZodType<NonNullable<Facts[CheckId]>> {
  const known = peerChecks.get(id);
  if (known !== undefined) return known;
  const schema = factsOf(checks[id] as unknown as Check, z.object) as unknown as z.ZodType<
    NonNullable<Facts[CheckId]>
  >;
  peerChecks.set(id, schema);
  return schema;
}
