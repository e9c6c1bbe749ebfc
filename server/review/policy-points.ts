import { type Check, type Mode, modes, type Severity } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { parametersOf, valueWords } from '../../shared/parameter.ts';
import type { Policy } from '../../shared/policy.ts';

/** What a policy asks of one point, in words. */
export interface PolicyPoint {
  readonly point: string;
  readonly title: string;
  readonly expected: string;
  /** Where `expected` alone does not say everything. */
  readonly parameters: readonly { readonly title: string; readonly value: string }[];
  readonly mode: Mode;
  readonly severity: Severity;
  readonly clauses: readonly string[];
  readonly numberFrom: string | undefined;
}

export interface PolicyCheck {
  readonly check: CheckId;
  readonly title: string;
  /** That of its most demanding point. */
  readonly mode: Mode;
  readonly points: readonly PolicyPoint[];
}

/** Everything a policy asks, in the catalogue's order. Pure. */
export function policyPoints(policy: Policy): readonly PolicyCheck[] {
  return checkIds.map((id) => {
    const check = checks[id] as unknown as Check;
    const points = Object.entries(check.points).flatMap(([name, point]): PolicyPoint[] => {
      const settings = policy.checks[id][name];
      if (settings === undefined) return [];
      const { mode, severity, clauses, numberFrom, params } = settings;
      const parameters = parametersOf(point);
      return [
        {
          point: name,
          title: point.title,
          expected: point.expected(params as never),
          parameters:
            parameters.length < 2
              ? []
              : parameters
                  .filter(({ name: key, stricter }) => params[key] !== undefined || stricter !== 'none')
                  .map((parameter) => ({
                    title: parameter.title,
                    value: valueWords(parameter, params[parameter.name]),
                  })),
          mode,
          severity,
          clauses,
          numberFrom,
        },
      ];
    });
    return {
      check: id,
      title: check.title,
      mode: modes.find((mode) => points.some((point) => point.mode === mode)) ?? 'off',
      points,
    };
  });
}
