import type { FastifyRequest } from 'fastify';
import { organizationOf } from '../../../caller.ts';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import type { RecordView, ShownField } from '../../../pages/registers/record.tsx';
import type { HistoryEntry } from '../../../pages/registers/record-history.tsx';
import { readClocks } from '../../../registers/clock.ts';
import { seesPersonal, type Worker } from '../../../registers/desk.ts';
import { type FullRecord, hindrance, isOffered, occurrenceOf } from '../../../registers/engine.ts';
import { type Field, type Fields, type Values, valueText } from '../../../registers/field.ts';
import { registerById } from '../../../registers/index.ts';
import type { RecordEvent, RegisterRecord } from '../../../registers/record.ts';
import {
  type AnyTransition,
  fieldOf,
  type Occurrence,
  type Register,
  stateOf,
} from '../../../registers/register.ts';
import type { Stores } from '../../../storage/stores.ts';
import { viewerOf } from '../viewer.ts';
import { choicesFor, linkOf, nameOf, referenceOf, stateView, workerOf } from './views.ts';

/** Everything the page of a record shows to whoever asks. */
export async function recordView(
  stores: Stores,
  request: FastifyRequest,
  register: Register,
  full: FullRecord,
  at: Date,
): Promise<RecordView> {
  const { id, name, number } = organizationOf(request);
  const worker = workerOf(request);
  const { record, personal, history } = full;
  const sees = seesPersonal(register, worker);
  const [targets, sources, names, choices] = await Promise.all([
    stores.records.targets(number, record.id),
    stores.records.sources(number, record.id),
    stores.users.names(history.flatMap(({ actor }) => userOf(actor) ?? [])),
    choicesFor(stores, register.fields, number, at),
  ]);
  const occurrence = occurrenceOf(register, full);
  const state = stateOf(register, record.state);
  const mayChange = worker.may.includes('registers.write') && state.frozen !== true && state.closed !== true;
  const linkTo = (target: RegisterRecord) => ({
    address: registerAddresses.record(id, target.register, target.id),
    name: nameOf(target),
  });
  return {
    viewer: viewerOf(request),
    now: at.toISOString(),
    organization: { id, name },
    register: linkOf(register),
    record: {
      id: record.id,
      reference: referenceOf(register, record),
      title: record.title,
      version: record.version,
      state: { ...stateView(register, record.state), hint: state.hint },
      createdAt: record.createdAt.toISOString(),
      purgeAt: record.purgeAt?.toISOString() ?? null,
      changeable: mayChange,
    },
    parts: partsOf(register.fields, { ...record.values, ...personal }, sees, (field) =>
      targets.filter((target) => target.field === field).map((target) => linkTo(target.record)),
    ),
    empty: Object.entries(register.fields).flatMap(([field, { title }]) =>
      record.values[field] === undefined && personal[field] === undefined ? [title] : [],
    ),
    clocks: readClocks(register, occurrence, at).map(({ dueAt, metAt, title, rule, source, standing }) => ({
      title,
      rule,
      source,
      standing,
      dueAt: dueAt.toISOString(),
      metAt: metAt?.toISOString() ?? null,
    })),
    steps: stepsOf(register, full, occurrence, worker),
    values: { ...record.values, ...(sees ? personal : {}) },
    choices,
    // They hold what the record says about people: who may not see that is not led there.
    documents: sees ? register.documents.map(({ id: document, title }) => ({ id: document, title })) : [],
    sources: sources.map((source) => ({
      ...linkTo(source.record),
      register: registerById(source.record.register)?.title ?? '',
    })),
    history: history.toReversed().map((event) => entryOf(register, event, names)),
  };
}

const userOf = (actor: string): string | undefined =>
  actor.startsWith('user:') ? actor.slice('user:'.length) : undefined;

/** The steps open to the record, for those who may take them; a second person's step says what keeps the first one from it. */
function stepsOf(
  register: Register,
  full: FullRecord,
  occurrence: Occurrence<Values>,
  { may, author }: Worker,
) {
  const mayTake = ({ secondPerson }: AnyTransition) =>
    may.includes(secondPerson === true ? 'registers.approve' : 'registers.write');
  return register.transitions
    .filter((transition) => isOffered(transition, occurrence))
    .filter(
      (transition) => mayTake(transition) || (transition.secondPerson && may.includes('registers.write')),
    )
    .map((transition) => ({
      id: transition.id,
      title: transition.title,
      secondPerson: transition.secondPerson === true,
      hindrance: mayTake(transition)
        ? hindrance(register, transition, full.history, author.person)
        : 'A second person decides: somebody who may approve.',
      asks: Object.fromEntries(
        Object.entries(register.fields).filter(([id]) => transition.asks?.includes(id) === true),
      ),
    }));
}

function partsOf(
  fields: Fields,
  values: Values,
  sees: boolean,
  links: (field: string) => ShownField['links'],
): RecordView['parts'] {
  const parts: { title: string; fields: ShownField[] }[] = [];
  for (const [id, field] of Object.entries(fields)) {
    if (field.section !== undefined || parts.length === 0)
      parts.push({ title: field.section ?? '', fields: [] });
    const value = values[id];
    const hidden = field.personal === true && !sees && value !== undefined;
    if (value === undefined) continue;
    parts.at(-1)?.fields.push({
      title: field.title,
      text: hidden ? null : shownText(field, value),
      links: field.kind === 'records' ? links(id) : [],
    });
  }
  return parts.filter((part) => part.fields.length > 0);
}

function shownText(field: Field, value: Values[string]): string {
  if (field.kind === 'records') return '';
  if (field.kind === 'lines' && Array.isArray(value)) return value.join('\n');
  if (field.kind === 'moment' && typeof value === 'string')
    return `${value.slice(0, 16).replace('T', ' ')} UTC`;
  return valueText(field, value);
}

function entryOf(register: Register, event: RecordEvent, names: ReadonlyMap<string, string>): HistoryEntry {
  const { version, at, actor, action, changes } = event;
  const user = userOf(actor);
  const step = register.transitions.find(({ id }) => id === action);
  return {
    version,
    at: at.toISOString(),
    who: user === undefined ? 'the collector' : (names.get(user) ?? 'somebody who has left'),
    what:
      step?.title ??
      { create: 'Written down', change: 'Changed', erase: 'What it said about people was erased' }[action] ??
      action,
    changes: Object.entries(changes).flatMap(([id, change]) => {
      const field = fieldOf(register, id);
      if (field === undefined) return [];
      return [
        {
          title: field.title,
          hidden: change === null,
          before: field.kind === 'records' ? '' : valueText(field, change?.before),
          after: field.kind === 'records' ? 'linked records' : valueText(field, change?.after),
        },
      ];
    }),
  };
}
