import type { Permission } from '../permissions.ts';
import { answerStaff } from '../privacy/staff-answers.ts';
import { newId } from '../storage/ids.ts';
import type { Stores } from '../storage/stores.ts';
import { beginRecord, changeRecord, type FullRecord, part, RegisterRefusal, stepRecord } from './engine.ts';
import type { Value, Values } from './field.ts';
import type { Author, RegisterRecord } from './record.ts';
import type { Register } from './register.ts';

/** Who works on a record, and in which organization. */
export interface Worker {
  readonly organization: number;
  readonly author: Author;
  readonly may: readonly Permission[];
}

/** May this person see what the register says about people? */
export const seesPersonal = (register: Register, { may }: Pick<Worker, 'may'>): boolean =>
  may.includes(register.seesPersonal);

/** A record with everything known of it; undefined where the organization has no such record. */
export async function readRecord(
  stores: Stores,
  register: Register,
  organization: number,
  id: string,
): Promise<FullRecord | undefined> {
  const record = await stores.records.byId(organization, register.id, id);
  if (record === undefined) return undefined;
  const [personal, history] = await Promise.all([
    stores.registerPersonal.read(record.id, record.version),
    stores.records.history(organization, record.id),
  ]);
  return { record, personal, history };
}

/** Makes a record. Throws RegisterRefusal. */
export async function openRecord(
  stores: Stores,
  register: Register,
  given: Values,
  { organization, author }: Pick<Worker, 'organization' | 'author'>,
  at: Date,
  id = newId(at),
): Promise<RegisterRecord> {
  const write = beginRecord(register, given, at);
  await refuseForeignLinks(stores, register, organization, write.values);
  return stores.records.insert({ id, organization, register: register.id }, write, author, at);
}

/**
 * Gives a record other values. Whoever does not see what it says about people cannot change that either. Throws RegisterRefusal, and
 * RecordChanged where another version than the one seen is the newest.
 */
export async function amendRecord(
  stores: Stores,
  register: Register,
  full: FullRecord,
  given: Values,
  worker: Worker,
  at: Date,
): Promise<RegisterRecord> {
  const values = seesPersonal(register, worker)
    ? given
    : { ...part(register, given, false), ...full.personal };
  const write = changeRecord(register, full, values, at);
  await refuseForeignLinks(stores, register, worker.organization, write.values);
  return stores.records.update(full.record, write, worker.author, at);
}

/** Takes a step with a record, with what the step asks for. Throws RegisterRefusal, RecordChanged. */
export async function moveRecord(
  stores: Stores,
  register: Register,
  full: FullRecord,
  step: string,
  given: Values,
  worker: Worker,
  at: Date,
): Promise<RegisterRecord> {
  const transition = register.transitions.find(({ id }) => id === step);
  if (transition === undefined) throw new RegisterRefusal('There is no such step.');
  const permission = transition.secondPerson === true ? 'registers.approve' : 'registers.write';
  if (!worker.may.includes(permission)) {
    throw new RegisterRefusal('This step is for people who may approve records of registers.');
  }
  const write = stepRecord(register, full, transition, given, worker.author.person, at);
  const record = await stores.records.update(full.record, write, worker.author, at);
  if (register.id === 'requests' && record.closed) {
    await answerStaff(stores, record, { ...full.personal, ...write.personal }, worker.author, at);
  }
  return record;
}

/** A record points only at records of its own organization, and of the register its field names. */
async function refuseForeignLinks(
  stores: Stores,
  register: Register,
  organization: number,
  values: Values,
): Promise<void> {
  for (const [id, field] of Object.entries(register.fields)) {
    if (field.kind !== 'records') continue;
    const ids = (values[id] as readonly Value[] | undefined) ?? [];
    const known = await stores.records.byIds(organization, ids as readonly string[]);
    if (known.filter((record) => record.register === field.register).length !== new Set(ids).size) {
      throw new RegisterRefusal('Some fields need another look.', { [id]: 'One of these records is gone.' });
    }
  }
}
