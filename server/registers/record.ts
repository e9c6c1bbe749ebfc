import type { Actor } from '../storage/audit.ts';
import type { Value, Values } from './field.ts';

/** A record as it is kept: what is said about people is not in it. */
export interface RegisterRecord {
  readonly id: string;
  readonly organization: number;
  readonly register: string;
  readonly sequence: number;
  readonly title: string;
  readonly state: string;
  readonly closed: boolean;
  readonly version: number;
  /** Without personal fields; those are in the people's store. */
  readonly values: Values;
  readonly dueAt: Date | null;
  readonly due: string;
  readonly missed: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly closedAt: Date | null;
  readonly purgeAt: Date | null;
}

/** What changed in a field; `null` where it is personal: that it changed, and not what. */
export type FieldChange = { readonly before?: Value | undefined; readonly after?: Value | undefined } | null;

/** Something that happened to a record; never changed afterwards. */
export interface RecordEvent {
  readonly version: number;
  readonly at: Date;
  readonly actor: string;
  /** `create`, `change`, or the id of a step. */
  readonly action: string;
  readonly state: string;
  readonly changes: Readonly<Record<string, FieldChange>>;
}

/** Who changes a record: the audit log names the program that did it, the record the person behind it. */
export interface Author {
  readonly actor: Actor;
  readonly person: Actor;
}

/** How a record is to stand after a change. */
export interface RecordWrite {
  readonly title: string;
  readonly state: string;
  readonly closed: boolean;
  readonly values: Values;
  readonly dueAt: Date | null;
  readonly due: string;
  readonly missed: number;
  readonly closedAt: Date | null;
  readonly purgeAt: Date | null;
  /** What is said about people from now on; undefined where that did not change. */
  readonly personal: Values | undefined;
  readonly links: readonly { readonly field: string; readonly target: string }[];
  readonly event: { readonly action: string; readonly changes: RecordEvent['changes'] };
}

/** Somebody else changed the record in the meantime. */
export class RecordChanged extends Error {
  override readonly name = 'RecordChanged';
}
