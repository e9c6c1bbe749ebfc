import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutReport } from '../../server/ingest/cut-report.ts';
import { checkIds } from '../../shared/checks/index.ts';

const joined = ({ head, facts }: NonNullable<ReturnType<typeof cutReport>>) => ({
  ...head,
  facts: Object.fromEntries([...facts].map(([id, text]) => [id, JSON.parse(text)])),
});

/** What reading the payload by way of its pieces comes to: undefined where it has to be read whole. */
function byPieces(payload: string): unknown {
  const cut = cutReport(payload);
  if (cut === undefined) return undefined;
  try {
    return joined(cut);
  } catch {
    return undefined;
  }
}

/** Anything a check might say, with the names of checks and what a cut looks for inside it, too. */
const words = fc.oneof(
  fc.constantFrom(...checkIds, 'facts', 'machine', '","facts":{"', '},"firewall":{', '\\"', '}}', ',', '{'),
  fc.string(),
);
const said = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    words,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(words, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const report = fc.record({
  head: fc.dictionary(words, said, { maxKeys: 3 }),
  asked: fc.subarray([...checkIds]),
  values: fc.array(said, { minLength: checkIds.length, maxLength: checkIds.length }),
  more: fc.dictionary(words, said, { maxKeys: 1 }),
});

test('cut into pieces and put together, a payload says what it says whole', () => {
  let cuts = 0;
  fc.assert(
    fc.property(report, ({ head, asked, values, more }) => {
      const facts = Object.fromEntries(asked.map((id, index) => [id, values[index]]));
      const payload = JSON.stringify({ schema: 'x', ...head, facts, ...more });
      const pieces = byPieces(payload);
      if (pieces === undefined) return;
      cuts += 1;
      expect(pieces).toEqual(JSON.parse(payload));
    }),
    { numRuns: 2_000 },
  );
  expect(cuts).toBeGreaterThan(100);
});

test('a damaged payload is never read by its pieces unless it is JSON', () => {
  const facts = Object.fromEntries(
    checkIds.map((id, index) => [id, { point: { value: index, note: ',"x":{' } }]),
  );
  const whole = JSON.stringify({ schema: 'x', machine: { platform: 'linux' }, facts });
  expect(byPieces(whole)).toEqual(JSON.parse(whole));
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.nat(3),
      fc.constantFrom('', '"', ',', '{', '}', '}}', '\\', ',"facts":{', ',"firewall":{}'),
      (at, gone, put) => {
        const payload = whole.slice(0, at) + put + whole.slice(at + gone);
        const pieces = byPieces(payload);
        if (pieces !== undefined) expect(pieces).toEqual(JSON.parse(payload));
      },
    ),
    { numRuns: 5_000 },
  );
});

test('what is written in another way is read whole', () => {
  expect(cutReport('{"schema":"x","unchanged":"y"}')).toBeUndefined();
  expect(cutReport('{"schema":"x","facts":{}}')).toBeUndefined();
  expect(cutReport('{"schema":"x","facts":{"of-tomorrow":{}}}')).toBeUndefined();
  expect(cutReport('{"facts":{"firewall":{}},"facts":{"firewall":{}}}')).toBeUndefined();
  expect(cutReport('{"schema":"x", "facts": {"firewall":{}}}')).toBeUndefined();
  expect(byPieces('{"schema":"x","facts":{"firewall":{},"firewall":{"a":1}}}')).toBeUndefined();
});
