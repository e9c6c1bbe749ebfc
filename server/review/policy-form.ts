import type { z } from 'zod';
import { type Check, type Mode, modes, type Severity, severities } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import {
  amountWords,
  isTime,
  type Parameter,
  parametersOf,
  readTime,
  timeText,
} from '../../shared/parameter.ts';
import { AuthoredPolicy, extendPolicy, type Policy, RunSchedule } from '../../shared/policy.ts';

/** What a form sends: a text, or several of one name. */
export type FormBody = Readonly<Record<string, string | readonly string[]>>;

/** A parameter as a form shows it. */
export interface ParameterField {
  readonly name: string;
  readonly parameter: Parameter;
  /** As it stands in the form: a text, chosen options, or texts by name. */
  readonly value: string | readonly string[] | Readonly<Record<string, string>>;
  readonly hint: string | undefined;
  /** Why it cannot be so, in words. */
  readonly error: string | undefined;
}

export interface PointFields {
  readonly point: string;
  readonly title: string;
  readonly mode: Mode;
  readonly severity: Severity;
  /** Separated by commas. */
  readonly clauses: string;
  readonly numberFrom: string;
  readonly parameters: readonly ParameterField[];
  /** About clauses and source. */
  readonly errors: Readonly<Record<'clauses' | 'numberFrom', string | undefined>>;
}

/** The settings of a check as a form shows them. */
export interface CheckFields {
  readonly check: CheckId;
  readonly title: string;
  readonly rationale: string;
  readonly points: readonly PointFields[];
}

const pointsOf = (id: CheckId) => Object.entries((checks[id] as unknown as Check).points);

/** The form for a check, filled as a policy has it. Pure. */
export function checkFields(id: CheckId, policy: Policy): CheckFields {
  const { title, rationale } = checks[id] as unknown as Check;
  return {
    check: id,
    title,
    rationale,
    points: pointsOf(id).flatMap(([name, point]): PointFields[] => {
      const settings = policy.checks[id][name];
      if (settings === undefined) return [];
      const { mode, severity, clauses, numberFrom, params } = settings;
      return [
        {
          point: name,
          title: point.title,
          mode,
          severity,
          clauses: clauses.join(', '),
          numberFrom: numberFrom ?? '',
          parameters: parametersOf(point).map((parameter) => ({
            name: `${name}.params.${parameter.name}`,
            parameter,
            value: shownValue(parameter, params[parameter.name]),
            hint: hintOf(parameter),
            error: undefined,
          })),
          errors: { clauses: undefined, numberFrom: undefined },
        },
      ];
    }),
  };
}

function shownValue(parameter: Parameter, value: unknown): ParameterField['value'] {
  if (typeof value === 'number') return isTime(parameter) ? timeText(value, parameter) : String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'string') return value;
  return parameter.kind === 'texts' ? ((value ?? {}) as Record<string, string>) : '';
}

function hintOf(parameter: Parameter): string | undefined {
  if (parameter.kind === 'integer') {
    const bounds = boundsWords(parameter);
    return isTime(parameter) ? `A time such as 45s, 15m or 1h; ${bounds}` : sentence(bounds);
  }
  return parameter.kind === 'list'
    ? [parameter.hint, 'one a line'].filter(Boolean).join('; ')
    : parameter.hint;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const boundsWords = (parameter: Parameter & { readonly kind: 'integer' }) =>
  `from ${amountWords(parameter.min, parameter)} to ${amountWords(parameter.max, parameter)}`;

const texts = (given: string | readonly string[] | undefined): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;
const text = (given: string | readonly string[] | undefined) => (texts(given)[0] ?? '').trim();

/** What a form says for one parameter, and how it looks when it is shown again. */
function readParameter(
  name: string,
  parameter: Parameter,
  body: FormBody,
): { readonly shown: ParameterField['value']; readonly value?: unknown; readonly error?: string } {
  const given = text(body[name]);
  switch (parameter.kind) {
    case 'integer': {
      const value = isTime(parameter)
        ? readTime(given, parameter)
        : /^\d{1,9}$/.test(given)
          ? Number(given)
          : undefined;
      if (value === undefined) {
        const what = isTime(parameter) ? 'a time such as 45s, 15m or 1h' : 'a whole number';
        return { shown: given, error: `Write ${what}, ${boundsWords(parameter)}.` };
      }
      return value < parameter.min || value > parameter.max
        ? { shown: given, error: `It must be ${boundsWords(parameter)}.` }
        : { shown: given, value };
    }
    case 'boolean':
      return { shown: given, value: given === 'yes' };
    case 'choice':
      return parameter.options.includes(given)
        ? { shown: given, value: given }
        : { shown: given, error: 'Choose one of the list.' };
    case 'choices': {
      const chosen = texts(body[name]).filter((option) => parameter.options.includes(option));
      return { shown: chosen, value: chosen };
    }
    case 'list': {
      const lines = texts(body[name])
        .flatMap((lines) => lines.split(/[\n,]/))
        .map((line) => line.trim())
        .filter((line) => line !== '');
      return { shown: lines, value: lines };
    }
    case 'texts': {
      const entries = parameter.names.map((key) => [key, text(body[`${name}.${key}`])] as const);
      const filled = entries.filter(([, said]) => said !== '');
      return {
        shown: Object.fromEntries(entries),
        ...(filled.length > 0 && { value: Object.fromEntries(filled) }),
      };
    }
  }
}

/**
 * The policy with a check as a form says it; without `policy` where something cannot be so, and then the fields say what, as
 * they were filled in. Pure.
 */
export function readCheckFields(
  id: CheckId,
  base: Policy,
  body: FormBody,
): { readonly fields: CheckFields; readonly policy?: Policy } {
  const authored: Record<string, Record<string, unknown>> = {};
  const points = pointsOf(id).map(([name, point]): PointFields => {
    const clauses = text(body[`${name}.clauses`]);
    const numberFrom = text(body[`${name}.numberFrom`]);
    const mode = modes.find((known) => known === text(body[`${name}.mode`])) ?? point.mode;
    const severity = severities.find((known) => known === text(body[`${name}.severity`])) ?? point.severity;
    const parameters = parametersOf(point).map((parameter) => ({
      parameter,
      name: `${name}.params.${parameter.name}`,
      ...readParameter(`${name}.params.${parameter.name}`, parameter, body),
    }));
    authored[name] = {
      mode,
      severity,
      clauses: clauses === '' ? [] : clauses.split(',').map((clause) => clause.trim()),
      ...(numberFrom !== '' && { numberFrom }),
      ...Object.fromEntries(parameters.map(({ parameter, value }) => [parameter.name, value])),
    };
    return {
      point: name,
      title: point.title,
      mode,
      severity,
      clauses,
      numberFrom,
      parameters: parameters.map(({ parameter, name: field, shown, error }) => ({
        name: field,
        parameter,
        value: shown,
        hint: hintOf(parameter),
        error,
      })),
      errors: { clauses: undefined, numberFrom: undefined },
    };
  });
  const read = AuthoredPolicy.safeParse({
    policy: base.id,
    version: base.version,
    checks: { [id]: authored },
  });
  const { title, rationale } = checks[id] as unknown as Check;
  const fields = {
    check: id,
    title,
    rationale,
    points: points.map((fields) => withIssues(fields, read.error?.issues ?? [])),
  };
  const wrong = fields.points.some(
    ({ errors, parameters }) =>
      Object.values(errors).some((error) => error !== undefined) ||
      parameters.some(({ error }) => error !== undefined),
  );
  return wrong || !read.success ? { fields } : { fields, policy: extendPolicy(base, read.data) };
}

/** What the rules for written policies object to, at the fields it is about. */
function withIssues(fields: PointFields, issues: readonly z.core.$ZodIssue[]): PointFields {
  const about = (key: string) => issues.find(({ path }) => path[2] === fields.point && path[3] === key);
  return {
    ...fields,
    parameters: fields.parameters.map((field) => {
      const issue = about(field.parameter.name);
      return { ...field, error: field.error ?? (issue && issueWords(issue)) };
    }),
    errors: {
      clauses: about('clauses') && 'Each clause has at most 40 characters; commas part them.',
      numberFrom: about('numberFrom') && 'Choose one of the list.',
    },
  };
}

function issueWords(issue: z.core.$ZodIssue): string {
  const place = typeof issue.path[4] === 'number' ? `Line ${issue.path[4] + 1}: ` : '';
  if (issue.code === 'custom') return `${place}${issue.message}.`;
  if (issue.code === 'too_small')
    return issue.origin === 'array' ? 'Choose at least one.' : `${place}too short.`;
  if (issue.code === 'too_big') return `${place}too long.`;
  return `${place}not in a form that is known${place === '' ? '' : ' (see the hint)'}.`;
}

const everyMinutes = { title: 'Every', unit: 'minute', stricter: 'none' } as const;

/** How often laptops report, as a form shows it. */
export interface ScheduleFields {
  readonly every: string;
  readonly jitter: string;
  readonly errors: Readonly<Record<'every' | 'jitter', string | undefined>>;
}

export const agentSchedule: RunSchedule = { everyMinutes: 24 * 60, jitterMinutes: 4 * 60 };

export function scheduleFields({ run = agentSchedule }: Policy): ScheduleFields {
  return {
    every: timeText(run.everyMinutes, everyMinutes),
    jitter: run.jitterMinutes === 0 ? '0m' : timeText(run.jitterMinutes, everyMinutes),
    errors: { every: undefined, jitter: undefined },
  };
}

/** The policy with the schedule a form says; without `policy` where it cannot be so. Pure. */
export function readScheduleFields(
  base: Policy,
  body: FormBody,
): { readonly fields: ScheduleFields; readonly policy?: Policy } {
  const [every, jitter] = [text(body['every']), text(body['jitter'])];
  const read = RunSchedule.safeParse({
    everyMinutes: readTime(every, everyMinutes),
    jitterMinutes: readTime(jitter, everyMinutes),
  });
  const wrong = (key: string) => read.error?.issues.some(({ path }) => path[0] === key);
  const fields = {
    every,
    jitter,
    errors: {
      every: wrong('everyMinutes')
        ? 'Write a time such as 30m, 12h or 1d, from 5 minutes to 7 days.'
        : undefined,
      jitter: wrong('jitterMinutes') ? 'Write a time such as 0m, 30m or 4h, up to 1 day.' : undefined,
    },
  };
  return read.success ? { fields, policy: { ...base, run: read.data } } : { fields };
}
