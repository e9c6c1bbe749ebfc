import { type ClauseAnswer, type ClauseSet, registerPart } from '../../shared/clauses.ts';
import type { RegisterEvidence } from '../review/clause-evidence.ts';
import { emptyCoverage, registerCoverage } from '../review/registers.ts';
import type { RecordThen } from '../storage/registers/records.ts';
import type { Stores } from '../storage/stores.ts';
import type { Value, Values } from './field.ts';
import { registerById, registers } from './index.ts';
import type { RegisterRecord } from './record.ts';
import type { Register } from './register.ts';

type RegisterAnswer = Extract<ClauseAnswer, { readonly kind: 'register' }>;
/** Records of one register; a register of paperwork stays far below. */
const mostRecords = 10_000;

/** How each register, and each part of one that a sentence rests on, stood at a moment; by what the records said then. */
export async function registerEvidence(
  stores: Pick<Stores, 'records'>,
  organization: number,
  set: ClauseSet,
  at: Date,
): Promise<ReadonlyMap<string, RegisterEvidence>> {
  const standings = await stores.records.standings(organization, at);
  const byRegister = Map.groupBy(standings, ({ register }) => register);
  const found = new Map<string, RegisterEvidence>(
    registers.map((register) => [register.id, evidenceOf(register, byRegister.get(register.id) ?? [], at)]),
  );
  const parts = Map.groupBy(partsOf(set), ({ register }) => register);
  for (const [id, answers] of parts) {
    const register = registerById(id);
    if (register === undefined) continue;
    const own = byRegister.get(id) ?? [];
    const values = await valuesThen(stores, organization, id, own, at);
    for (const answer of answers) {
      const matching = own.filter(({ record }) =>
        says(values.get(record)?.[answer.field ?? ''], answer.value),
      );
      found.set(registerPart(answer), evidenceOf(register, matching, at));
    }
  }
  return found;
}

/** What the records of a register, or some of them, come to. */
function evidenceOf(register: Register, records: readonly RecordThen[], at: Date): RegisterEvidence {
  const ends = Object.values(register.states).some(({ tone }) => tone === 'compliant');
  const settled = records.filter(({ state }) => register.states[state]?.tone === 'compliant').length;
  return {
    ...(registerCoverage(records, at).get(register.id) ?? emptyCoverage),
    settled: ends ? settled : null,
  };
}

const partsOf = (set: ClauseSet): readonly RegisterAnswer[] =>
  set.clauses
    .flatMap(({ answers, supports }) => [...answers, ...supports])
    .filter((answer): answer is RegisterAnswer => answer.kind === 'register' && answer.field !== undefined);

/** What the records said at a moment, by id; what changed since is taken back. */
async function valuesThen(
  { records }: Pick<Stores, 'records'>,
  organization: number,
  register: string,
  standings: readonly RecordThen[],
  at: Date,
): Promise<ReadonlyMap<string, Values>> {
  if (standings.length === 0) return new Map();
  const everything = { search: '', state: null, sort: 'reference', descending: false } as const;
  const kept = await records.list(organization, register, everything, at, mostRecords, 0);
  const then = async (record: RegisterRecord): Promise<Values> => {
    if (record.updatedAt <= at) return record.values;
    const values: Record<string, Value | undefined> = { ...record.values };
    const later = (await records.history(organization, record.id)).filter((event) => event.at > at);
    for (const { changes } of later.toReversed()) {
      for (const [field, change] of Object.entries(changes))
        if (change !== null) values[field] = change.before;
    }
    return values;
  };
  return new Map(await Promise.all(kept.map(async (record) => [record.id, await then(record)] as const)));
}

/** Does a field say this, or anything at all where nothing is asked for? */
function says(given: Value | undefined, value: string | undefined): boolean {
  if (given === undefined || given === '' || (Array.isArray(given) && given.length === 0)) return false;
  return value === undefined || given === value || (Array.isArray(given) && given.includes(value));
}
