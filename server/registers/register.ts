import type { Permission, Role } from '../permissions.ts';
import type { Period } from './calendar.ts';
import type { Field, Fields, Values, ValuesOf } from './field.ts';

/** The look of a state; which icon and color. */
type Tone = 'attention' | 'compliant' | 'none' | 'silent' | 'unknown';

export interface State {
  readonly title: string;
  readonly tone: Tone;
  /** Nothing more is to be done: its clocks stand still and retention begins. */
  readonly closed?: boolean;
  /** What was approved is not changed afterwards; a step back comes first. */
  readonly frozen?: boolean;
  /** What this state means, for those who meet it the first time. */
  readonly hint?: string;
}

/** A record as rules look at it. */
export interface Occurrence<V> {
  readonly values: V;
  readonly state: string;
  readonly closed: boolean;
  readonly createdAt: Date;
  /** Each state it came into, oldest first; the first is the one it was made in. */
  readonly path: readonly { readonly state: string; readonly at: Date }[];
}

/** Something that has to be done by a time. */
export interface Clock<V> {
  readonly id: string;
  /** What is to be done: `Tell the authority`. */
  readonly title: string;
  /** The rule in a sentence, and who made it. */
  readonly rule: string;
  readonly source: string;
  /** When it began to run; undefined while it does not. */
  from(record: Occurrence<V>): Date | undefined;
  due(start: Date, record: Occurrence<V>): Date;
  /** When it was done; undefined while it is not. */
  met(record: Occurrence<V>): Date | undefined;
  /** Time spent in these states is added to the due time; within one of them it is never late. */
  readonly pausedIn?: readonly string[];
}

/** A step from one state to another. */
export interface Transition<V> {
  readonly id: string;
  /** The button: `Approve`. */
  readonly title: string;
  readonly from: readonly string[];
  readonly to: string;
  /**
   * Takes a second person: someone allowed `registers.approve` who neither made nor changed the record.
   */
  readonly secondPerson?: boolean;
  /** Fields the step asks for on the spot; also where the record itself is no longer changed. */
  readonly asks?: readonly (keyof V & string)[];
  /** Is it a step for this record at all? Every record, where nothing is said. */
  offered?(record: Occurrence<V>): boolean;
  /** What is still missing, by field: the step is refused with these words beside the fields. */
  needs?(record: Occurrence<V>, at: Date): Partial<Record<keyof V & string, string>>;
  /** What the step itself writes into the record. */
  sets?(record: Occurrence<V>, at: Date): Partial<V>;
}

/** A letter, notice or form made of a record's fields. */
export interface RecordDocument<V> {
  readonly id: string;
  /** `Notice to the authority`. */
  readonly title: string;
  /** Its parts in order; one that is not known yet is empty, and the document says so. */
  parts(record: DocumentMaterial<V>): readonly DocumentPart[];
}

export interface DocumentMaterial<V> extends Occurrence<V> {
  readonly reference: string;
  readonly organization: string;
  readonly contact: string;
  readonly at: Date;
}

export interface DocumentPart {
  readonly heading: string;
  /** Empty where it is not known yet. */
  readonly text: string;
  /** Why it is asked for: `GDPR Art. 33(3)(a)`. */
  readonly source?: string;
}

export interface Retention {
  readonly period: Period;
  /** What the period counts from, in words; it is always the day the record was closed. */
  readonly reason: string;
  readonly source: string;
}

/** One kind of paperwork: what its records hold, how they go on, by when, who answers for it and how long they are kept. */
export interface RegisterDefinition<F extends Fields, S extends string> {
  readonly id: string;
  /** Before the number of a record: `BR-12`. */
  readonly prefix: string;
  readonly title: string;
  /** One record, in the middle of a sentence: `breach`. */
  readonly noun: string;
  /** What it is for, in a sentence or two. */
  readonly purpose: string;
  /** What an empty register teaches: when the first record is due and what it takes. */
  readonly whenEmpty: string;
  /** Who says that it is to be kept: law, standard or our own default. */
  readonly source: string;
  /** Who answers for it. */
  readonly owner: Role;
  /** Who sees what is said about people; everybody else with access sees that something is hidden. */
  readonly seesPersonal: Permission;
  readonly fields: F;
  /** The record's name in lists; made of what is not personal. */
  name(values: ValuesOf<F>): string;
  readonly states: Readonly<Record<S, State>>;
  readonly start: S;
  readonly transitions: readonly (Transition<ValuesOf<F>> & {
    readonly from: readonly S[];
    readonly to: S;
  })[];
  readonly clocks: readonly Clock<ValuesOf<F>>[];
  readonly retention: Retention;
  readonly documents?: readonly RecordDocument<ValuesOf<F>>[];
  /** What cannot be kept together, by field: checked at every change. */
  check?(values: ValuesOf<F>): Partial<Record<keyof F & string, string>>;
}

/** A step as the engine sees it, whatever the record holds. */
export type AnyTransition = Transition<Values>;

/** A register as the engine sees it, whatever its records hold. */
export interface Register
  extends Omit<
    RegisterDefinition<Fields, string>,
    'name' | 'transitions' | 'clocks' | 'documents' | 'check' | 'states'
  > {
  readonly states: Readonly<Record<string, State>>;
  readonly transitions: readonly AnyTransition[];
  readonly clocks: readonly Clock<Values>[];
  readonly documents: readonly RecordDocument<Values>[];
  name(values: Values): string;
  check(values: Values): Readonly<Record<string, string>>;
}

/** States a register in one place; the compiler holds clocks, steps and names to its fields and states. */
export function defineRegister<const F extends Fields, const S extends string>(
  definition: RegisterDefinition<F, S>,
): Register {
  return Object.freeze({ documents: [], check: () => ({}), ...definition }) as unknown as Register;
}

export function fieldOf(register: Register, id: string): Field | undefined {
  return Object.hasOwn(register.fields, id) ? register.fields[id] : undefined;
}

export function stateOf(register: Register, id: string): State {
  return register.states[id] ?? { title: id, tone: 'unknown' };
}
