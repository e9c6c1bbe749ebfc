import { describe, expect, test } from 'vitest';
import { attestationIds, attestationTemplates } from '../../../shared/attestations.ts';
import { checkIds } from '../../../shared/checks/index.ts';
import { answerReference, type ClauseSet, ClauseSet as Schema } from '../../../shared/clauses.ts';
import { collectorFeatureIds } from '../../../shared/collector-features.ts';
import { numberSources } from '../../../shared/number-sources.ts';
import { clauseSetIds, clauseSetOf } from '../../../shared/policies/clause-sets.ts';
import { presets } from '../../../shared/policies/index.ts';
import { registerIds } from '../../../shared/registers.ts';

const set = (id: string): ClauseSet => {
  const found = clauseSetOf(id);
  if (found === undefined) throw new Error(`no clauses for ${id}`);
  return found;
};
const preset = (id: string) => {
  const found = presets.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found.policy;
};
const sets = clauseSetIds.map((id): [string, ClauseSet] => [id, set(id)]);

describe('the five companies', () => {
  test.each([
    ['kelia', 117, 'KEL'],
    ['lesoko', 45, 'LES'],
    ['indigosoft', 57, 'IND'],
    ['lesotho-wine', 26, 'LWN'],
    ['kanj', 22, 'KAN'],
  ])('%s has %i sentences, each with its own number', (id, count, prefix) => {
    const { clauses } = set(id);
    expect(clauses).toHaveLength(count);
    expect(new Set(clauses.map((clause) => clause.id)).size).toBe(count);
    expect(clauses.filter((clause) => !clause.id.startsWith(`${prefix}-`))).toEqual([]);
  });

  test('each has a policy of the same name, and nobody has one without the other', () => {
    expect(presets.map(({ id }) => id)).toEqual(['base', ...clauseSetIds]);
    for (const { id, policy } of presets) expect(policy.id).toBe(id);
  });

  test.each(sets)('%s: a point cites exactly the sentences that rest on it', (id, { clauses }) => {
    const citedBy = new Map<string, string[]>();
    for (const clause of clauses) {
      for (const answer of [...clause.answers, ...clause.supports]) {
        if (answer.kind !== 'check') continue;
        const point = `${answer.check}/${answer.point}`;
        citedBy.set(point, [...(citedBy.get(point) ?? []), clause.id]);
      }
    }
    const policy = preset(id);
    const cites = checkIds.flatMap((check) =>
      Object.entries(policy.checks[check])
        .filter(([, point]) => point.clauses.length > 0)
        .map(([name, point]): [string, readonly string[]] => [`${check}/${name}`, point.clauses.toSorted()]),
    );
    expect(new Map(cites)).toEqual(new Map([...citedBy].map(([point, ids]) => [point, ids.toSorted()])));
  });

  test.each(sets)('%s: a point that decides a sentence is asked', (id, { clauses }) => {
    const policy = preset(id);
    const off = clauses.flatMap(({ id: clause, answers }) =>
      answers
        .filter(
          (answer) => answer.kind === 'check' && policy.checks[answer.check][answer.point]?.mode === 'off',
        )
        .map((answer) => `${clause} ${answerReference(answer)}`),
    );
    expect(off).toEqual([]);
  });

  test.each(sets)(
    '%s: every number says who supplied it, in words',
    (id, { registers, attestations, retention }) => {
      const named = [
        ...Object.values(registers).flatMap((terms) => Object.values(terms).map((term) => term.numberFrom)),
        ...Object.values(attestations).map((term) => term.numberFrom),
        ...retention.map((rule) => rule.numberFrom),
        ...checkIds.flatMap((check) =>
          Object.values(preset(id).checks[check])
            .filter(
              ({ mode, params }) =>
                mode !== 'off' && Object.values(params).some((value) => typeof value === 'number'),
            )
            .map((point) => point.numberFrom ?? `${check} does not say`),
        ),
      ];
      expect(named.filter((source) => !numberSources.includes(source))).toEqual([]);
    },
  );

  test('every register, statement and feature is cited by somebody', () => {
    const cited = new Set(
      sets.flatMap(([, { clauses }]) =>
        clauses.flatMap(({ answers, supports }) =>
          [...answers, ...supports].map((answer) =>
            answer.kind === 'register' ? `register:${answer.register}` : answerReference(answer),
          ),
        ),
      ),
    );
    const unused = [
      ...registerIds.map((id) => `register:${id}`),
      ...attestationIds.map((id) => `attestation:${id}`),
      ...collectorFeatureIds.map((id) => `feature:${id}`),
    ].filter((reference) => !cited.has(reference));
    // Actions follow from answers, from lost reviews and from breaches; no sentence asks for a list of them.
    expect(unused).toEqual(['register:actions']);
  });

  test('there are 34 statements for people', () => {
    expect(attestationIds).toHaveLength(34);
    for (const template of Object.values(attestationTemplates)) {
      expect(template.statement).toMatch(/\.$/);
      expect(numberSources).toContain(template.numberFrom);
    }
  });
});

describe('a set of sentences with a slip', () => {
  const clause = { id: 'ACM-1', text: 'Screens lock', answers: ['check:screen-lock/idle'] };
  const written = (changes: object) =>
    Schema.safeParse({
      company: 'Acme',
      policy: 'acme',
      version: 1,
      jurisdictions: ['eu'],
      chapters: { 1: 'Scope' },
      registers: {},
      attestations: {},
      gaps: [],
      clauses: [clause],
      ...changes,
    });
  const messages = (changes: object) => written(changes).error?.issues.map(({ message }) => message);

  test('is fine without one', () => {
    expect(written({}).success).toBe(true);
  });

  test.each([
    ['check:screen-lock/idel'],
    ['check:screenlock/idle'],
    ['register:breach'],
    ['register:requests?'],
    ['register:requests?kind='],
    ['attestation:A-nothing'],
    ['feature:magic'],
    ['screen-lock/idle'],
    [''],
  ])('names the answer %s that nobody gives', (answer) => {
    expect(messages({ clauses: [{ ...clause, answers: [answer] }] })).toEqual([
      `nothing answers by the name ${answer}`,
    ]);
  });

  test('refuses a number that is there twice, a chapter nobody named, a sentence without an answer', () => {
    expect(messages({ clauses: [clause, clause] })).toEqual(['ACM-1 is there twice']);
    expect(messages({ clauses: [{ ...clause, id: 'ACM-2-a' }] })).toEqual(['ACM-2-a belongs to no chapter']);
    expect(written({ clauses: [{ ...clause, answers: [] }] }).success).toBe(false);
  });

  test('refuses a span that is none', () => {
    expect(
      written({ registers: { breaches: { regulator: { value: '3 days', numberFrom: 'text' } } } }).success,
    ).toBe(false);
  });
});
