import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  AttestationEvidence,
  ClauseEvidence,
  FeatureEvidence,
  PointEvidence,
  RegisterEvidence,
} from '../../../server/review/clause-evidence.ts';
import { stateClauses } from '../../../server/review/clauses.ts';
import { attestationIds } from '../../../shared/attestations.ts';
import { checkIds } from '../../../shared/checks/index.ts';
import { answerReference, type ClauseSet, registerPart } from '../../../shared/clauses.ts';
import { collectorFeatureIds } from '../../../shared/collector-features.ts';
import { clauseSetIds, clauseSetOf } from '../../../shared/policies/clause-sets.ts';
import { presets } from '../../../shared/policies/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import { registerIds } from '../../../shared/registers.ts';

const at = new Date('2026-11-21T12:00:00Z');
const passing: PointEvidence = {
  passing: 14,
  failing: 0,
  waived: 0,
  unknown: 0,
  silent: 0,
  notApplicable: 0,
};
const kept: RegisterEvidence = { records: 3, settled: 3, overdue: 0, missed: 0, changedAt: at };
const stated: AttestationEvidence = {
  asked: 14,
  yes: 14,
  no: 0,
  putRight: 0,
  notApplicable: 0,
  dueAt: at,
  validUntil: new Date('2027-02-01T00:00:00Z'),
};
const measured: FeatureEvidence = { status: 'evidenced', sentence: 'it was measured.' };

function company(id: string): { set: ClauseSet; policy: Policy } {
  const set = clauseSetOf(id);
  const policy = presets.find((preset) => preset.id === id)?.policy;
  if (set === undefined || policy === undefined) throw new Error(id);
  return { set, policy };
}

/** Every part of a register that a sentence of anybody rests on. */
const parts = clauseSetIds.flatMap((id) =>
  (clauseSetOf(id)?.clauses ?? []).flatMap(({ answers }) =>
    answers.flatMap((answer) => (answer.kind === 'register' ? [registerPart(answer)] : [])),
  ),
);

/** A company in which everything is as it should be. */
const inOrder = (policy: Policy): ClauseEvidence => ({
  at,
  policy,
  points: new Map(
    checkIds.flatMap((check) =>
      Object.keys(policy.checks[check]).map((point) => [`${check}/${point}`, passing]),
    ),
  ),
  registers: new Map([...registerIds, ...parts].map((id) => [id, kept])),
  attestations: new Map(attestationIds.map((id) => [id, stated])),
  features: new Map(collectorFeatureIds.map((id) => [id, measured])),
  exclusions: new Map(),
});

const without = <K, V>(map: ReadonlyMap<K, V>, key: K) =>
  new Map([...map].filter(([other]) => other !== key));

/** The same company after one answer was taken away: a point from its policy, a register, a statement, a measurement. */
function remove(evidence: ClauseEvidence, reference: string): ClauseEvidence {
  const [kind = '', id = ''] = reference.split(/:(.*)/);
  if (kind === 'register') return { ...evidence, registers: without(evidence.registers, id) };
  if (kind === 'attestation') return { ...evidence, attestations: without(evidence.attestations, id) };
  if (kind === 'feature') {
    return { ...evidence, features: new Map([...evidence.features].filter(([other]) => other !== id)) };
  }
  const [check = '', point = ''] = id.split('/');
  const checks = evidence.policy.checks as Readonly<Record<string, Record<string, object>>>;
  const points = checks[check];
  const off = { ...checks, [check]: { ...points, [point]: { ...points?.[point], mode: 'off' } } };
  return { ...evidence, policy: { ...evidence.policy, checks: off as unknown as Policy['checks'] } };
}

const statusOf = (set: ClauseSet, evidence: ClauseEvidence, id: string) =>
  stateClauses(set, evidence).find((clause) => clause.id === id)?.status;

describe('the statement of a company', () => {
  test.each(clauseSetIds)('%s: lists every sentence, in order, each with all that answers it', (id) => {
    const { set, policy } = company(id);
    const empty: ClauseEvidence = {
      ...inOrder(policy),
      points: new Map(),
      registers: new Map(),
      attestations: new Map(),
      features: new Map(),
    };
    const nothing = stateClauses(set, empty);
    expect(nothing.map((clause) => clause.id)).toEqual(set.clauses.map((clause) => clause.id));
    expect(new Set(nothing.map(({ status }) => status))).toEqual(new Set(['not-evidenced']));
    const everything = stateClauses(set, inOrder(policy));
    expect(new Set(everything.map(({ status }) => status))).toEqual(new Set(['evidenced']));
    for (const [index, { answers, reason }] of everything.entries()) {
      expect(answers.map((answer) => answer.reference)).toEqual(
        set.clauses[index]?.answers.map(answerReference),
      );
      expect(reason).not.toBe('');
    }
  });

  test.each(clauseSetIds)(
    '%s: without any one answer, exactly the sentences that rest on it lose their evidence',
    (id) => {
      const { set, policy } = company(id);
      const whole = inOrder(policy);
      const references = [...new Set(set.clauses.flatMap(({ answers }) => answers.map(answerReference)))];
      expect(references.length).toBeGreaterThan(10);
      for (const reference of references) {
        const resting = set.clauses
          .filter(({ answers }) => answers.some((answer) => answerReference(answer) === reference))
          .map((clause) => clause.id);
        const lost = stateClauses(set, remove(whole, reference))
          .filter(({ status }) => status === 'not-evidenced')
          .map((clause) => clause.id);
        expect([reference, lost]).toEqual([reference, resting]);
      }
    },
  );

  test('whatever else is taken away, a sentence never gets better', () => {
    const order = ['failing', 'not-evidenced', 'partly', 'evidenced'];
    fc.assert(
      fc.property(
        fc.constantFrom(...clauseSetIds).chain((id) => {
          const { set } = company(id);
          const references = [...new Set(set.clauses.flatMap(({ answers }) => answers.map(answerReference)))];
          return fc.tuple(fc.constant(id), fc.subarray(references), fc.constantFrom(...references));
        }),
        ([id, before, next]) => {
          const { set, policy } = company(id);
          const some = before.reduce(remove, inOrder(policy));
          const fewer = stateClauses(set, remove(some, next));
          for (const [index, { status }] of stateClauses(set, some).entries()) {
            expect(order.indexOf(fewer[index]?.status ?? '')).toBeLessThanOrEqual(order.indexOf(status));
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('laptops', () => {
  const { set, policy } = company('kelia');
  const screens = (found: Partial<PointEvidence>, of = policy) => {
    const evidence = inOrder(of);
    return stateClauses(set, {
      ...evidence,
      points: new Map(evidence.points).set('screen-lock/idle', { ...passing, ...found }),
    })
      .find((clause) => clause.id === 'KEL-22-l')
      ?.answers.find(({ reference }) => reference === 'check:screen-lock/idle');
  };

  test.each([
    [
      { passing: 12, failing: 1, unknown: 1 },
      'failing',
      '12 of 14 laptops pass; 1 fails and 1 could not be told.',
    ],
    [{ passing: 12, unknown: 2 }, 'partly', '12 of 14 laptops pass; 2 could not be told.'],
    [{ passing: 12, silent: 2 }, 'partly', '12 of 14 laptops pass; 2 silent for too long.'],
    [
      { passing: 0, unknown: 3, silent: 1 },
      'not-evidenced',
      '0 of 4 laptops pass; 3 could not be told and 1 silent for too long.',
    ],
    [{ passing: 12, failing: 2, waived: 2 }, 'partly', '12 of 14 laptops pass; 2 fail (2 under a waiver).'],
    [
      { passing: 0, failing: 2, waived: 2 },
      'not-evidenced',
      '0 of 2 laptops pass; 2 fail (2 under a waiver).',
    ],
    [{ passing: 12, failing: 2, waived: 1 }, 'failing', '12 of 14 laptops pass; 2 fail (1 under a waiver).'],
    [{ passing: 3, notApplicable: 1 }, 'evidenced', '3 of 3 laptops pass; it does not apply to 1 more.'],
    [{ passing: 0, notApplicable: 4 }, 'not-applicable', 'does not apply to any of 4 laptops.'],
    [{ passing: 0 }, 'not-evidenced', 'no laptop has reported yet.'],
  ])('%j is %s', (found, status, sentence) => {
    expect(screens(found)).toMatchObject({ status, sentence });
  });

  test('a number that is not the company’s own says who supplied it', () => {
    expect(screens({})?.asked).toBe(
      'locks after at most 5 minutes, from our proposal; the text gives no number',
    );
  });

  test('what the policy only reminds of is never a failure, and never all in order', () => {
    const evidence = inOrder(policy);
    const statement = stateClauses(set, {
      ...evidence,
      points: new Map(evidence.points).set('wired-preferred/wired', { ...passing, passing: 1, failing: 13 }),
    }).find((clause) => clause.id === 'KEL-22-d');
    expect(statement?.status).toBe('partly');
    expect(statement?.reason).toContain('the policy only reminds of it');
  });

  test('what supports a sentence decides nothing', () => {
    const evidence = inOrder(policy);
    const statement = stateClauses(set, {
      ...evidence,
      points: new Map(evidence.points).set('disk-encryption/system', { ...passing, failing: 1 }),
    });
    expect(statement.find((clause) => clause.id === 'KEL-25-3')?.status).toBe('evidenced');
    expect(statement.find((clause) => clause.id === 'KEL-22-p')?.status).toBe('failing');
  });
});

describe('registers and people', () => {
  const { set, policy } = company('indigosoft');
  const evidence = inOrder(policy);
  const register = (found: Partial<RegisterEvidence>) =>
    stateClauses(set, {
      ...evidence,
      registers: new Map(evidence.registers).set('complaints', { ...kept, ...found }),
    }).find((clause) => clause.id === 'IND-12')?.answers[0];
  const people = (found: Partial<AttestationEvidence>) =>
    stateClauses(set, {
      ...evidence,
      attestations: new Map(evidence.attestations).set('A-codes', { ...stated, ...found }),
    }).find((clause) => clause.id === 'IND-5-7')?.answers[0];

  test.each([
    [{ records: 0 }, 'not-evidenced', 'it is empty; an empty register proves nothing.'],
    [
      { settled: 0 },
      'not-evidenced',
      '3 records, none overdue and none of them in force, signed or finished yet.',
    ],
    [{ overdue: 1 }, 'failing', '3 records, 1 overdue.'],
    [{ missed: 1 }, 'partly', '3 records, none overdue and 1 with something that was done too late.'],
    [{}, 'evidenced', '3 records, none overdue.'],
  ])('a register with %j is %s', (found, status, sentence) => {
    expect(register(found)).toMatchObject({ status, sentence });
    expect(register(found)?.asked).toBe(
      'acknowledged within 30 days (from the UK’s Data (Use and Access) Act 2025; the text gives no number)',
    );
  });

  test.each([
    [{ yes: 12 }, 'partly', '12 of 14 people stated it; 2 did not answer.'],
    [{ yes: 0 }, 'not-evidenced', '0 of 14 people stated it; 14 did not answer.'],
    [{ yes: 13, no: 1 }, 'failing', '13 of 14 people stated it; 1 said no, which opened an action.'],
    [
      { yes: 13, no: 1, putRight: 1 },
      'partly',
      '13 of 14 people stated it; 1 said no, which opened an action (1 put right).',
    ],
    [{ yes: 12, notApplicable: 2 }, 'evidenced', '12 of 12 people stated it; it does not apply to 2 more.'],
    [
      { yes: 0, notApplicable: 14 },
      'not-applicable',
      'it does not apply to any of the 14 people asked, as each of them said with a reason.',
    ],
    [
      { validUntil: new Date('2026-11-01T00:00:00Z') },
      'not-evidenced',
      'the last answers counted until 2026-11-01; nobody has been asked since.',
    ],
  ])('a statement with %j is %s', (found, status, sentence) => {
    expect(people(found)).toMatchObject({ status, sentence });
  });

  test('a sentence somebody excluded with a reason does not apply, and says why', () => {
    const exclusion = { reason: 'No application forms are used.', by: 'Dana', until: new Date('2027-11-21') };
    const found = stateClauses(set, { ...evidence, exclusions: new Map([['IND-9', exclusion]]) });
    expect(found.find((clause) => clause.id === 'IND-9')).toMatchObject({
      status: 'not-applicable',
      reason: 'Does not apply: No application forms are used.',
      exclusion,
    });
  });
});

describe('where a text cannot be met as it is written', () => {
  const { set, policy } = company('kelia');
  const statement = (id: string) => {
    const points = new Map(inOrder(policy).points).set('password-policy/max-age', {
      ...passing,
      passing: 12,
      failing: 2,
    });
    const found = stateClauses(set, { ...inOrder(policy), points }).find((clause) => clause.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };

  test('regular password change is measured, contradicted and reworded', () => {
    const { status, conflicts } = statement('KEL-22-q');
    expect(status).toBe('partly');
    expect(conflicts[0]?.text).toContain('names no period');
    expect(conflicts[0]?.measured).toMatch(/^Measured: .*365 days.* 12 of 14 laptops pass; 2 fail/);
    expect(conflicts[0]?.proposal).toContain('second factor');
  });

  test('a command that no longer exists is said to be impossible, with what stands in its place', () => {
    const [conflict] = statement('KEL-22-b').conflicts;
    expect(conflict).toMatchObject({ cannotBeMet: true });
    expect(conflict?.text).toContain('cannot be met as it is written');
    expect(conflict?.proposal).not.toBe('');
  });

  test('every conflict that names an answer has its numbers', () => {
    for (const id of clauseSetIds) {
      const found = company(id);
      for (const { conflicts } of stateClauses(found.set, inOrder(found.policy))) {
        for (const conflict of conflicts) {
          expect(conflict.measured !== '').toBe(conflict.about !== undefined);
          if (conflict.cannotBeMet) expect(conflict.proposal).toBeDefined();
        }
      }
    }
  });

  test('a policy without a point asks nothing of it', () => {
    expect(statusOf(set, remove(inOrder(policy), 'check:wired-preferred/wired'), 'KEL-22-d')).toBe(
      'not-evidenced',
    );
  });
});
