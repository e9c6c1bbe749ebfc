import { expect, test } from 'vitest';
import { type AnsweredCampaign, attestationCoverage } from '../../../server/review/attestations.ts';

const day = (text: string) => new Date(`${text}T12:00:00Z`);
const said = (
  answer: 'yes' | 'no' | 'not-applicable' | null,
  at = '2026-03-05',
  putRightAt: string | null = null,
) => ({
  answer,
  answeredAt: answer === null ? null : day(at),
  putRightAt: putRightAt === null ? null : day(putRightAt),
});
const spring: AnsweredCampaign = {
  template: 'A-paper',
  createdAt: day('2026-03-01'),
  dueAt: day('2026-03-15'),
  validUntil: day('2026-06-15'),
  endedAt: null,
  answers: [said('yes'), said('no', '2026-03-06', '2026-03-20'), said(null)],
};
const summer: AnsweredCampaign = {
  ...spring,
  createdAt: day('2026-06-01'),
  dueAt: day('2026-06-20'),
  validUntil: day('2026-09-20'),
  answers: [said('yes', '2026-06-02'), said(null), said(null)],
};
const at = (when: string, campaigns = [spring, summer]) =>
  attestationCoverage(
    campaigns.filter(({ createdAt }) => createdAt <= day(when)),
    day(when),
  ).get('A-paper');

test('an answer counts from the moment it was given, and an action from the moment it was closed', () => {
  expect(at('2026-03-04')).toMatchObject({ asked: 3, yes: 0, no: 0 });
  expect(at('2026-03-10')).toMatchObject({ yes: 1, no: 1, putRight: 0 });
  expect(at('2026-03-21')).toMatchObject({ yes: 1, no: 1, putRight: 1 });
});

test('while a new campaign runs, the one before it counts on, as long as its answers do', () => {
  expect(at('2026-06-03')).toMatchObject({ yes: 1, no: 1, validUntil: spring.validUntil });
  // The answers of spring are too old; those that have come in count.
  expect(at('2026-06-17')).toMatchObject({ yes: 1, no: 0, validUntil: summer.validUntil });
  expect(at('2026-06-21')).toMatchObject({ yes: 1, no: 0, validUntil: summer.validUntil });
});

test('a campaign that everybody answered, or that was ended, counts before its day', () => {
  const answered = { ...summer, answers: [said('yes', '2026-06-02')] };
  expect(at('2026-06-03', [spring, answered])).toMatchObject({ asked: 1, yes: 1 });
  expect(at('2026-06-05', [spring, { ...summer, endedAt: day('2026-06-04') }])).toMatchObject({
    asked: 3,
    yes: 1,
    no: 0,
  });
});

test('a statement nobody was asked for is not in it', () => {
  expect(attestationCoverage([], day('2026-06-03')).size).toBe(0);
});
