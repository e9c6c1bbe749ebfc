import { canonicalJson } from '../../shared/canonical.ts';
import { type Check, type Mode, modes } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { numberSource } from '../../shared/number-sources.ts';
import { isLooser, parametersOf, valueWords } from '../../shared/parameter.ts';
import type { PointPolicy, Policy, RunSchedule } from '../../shared/policy.ts';
import { duration } from '../../shared/words.ts';

/** One thing that another version of a policy says otherwise, in words. */
export interface PolicyChange {
  /** Null where it is about the policy as a whole. */
  readonly check: CheckId | null;
  readonly checkTitle: string;
  readonly point: string | null;
  readonly pointTitle: string;
  /** What changes: `How it counts`, `Locks after at most`. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** It asks for less than before, or may. */
  readonly looser: boolean;
  /** The company's own text asks for what is changed here. */
  readonly companyText: boolean;
}

const modeWords: Record<Mode, string> = {
  enforce: 'counts',
  warn: 'reminder only',
  advisory: 'for information',
  off: 'not asked',
};

const everyPoint: readonly { id: CheckId; check: Check; name: string }[] = checkIds.flatMap((id) => {
  const check = checks[id] as unknown as Check;
  return Object.keys(check.points).map((name) => ({ id, check, name }));
});

/** What one policy says otherwise than another, point by point in the catalogue's order. Pure. */
export function policyDifference(from: Policy, to: Policy): readonly PolicyChange[] {
  return [
    ...wholeDifference(from, to),
    ...everyPoint.flatMap(({ id, check, name }) => {
      const before = from.checks[id][name];
      const after = to.checks[id][name];
      if (before === undefined || after === undefined) return [];
      return pointDifference(check, name, before, after).map((change) => ({
        check: id,
        checkTitle: check.title,
        point: name,
        pointTitle: check.points[name]?.title ?? name,
        companyText: before.numberFrom === 'text',
        ...change,
      }));
    }),
  ];
}

type Change = Pick<PolicyChange, 'what' | 'from' | 'to' | 'looser'>;

function pointDifference(check: Check, name: string, before: PointPolicy, after: PointPolicy): Change[] {
  const changes: Change[] = [];
  const add = (what: string, from: string, to: string, looser = false) => {
    if (from !== to) changes.push({ what, from, to, looser });
  };
  add(
    'How it counts',
    modeWords[before.mode],
    modeWords[after.mode],
    modes.indexOf(after.mode) > modes.indexOf(before.mode),
  );
  const point = check.points[name];
  // What was not asked before cannot be asked less.
  for (const parameter of point === undefined ? [] : parametersOf(point)) {
    const [from, to] = [before.params[parameter.name], after.params[parameter.name]];
    if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) continue;
    add(
      parameter.title,
      valueWords(parameter, from),
      valueWords(parameter, to),
      before.mode !== 'off' && isLooser(parameter, from, to),
    );
  }
  add('Severity', before.severity, after.severity);
  add('Clauses', clauseWords(before), clauseWords(after));
  add('Where the number comes from', sourceWords(before), sourceWords(after));
  return changes;
}

const clauseWords = ({ clauses }: PointPolicy) => (clauses.length === 0 ? 'none' : clauses.join(', '));
const sourceWords = ({ numberFrom }: PointPolicy) =>
  numberFrom === undefined ? 'not said' : numberSource(numberFrom);

/** How often laptops report, in words. */
export function scheduleWords(run: RunSchedule | undefined): string {
  return run === undefined
    ? 'as the agent does by itself (once a day)'
    : `every ${duration(run.everyMinutes * 60)}, spread over ${duration(run.jitterMinutes * 60)}`;
}

function wholeDifference(from: Policy, to: Policy): PolicyChange[] {
  const whole = {
    check: null,
    checkTitle: 'The policy as a whole',
    point: null,
    pointTitle: '',
    looser: false,
    companyText: false,
  };
  const changes: PolicyChange[] = [];
  const add = (what: string, before: string, after: string) => {
    if (before !== after) changes.push({ ...whole, what, from: before, to: after });
  };
  add('Name', from.id, to.id);
  add('Laptops report', scheduleWords(from.run), scheduleWords(to.run));
  for (const table of Object.keys(to.data ?? {}) as (keyof NonNullable<Policy['data']>)[]) {
    add(`Table of ${table}`, from.data?.[table].date ?? 'none', to.data?.[table].date ?? 'none');
  }
  return changes;
}
