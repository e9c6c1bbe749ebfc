import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256, splitJws } from '../../../server/signing/compact-jws.ts';
import { packReport, unpackReport } from '../../../server/storage/packing.ts';
import { SampleDevice, sampleFacts } from '../sample-device.ts';

const contextOf = (device: SampleDevice, previous: string | null) => ({
  device: device.id,
  sequence: device.sequence,
  previous: previous === null ? null : Buffer.from(previous, 'hex'),
  factsDigest: Buffer.from(device.factsDigest, 'hex'),
});
const given = (jws: string) => {
  const parts = splitJws(jws);
  if (parts === undefined) throw new Error('not a JWS');
  return { jws, parts };
};
const reportIn = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));

test('an unchanged report takes about a hundred bytes and comes out byte for byte', () => {
  const device = new SampleDevice();
  device.full(sampleFacts());
  const previous = device.previous;
  const jws = device.unchanged();
  const context = contextOf(device, previous);
  const packed = packReport(given(jws), context, reportIn(jws));
  expect(packed.length).toBeLessThan(110);
  expect(unpackReport(packed, context)).toBe(jws);
});

test('however an agent words its report, the same text comes out', () => {
  const spellings = [
    { takenAt: '2026-11-21T10:00:00Z' },
    { takenAt: '2026-11-21T10:00:00.123456Z' },
    { extra: 'a newer agent says more' },
    { policy: { version: 1, id: 'base' } },
    { agent: '1.0.0-beta+é' },
  ];
  for (const spelling of spellings) {
    const device = new SampleDevice();
    device.full(sampleFacts());
    const previous = device.previous;
    const jws = device.unchanged(spelling);
    const context = contextOf(device, previous);
    expect(unpackReport(packReport(given(jws), context, reportIn(jws)), context)).toBe(jws);
  }
});

test('any payload comes out as it went in, and its digest with it', () => {
  const device = new SampleDevice();
  fc.assert(
    fc.property(fc.json(), (payload) => {
      const jws = device.sign(JSON.parse(payload));
      const context = contextOf(device, null);
      const out = unpackReport(packReport(given(jws), context), context);
      return sha256(out).equals(sha256(jws));
    }),
    { numRuns: 50 },
  );
});
