import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readClocks } from '../../../server/registers/clock.ts';
import { beginRecord, part } from '../../../server/registers/engine.ts';
import { type Field, recordSchema, type Value, type Values } from '../../../server/registers/field.ts';
import { registerById, registers } from '../../../server/registers/index.ts';
import type { Register } from '../../../server/registers/register.ts';
import { registerIds } from '../../../shared/registers.ts';

const at = new Date('2026-03-02T10:00:00Z');
const marker = 'Naledi Phiri';

/** Some value the field accepts; a text says that it is about a person where the field is. */
function sampleOf(field: Field): Value {
  switch (field.kind) {
    case 'choice':
      return Object.keys(field.options)[0] ?? '';
    case 'choices':
      return Object.keys(field.options).slice(0, 1);
    case 'yes-no':
      return false;
    case 'number':
      return field.minimum ?? 1;
    case 'date':
      return '2026-03-01';
    case 'moment':
      return '2026-03-01T10:00:00.000Z';
    case 'lines':
      return [field.personal === true ? marker : 'something'];
    case 'records':
      return ['01990000-0000-7000-8000-000000000000'];
    default:
      return field.personal === true ? marker : 'something';
  }
}

const full = (register: Register): Values =>
  Object.fromEntries(Object.entries(register.fields).map(([id, field]) => [id, sampleOf(field)]));

it('lists every definition there is, once', () => {
  const files = globSync('server/registers/definitions/*.ts', {
    cwd: join(import.meta.dirname, '../../..'),
  }).map((file) => basename(file, '.ts'));
  expect(registers.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  expect(new Set(registers.map(({ prefix }) => prefix)).size).toBe(registers.length);
});

it('defines every register that clauses may cite', () => {
  expect(registerIds.filter((id) => registerById(id) === undefined)).toEqual([]);
});

describe.each(registers.map((register) => [register.id, register] as const))('%s', (_id, register) => {
  const states = Object.keys(register.states);

  it('has steps only between its own states, and a way out of each that is not an end', () => {
    expect(states).toContain(register.start);
    for (const { from, to } of register.transitions) {
      for (const state of [...from, to]) expect(states).toContain(state);
    }
    const reached = new Set([register.start]);
    for (const _state of states) {
      for (const { from, to } of register.transitions)
        if (from.some((state) => reached.has(state))) reached.add(to);
    }
    expect(states.filter((state) => !reached.has(state))).toEqual([]);
    expect(states.filter((state) => register.states[state]?.closed === true)).not.toEqual([]);
    const stuck = states.filter(
      (state) =>
        register.states[state]?.closed !== true &&
        !register.transitions.some(({ from, to }) => from.includes(state) && to !== state),
    );
    expect(stuck).toEqual([]);
  });

  it('asks in its steps for fields it has, and points at registers there are', () => {
    const fields = Object.keys(register.fields);
    for (const { asks = [] } of register.transitions) for (const id of asks) expect(fields).toContain(id);
    for (const field of Object.values(register.fields)) {
      if (field.kind === 'records') expect(registerById(field.register)?.id).toBe(field.register);
    }
  });

  it('begins with its first part, and never needs what is not asked for at the beginning', () => {
    const [first] = Object.values(register.fields);
    expect(first?.section).toBeDefined();
    expect(Object.values(register.fields).filter(({ required, later }) => required && later)).toEqual([]);
  });

  it('takes a record with everything in it, and one with only what it must have', () => {
    expect(recordSchema(register.fields).safeParse(full(register)).error).toBeUndefined();
    const least = Object.fromEntries(
      Object.entries(full(register)).filter(([id]) => register.fields[id]?.required === true),
    );
    expect(recordSchema(register.fields).safeParse(least).error).toBeUndefined();
  });

  it('says nothing about people outside the sealed part: neither in the name nor in the history', () => {
    const values = { ...full(register), ...choicesThatFit(register) };
    const write = beginRecord(register, values, at);
    const { personal, ...open } = write;
    expect(JSON.stringify(open)).not.toContain(marker);
    expect(personal ?? {}).toEqual(part(register, values, true));
    expect(write.title).not.toBe('');
  });

  it('says for each clock who made the rule, and for its retention why', () => {
    for (const { rule, source } of register.clocks) {
      expect(rule).toMatch(/[.?]$/);
      expect(source).not.toBe('');
    }
    expect(register.retention.reason).toMatch(/[.?]$/);
    expect(register.retention.source).not.toBe('');
  });

  it('is never late at the moment it is written down with today’s dates, but for what is late already', () => {
    const today = Object.fromEntries(
      Object.entries({ ...full(register), ...choicesThatFit(register) }).map(([id, value]) => {
        const kind = register.fields[id]?.kind;
        return [id, kind === 'date' ? '2026-03-02' : kind === 'moment' ? at.toISOString() : value];
      }),
    );
    const occurrence = {
      values: today,
      state: register.start,
      closed: false,
      createdAt: at,
      path: [{ state: register.start, at }],
    };
    expect(readClocks(register, occurrence, at).filter(({ standing }) => standing === 'late')).toEqual([]);
  });
});

/** Where two fields must fit each other, the values that do. */
function choicesThatFit(register: Register): Values {
  const wrong = register.check(full(register));
  if (Object.keys(wrong).length === 0) return {};
  return Object.fromEntries(
    Object.keys(wrong).map((id) => {
      const field = register.fields[id];
      return [id, field?.kind === 'choice' ? Object.keys(field.options).at(-1) : undefined];
    }),
  );
}
