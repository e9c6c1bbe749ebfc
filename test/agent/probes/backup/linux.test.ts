import { expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { parseLastBackup } from '../../../../agent/probes/backup/linux.ts';

const now = new Date('2026-11-20T12:00:00Z');

test('hours since the last one that finished, rounded up', () => {
  expect(parseLastBackup("'2026-11-20T11:30:00Z'\n", now)).toBe(1);
  expect(parseLastBackup("'2026-11-13T12:00:00.123456Z'\n", now)).toBe(168);
  expect(parseLastBackup("''\n", now)).toBeNull();
});

test.each(["'yesterday'", '2026-11-20T11:30:00Z', "'2026-12-24T00:00:00Z'", '@ms nothing', ''])(
  '%j is no moment',
  (text) => {
    expect(() => parseLastBackup(text, now)).toThrow(SourceError);
  },
);
