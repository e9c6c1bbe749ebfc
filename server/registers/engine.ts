import type { Actor } from '../storage/audit.ts';
import { endOf } from './calendar.ts';
import { nextDue, readClocks } from './clock.ts';
import { type Field, recordSchema, type Value, type Values } from './field.ts';
import type { FieldChange, RecordEvent, RecordWrite, RegisterRecord } from './record.ts';
import { type AnyTransition, type Occurrence, type Register, stateOf } from './register.ts';

/** What was asked cannot be done as it stands; in words, by field where it is about one. */
export class RegisterRefusal extends Error {
  override readonly name = 'RegisterRefusal';
  readonly fields: Readonly<Record<string, string>>;

  constructor(message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.fields = fields;
  }
}

/** A record with everything that is known of it, as rules look at it. */
export interface FullRecord {
  readonly record: RegisterRecord;
  readonly personal: Values;
  readonly history: readonly RecordEvent[];
}

/** The record as it stands, for clocks and steps. */
export function occurrenceOf(
  register: Register,
  { record, personal, history }: FullRecord,
): Occurrence<Values> {
  return {
    values: { ...record.values, ...personal },
    state: record.state,
    closed: stateOf(register, record.state).closed === true,
    createdAt: record.createdAt,
    path: pathOf(history),
  };
}

/** Each state the record came into; steps that stayed where they were are not in it. */
function pathOf(history: readonly RecordEvent[]): Occurrence<Values>['path'] {
  return history
    .filter(({ state }, index) => index === 0 || state !== history[index - 1]?.state)
    .map(({ state, at }) => ({ state, at }));
}

/** A new record. Throws RegisterRefusal. */
export function beginRecord(register: Register, given: Values, at: Date): RecordWrite {
  const values = checked(register, given);
  const occurrence: Occurrence<Values> = {
    values,
    state: register.start,
    closed: stateOf(register, register.start).closed === true,
    createdAt: at,
    path: [{ state: register.start, at }],
  };
  return writeOf(register, occurrence, at, { action: 'create', before: {} });
}

/** Other values in the same state. Throws RegisterRefusal. */
export function changeRecord(register: Register, full: FullRecord, given: Values, at: Date): RecordWrite {
  const state = stateOf(register, full.record.state);
  if (state.frozen === true || state.closed === true) {
    throw new RegisterRefusal(
      state.closed === true
        ? 'This record is closed. Open it again to change it.'
        : 'This record was approved. Take it back to change it.',
    );
  }
  const before = occurrenceOf(register, full);
  const values = checked(register, given);
  return writeOf(register, { ...before, values }, at, { action: 'change', before: before.values });
}

/** Is the step open to the record as it stands? */
export const isOffered = (transition: AnyTransition, record: Occurrence<Values>): boolean =>
  transition.from.includes(record.state) && transition.offered?.(record) !== false;

/** What keeps a person from taking a step; undefined where nothing does. */
export function hindrance(
  register: Register,
  transition: AnyTransition,
  history: readonly RecordEvent[],
  person: Actor,
): string | undefined {
  if (transition.secondPerson !== true) return undefined;
  const decisions = new Set(
    register.transitions.filter(({ secondPerson }) => secondPerson === true).map(({ id }) => id),
  );
  const wrote = history.some((event) => event.actor === person && !decisions.has(event.action));
  return wrote ? 'A second person decides: somebody who neither made nor changed this record.' : undefined;
}

/** A step to another state, with what it asks for on the spot. Throws RegisterRefusal. */
export function stepRecord(
  register: Register,
  full: FullRecord,
  transition: AnyTransition,
  given: Values,
  person: Actor,
  at: Date,
): RecordWrite {
  const before = occurrenceOf(register, full);
  if (!isOffered(transition, before)) {
    throw new RegisterRefusal('The record has moved on in the meantime; this step is no longer open to it.');
  }
  const hindered = hindrance(register, transition, full.history, person);
  if (hindered !== undefined) throw new RegisterRefusal(hindered);
  const asked = Object.fromEntries(
    (transition.asks ?? []).filter((id) => given[id] !== undefined).map((id) => [id, given[id]]),
  );
  const answered = { ...before, values: checked(register, { ...before.values, ...asked }) };
  const missing = transition.needs?.(answered, at) ?? {};
  if (Object.keys(missing).length > 0) {
    throw new RegisterRefusal('Something is missing for this step.', missing as Record<string, string>);
  }
  const values = { ...answered.values, ...transition.sets?.(answered, at) };
  const moved = transition.to !== before.state;
  const after: Occurrence<Values> = {
    ...before,
    values,
    state: transition.to,
    closed: stateOf(register, transition.to).closed === true,
    path: moved ? [...before.path, { state: transition.to, at }] : before.path,
  };
  return writeOf(register, after, at, { action: transition.id, before: before.values });
}

/** Values that fit the schema and each other, without what is empty. Throws RegisterRefusal. */
function checked(register: Register, given: Values): Values {
  const parsed = recordSchema(register.fields).safeParse(given);
  if (!parsed.success) {
    const fields: Record<string, string> = {};
    for (const { path, message } of parsed.error.issues) {
      const [id] = path;
      if (typeof id !== 'string') continue;
      fields[id] ??= given[id] === undefined ? 'Fill this in.' : message;
    }
    throw new RegisterRefusal('Some fields need another look.', fields);
  }
  const values = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  const contradictions = register.check(values);
  if (Object.keys(contradictions).length > 0) {
    throw new RegisterRefusal('Some fields need another look.', contradictions);
  }
  return values;
}

function writeOf(
  register: Register,
  occurrence: Occurrence<Values>,
  at: Date,
  { action, before }: { readonly action: string; readonly before: Values },
): RecordWrite {
  const { values, state, closed, path } = occurrence;
  const open = part(register, values, false);
  const personal = part(register, values, true);
  const due = closed ? undefined : nextDue(register, occurrence);
  const closedAt = closed ? (path.at(-1)?.at ?? at) : null;
  return {
    title: register.name(open).slice(0, 200),
    state,
    closed,
    values: open,
    dueAt: due?.dueAt ?? null,
    due: due?.title ?? '',
    missed: readClocks(register, occurrence, at).filter(({ standing }) => standing === 'met-late').length,
    closedAt,
    purgeAt: closedAt === null ? null : endOf(closedAt, register.retention.period),
    personal: same(part(register, before, true), personal) ? undefined : personal,
    links: Object.entries(register.fields).flatMap(([field, { kind }]) =>
      kind === 'records' ? listOf(values[field]).map((target) => ({ field, target })) : [],
    ),
    event: { action, changes: changesOf(register, before, values) },
  };
}

/** The personal fields of a record, or all the others. */
export function part(register: Register, values: Values, personal: boolean): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([id, value]) => value !== undefined && (register.fields[id]?.personal === true) === personal,
    ),
  );
}

function changesOf(register: Register, before: Values, after: Values): RecordEvent['changes'] {
  const changes: Record<string, FieldChange> = {};
  for (const [id, field] of Object.entries<Field>(register.fields)) {
    if (same(before[id], after[id])) continue;
    changes[id] = field.personal === true ? null : { before: before[id], after: after[id] };
  }
  return changes;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const listOf = (value: Value | undefined) => (Array.isArray(value) ? (value as readonly string[]) : []);

/** The record without what some of its fields say about people; also where it is closed. Required or not: it is gone. */
export function eraseFields(
  register: Register,
  full: FullRecord,
  fields: readonly string[],
  at: Date,
): RecordWrite {
  const before = occurrenceOf(register, full);
  const values = Object.fromEntries(Object.entries(before.values).filter(([id]) => !fields.includes(id)));
  return writeOf(register, { ...before, values }, at, { action: 'erase', before: before.values });
}
