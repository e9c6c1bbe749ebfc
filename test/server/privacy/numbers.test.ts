import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers, smallestGroup, weekOf } from '../../../server/privacy/numbers.ts';
import {
  article30Record,
  assessmentDraft,
  assessmentValues,
  processingOf,
  staffNotice,
} from '../../../server/privacy/processing.ts';
import { retentionSchedule } from '../../../server/privacy/retention.ts';
import { impactAssessments } from '../../../server/registers/definitions/impact-assessments.ts';
import { recordSchema } from '../../../server/registers/field.ts';
import { checkIds, checks } from '../../../shared/checks/index.ts';
import { Facts } from '../../../shared/facts.ts';

const row = fc.record({
  pass: fc.nat(30),
  fail: fc.nat(30),
  unknown: fc.nat(30),
  'not-applicable': fc.nat(30),
});

describe('numbers that name nobody', () => {
  it('shows no group of one to four, and none that the rest would give away', () => {
    fc.assert(
      fc.property(row, (counts) => {
        const cells = numbers('2026-11-16', new Map([['firewall', counts]]));
        const hidden = cells.filter(({ laptops }) => laptops === null);
        for (const { laptops } of cells) {
          if (laptops !== null && laptops > 0) expect(laptops).toBeGreaterThanOrEqual(smallestGroup);
        }
        // Whoever knows how large the fleet is learns only the sum of what is hidden: of two or more, and of five or more.
        if (hidden.length > 0) {
          expect(hidden.length).toBeGreaterThan(1);
          const sum = hidden.reduce((total, { status }) => total + counts[status], 0);
          expect(sum).toBeGreaterThanOrEqual(smallestGroup);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows nothing of a fleet of fewer than five', () => {
    expect(
      numbers('2026-11-16', new Map([['firewall', { pass: 3, fail: 1, unknown: 0, 'not-applicable': 0 }]])),
    ).toEqual([]);
  });

  it('knows weeks, not days', () => {
    expect(weekOf(new Date('2026-11-21T22:00:00Z'))).toBe('2026-11-16');
    expect(weekOf(new Date('2026-11-16T00:00:00Z'))).toBe('2026-11-16');
    expect(weekOf(new Date('2026-11-15T23:59:59Z'))).toBe('2026-11-09');
  });
});

describe('what the collector says of itself', () => {
  const processing = processingOf({ name: 'Acme', contact: 'dpo@acme.example' });
  const text = (parts: readonly { text: string }[]) => parts.map((part) => part.text).join('\n');

  it('lists the fields of a closed schema: what is outside of the catalogue is refused', () => {
    expect(Facts.safeParse({ firewall: {} }).success).toBe(true);
    expect(Facts.safeParse({ elsewhere: {} }).success).toBe(false);
  });

  it('names every check there is and every class of the retention schedule', () => {
    for (const id of checkIds) {
      expect(text(staffNotice(processing))).toContain(checks[id].title);
      expect(text(assessmentDraft(processing))).toContain(checks[id].rationale);
    }
    for (const { title } of retentionSchedule) {
      expect(text(staffNotice(processing))).toContain(title);
      expect(text(article30Record(processing))).toContain(title);
    }
  });

  it('drafts an assessment that the register takes as it is', () => {
    const { success, error } = recordSchema(impactAssessments.fields).safeParse(assessmentValues(processing));
    expect(success, JSON.stringify(error?.issues)).toBe(true);
  });

  it('has every part that Art. 13, 30(1) and 35(7) ask for', () => {
    const sources = (parts: readonly { source?: string | undefined }[]) =>
      parts.map(({ source }) => source).join(' ');
    expect(sources(staffNotice(processing))).toMatch(
      /13\(1\)\(a\).*\(c\).*\(e\).*\(f\).*13\(2\)\(a\).*\(b\)/,
    );
    expect(sources(article30Record(processing))).toMatch(/\(a\).*\(b\).*\(c\).*\(d\).*\(e\).*\(f\).*\(g\)/);
    expect(sources(assessmentDraft(processing))).toMatch(/\(a\).*\(b\).*\(c\).*\(d\)/);
  });
});
