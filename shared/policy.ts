import { z } from 'zod';
import { Mode, type Point, Severity } from './check.ts';
import { type CheckId, checkIds, checks } from './checks/index.ts';
import { newestData, ReferenceData, shippedData } from './data/index.ts';
import { parseDuration } from './duration.ts';

/** Where a number in a policy comes from: the company's own text, or the standard we took it from. */
const NumberFrom = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,19}$/);

/** What a policy may say about any point, beside the point's own parameters. */
const settings = {
  mode: Mode.default('enforce'),
  severity: Severity.optional(),
  /** Sentences of the company's written policy this point answers. */
  clauses: z.array(z.string().max(40)).optional(),
  numberFrom: NumberFrom.optional(),
  conflictsWith: z.array(z.string().max(60)).optional(),
  compensates: z.string().max(60).optional(),
  note: z.string().max(500).optional(),
};

/** One point as a resolved policy has it: everything decided, nothing inherited any more. */
export interface PointPolicy {
  readonly mode: Mode;
  readonly severity: Severity;
  readonly clauses: readonly string[];
  readonly numberFrom?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How often devices report, and over how long each report is spread, so that it does not show when somebody works. */
export const RunSchedule = z.object({
  everyMinutes: z
    .int()
    .min(5)
    .max(7 * 24 * 60),
  jitterMinutes: z
    .int()
    .min(0)
    .max(24 * 60),
});
export type RunSchedule = z.output<typeof RunSchedule>;

/** How long an excuse may last: from its start to its end at most this many days. */
export const WaiverTerms = z.object({ maxDays: z.int().min(1).max(730) });
type WaiverTerms = z.output<typeof WaiverTerms>;

/** How many devices in a hundred take a new version of the agent; all of them where the policy says nothing. */
export const UpdateTerms = z.object({ percent: z.int().min(0).max(100) });
type UpdateTerms = z.output<typeof UpdateTerms>;

const Minutes = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return Math.round(milliseconds / 60_000);
  context.addIssue({ code: 'custom', message: 'a duration such as 15m, 24h or 7d' });
  return z.NEVER;
});

/** A policy ready to judge by. Versions only rise; a report names the version it was shown under. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly checks: { readonly [Id in CheckId]: Readonly<Record<string, PointPolicy>> };
  /** Support dates and the like to judge by: of each table the newest that the build or the policy brings. */
  readonly data?: ReferenceData | undefined;
  /** The agent's own default where the policy does not say. */
  readonly run?: RunSchedule | undefined;
  /** `maxWaiverDays` says what holds where the policy does not. */
  readonly waivers?: WaiverTerms | undefined;
  readonly updates?: UpdateTerms | undefined;
}

/** Built when first used: judging by the base policy never needs it. */
/** The parameters as a policy may leave them out: one that is not written is inherited, never set to its default. */
const withoutDefaults = (params: z.ZodObject) =>
  Object.fromEntries(
    Object.entries(params.shape).map(([key, schema]) => {
      const written =
        schema instanceof z.ZodDefault ? (schema.def.innerType as z.ZodType) : (schema as z.ZodType);
      return [key, written.optional()];
    }),
  );

const authoredChecks = () =>
  z.strictObject(
    Object.fromEntries(
      checkIds.map((id) => [
        id,
        z
          .strictObject(
            Object.fromEntries(
              Object.entries(checks[id].points as Record<string, Point>).map(([name, point]) => [
                name,
                z.strictObject({ ...settings, ...withoutDefaults(point.params) }).optional(),
              ]),
            ),
          )
          .optional(),
      ]),
    ),
  );

/**
 * A policy as people write it. A misspelt check, point or parameter is an error that names the place. `data` brings newer
 * tables than the build has. Other sections belong to registers, retention and schedules.
 */
export const AuthoredPolicy = z
  .looseObject({
    policy: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    version: z.int().positive(),
    extends: z.string().optional(),
    checks: z.lazy(authoredChecks),
    data: ReferenceData.partial().optional(),
    run: z.looseObject({ interval: Minutes.optional(), jitter: Minutes.optional() }).optional(),
    waivers: z.strictObject(WaiverTerms.shape).optional(),
    updates: z.strictObject(UpdateTerms.shape).optional(),
  })
  .superRefine(({ checks: written }, context) => {
    const approval = written['device-approval']?.['approved'] as { requires?: string[] } | undefined;
    for (const [index, required] of (approval?.requires ?? []).entries()) {
      const [id = '', point = ''] = required.split('/');
      if (Object.hasOwn(checks, id) && Object.hasOwn(checks[id as CheckId].points, point)) continue;
      const path = ['checks', 'device-approval', 'approved', 'requires', index];
      context.addIssue({ code: 'custom', path, message: `there is no point ${required}` });
    }
  });
export type AuthoredPolicy = z.infer<typeof AuthoredPolicy>;

/** The base policy: every default of the catalogue, and nothing else. */
export function basePolicy(): Policy {
  const entries = checkIds.map((id) => [
    id,
    Object.fromEntries(
      Object.entries(checks[id].points as Record<string, Point>).map(([name, point]) => [
        name,
        {
          mode: point.mode,
          severity: point.severity,
          clauses: [],
          ...(point.numberFrom !== undefined && { numberFrom: point.numberFrom }),
          params: point.params.parse({}),
        },
      ]),
    ),
  ]);
  return {
    id: 'base',
    version: 1,
    checks: Object.fromEntries(entries) as Policy['checks'],
    data: shippedData,
  };
}

/**
 * What an authored policy comes to on top of another. A point it names is enforced unless it says otherwise; parameters
 * it leaves out, and points it does not name, are as in `base`. Throws a ZodError that names the place.
 */
export function extendPolicy(base: Policy, authored: AuthoredPolicy): Policy {
  const entries = checkIds.map((id) => {
    const points = checks[id].points as Record<string, Point>;
    const written = authored.checks[id] as Record<string, Record<string, unknown> | undefined> | undefined;
    return [
      id,
      Object.fromEntries(
        Object.entries(base.checks[id]).map(([name, inherited]) => {
          const entry = written?.[name];
          const point = points[name];
          if (entry === undefined || point === undefined) return [name, inherited];
          const keys = Object.keys(point.params.shape).filter((key) => entry[key] !== undefined);
          const params = { ...inherited.params, ...Object.fromEntries(keys.map((key) => [key, entry[key]])) };
          const resolved: PointPolicy = {
            mode: entry['mode'] as Mode,
            severity: (entry['severity'] as Severity | undefined) ?? inherited.severity,
            clauses: (entry['clauses'] as string[] | undefined) ?? inherited.clauses,
            numberFrom: (entry['numberFrom'] as string | undefined) ?? inherited.numberFrom,
            params: point.params.parse(params),
          };
          return [name, resolved];
        }),
      ),
    ];
  });
  return {
    id: authored.policy,
    version: authored.version,
    checks: Object.fromEntries(entries) as Policy['checks'],
    data: newestData(base.data ?? shippedData, authored.data),
    run: authored.run === undefined ? base.run : runSchedule(authored.run, base.run),
    waivers: authored.waivers ?? base.waivers,
    updates: authored.updates ?? base.updates,
  };
}

function runSchedule(
  { interval, jitter }: { interval?: number | undefined; jitter?: number | undefined },
  inherited: RunSchedule = { everyMinutes: 24 * 60, jitterMinutes: 4 * 60 },
): RunSchedule {
  return RunSchedule.parse({
    everyMinutes: interval ?? inherited.everyMinutes,
    jitterMinutes: jitter ?? inherited.jitterMinutes,
  });
}

/** A written policy that cannot be used; the message names the place (`checks/firewall/enabled: ...`). */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/**
 * The policy that a parsed document (YAML or JSON) comes to on top of the one it extends, and that on top of its own; base where
 * it names none. `documentOf` finds the documents that may be extended. Throws PolicyError, also for one that in the end extends
 * itself.
 */
export function policyFrom(document: unknown, documentOf: (id: string) => unknown = () => undefined): Policy {
  return resolve(document, documentOf, []);
}

function resolve(document: unknown, documentOf: (id: string) => unknown, below: readonly string[]): Policy {
  const authored = understood(() => AuthoredPolicy.parse(document), below);
  const parent = authored.extends ?? 'base';
  if (parent === 'base') return understood(() => extendPolicy(basePolicy(), authored), below);
  const chain = [...below, authored.policy];
  if (chain.includes(parent)) {
    throw new PolicyError(`extends: ${[...chain, parent].join(' extends ')}, which goes round in a circle`);
  }
  const found = documentOf(parent);
  if (found === undefined) {
    throw new PolicyError(`extends: there is no policy named "${parent.slice(0, 40)}"`);
  }
  const extended = resolve(found, documentOf, chain);
  return understood(() => extendPolicy(extended, authored), below);
}

/** A slip is told by its place; `below` are the policies that led here. */
function understood<T>(read: () => T, below: readonly string[]): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    const place = issue?.path.join('/') ?? '';
    const what = place === '' ? 'it is no policy' : `${place}: ${issue?.message}`;
    throw new PolicyError(below.length === 0 ? what : `in what it extends: ${what}`);
  }
}
