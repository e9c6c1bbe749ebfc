import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerEvidence } from '../../../server/registers/evidence.ts';
import { registerById } from '../../../server/registers/index.ts';
import { type ClauseSet, registerPart } from '../../../shared/clauses.ts';
import { clauseSetIds, clauseSetOf } from '../../../shared/policies/clause-sets.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';

const setOf = (id: string): ClauseSet => {
  const set = clauseSetOf(id);
  if (set === undefined) throw new Error(id);
  return set;
};

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

test('a part of a register that a sentence rests on names a field, and a choice, that the register knows', () => {
  const unknown = clauseSetIds.flatMap((id) =>
    setOf(id).clauses.flatMap(({ id: clause, answers, supports }) =>
      [...answers, ...supports].flatMap((answer) => {
        if (answer.kind !== 'register' || answer.field === undefined) return [];
        const field = registerById(answer.register)?.fields[answer.field];
        const options = field !== undefined && 'options' in field ? Object.keys(field.options) : undefined;
        const fits =
          field !== undefined &&
          field.personal !== true &&
          (answer.value === undefined || options?.includes(answer.value) === true);
        return fits ? [] : [`${clause} ${registerPart(answer)}`];
      }),
    ),
  );
  expect(unknown).toEqual([]);
});

test('a request for access is no evidence of erasure; what changed later is taken back', async () => {
  const { stores, organization } = collector;
  const day = (text: string) => new Date(`${text}T12:00:00Z`);
  const write = (kind: string) => ({
    title: kind,
    state: 'open',
    closed: false,
    values: { kind },
    dueAt: null,
    due: '',
    missed: 0,
    closedAt: null,
    purgeAt: null,
    personal: undefined,
    links: [],
  });
  const actor = 'console' as const;
  const made = await stores.records.insert(
    { id: 'r1', organization: organization.number, register: 'requests' },
    { ...write('access'), event: { action: 'create', changes: { kind: { after: 'access' } } } },
    { actor, person: actor },
    day('2026-03-01'),
  );
  await stores.records.update(
    made,
    {
      ...write('erasure'),
      event: { action: 'change', changes: { kind: { before: 'access', after: 'erasure' } } },
    },
    { actor, person: actor },
    day('2026-05-01'),
  );
  const at = async (when: string) => {
    const found = await registerEvidence(stores, organization.number, setOf('kelia'), day(when));
    return ['requests', 'requests?kind=access', 'requests?kind=erasure'].map(
      (part) => found.get(part)?.records,
    );
  };
  expect(await at('2026-02-01')).toEqual([0, 0, 0]);
  expect(await at('2026-04-01')).toEqual([1, 1, 0]);
  expect(await at('2026-06-01')).toEqual([1, 0, 1]);
});
