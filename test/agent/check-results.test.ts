import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asJson } from '../../agent/output/json.ts';
import { readMachine } from '../../agent/readings/machine.ts';
import { runChecks } from '../../agent/runner.ts';
import { RecordingFile, replaySources } from '../../agent/sources/recording.ts';
import { notApplicableReasons, platforms, reasons } from '../../shared/answer.ts';
import { judge, posture } from '../../shared/judge.ts';
import { basePolicy } from '../../shared/policy.ts';
import { withWaivers } from '../../shared/waiver.ts';

const root = join(import.meta.dirname, '../..');
const document = readFileSync(join(root, 'docs/check-results.md'), 'utf8');
const documented = new Set([...document.matchAll(/`([A-Za-z-]+)`/g)].map(([, word]) => word));

/** The names of all fields, but for the facts, which docs/checks.md describes. */
function fieldsOf(value: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const each of value) fieldsOf(each, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      found.add(name);
      if (name !== 'facts') fieldsOf(inner, found);
    }
  }
  return found;
}

test('every field of --format json is documented, and every reason', async () => {
  const found = new Set<string>();
  for (const platform of platforms) {
    for (const check of ['firewall', 'screen-lock', 'password-policy']) {
      const folder = join(root, 'test/fixtures', platform, check);
      for (const file of readdirSync(folder)) {
        const recording = RecordingFile.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
        const sources = replaySources(recording);
        const [machine, policy] = [await readMachine(sources), basePolicy()];
        const facts = await runChecks(sources, policy, {
          only: ['firewall', 'screen-lock', 'password-policy'],
        });
        const waiver = {
          id: '01a20248-a91b-7a07-a170-827951a94223',
          check: 'firewall' as const,
          point: null,
          startsAt: '2026-01-01T00:00:00.000Z',
          expiresAt: '2027-01-01T00:00:00.000Z',
          reason: 'for the test',
        };
        const findings = withWaivers(
          judge(facts, policy, { now: sources.now, machine }),
          [waiver],
          sources.now,
        );
        const text = asJson({
          version: '0.0.0',
          machine,
          checkedAt: sources.now,
          elevated: false,
          policy,
          posture: posture(findings),
          findings,
          seenByService: new Map([['firewall/enabled', sources.now]]),
        });
        fieldsOf(JSON.parse(text), found);
      }
    }
  }
  expect([...found]).toEqual(
    expect.arrayContaining(['waiver', 'seenByService', 'remedyCommand', 'origin', 'numberFrom']),
  );
  expect([...found, ...reasons, ...notApplicableReasons].filter((name) => !documented.has(name))).toEqual([]);
});
