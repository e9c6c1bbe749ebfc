import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../server/review/evidence.ts';
import { sha256 } from '../../server/signing/compact-jws.ts';
import { publicKeyOf } from '../../server/signing/keys.ts';
import type { StoredReport } from '../../server/storage/reports.ts';
import { SampleDevice, sampleFacts } from './sample-device.ts';

const receivedAt = new Date('2026-11-21T08:00:00Z');

/** Four reports of one device as they are stored, newest first. */
function chain(device: SampleDevice): StoredReport[] {
  const sent = [
    device.full(sampleFacts('on')),
    device.unchanged(),
    device.full(sampleFacts('off')),
    device.unchanged(),
  ];
  return sent
    .map(
      (jws, index): StoredReport => ({
        sequence: index + 1,
        receivedAt,
        previous: index === 0 ? null : sha256(sent[index - 1] ?? ''),
        kind: index % 2 === 0 ? 'full' : 'unchanged',
        jws,
      }),
    )
    .toReversed();
}

const keyOf = (device: SampleDevice) => publicKeyOf(Buffer.from(device.publicKey, 'base64url'));

const short = (reports: readonly StoredReport[], device: SampleDevice, key = keyOf(device)) =>
  verifyEvidence(reports, device.id, key).map(
    ({ sequence, signature, chain: link }) => `${sequence} ${signature} ${link}`,
  );

describe('evidence', () => {
  it('stands when every report is signed and names the one before', () => {
    const device = new SampleDevice();
    const reports = chain(device);
    expect(short(reports, device)).toEqual([
      '4 valid linked',
      '3 valid linked',
      '2 valid linked',
      '1 valid first',
    ]);
    const [newest] = verifyEvidence(reports, device.id, keyOf(device));
    expect(newest?.digest).toBe(device.previous);
    expect(newest?.takenAt).toMatch(/Z$/);
  });

  it('answers for the oldest only when it is the first of all', () => {
    const device = new SampleDevice();
    expect(short(chain(device).slice(0, 3), device)).toEqual(['4 valid linked', '3 valid linked']);
  });

  it('breaks at every single changed letter', () => {
    const device = new SampleDevice();
    const reports = chain(device);
    const jws = reports[1]?.jws ?? '';
    // The last letter of a base64url part may carry bits that mean nothing; that too must be refused.
    for (let place = 0; place < jws.length; place += 7) {
      const changed = `${jws.slice(0, place)}${jws[place] === 'A' ? 'B' : 'A'}${jws.slice(place + 1)}`;
      const tampered = reports.map((report, index) => (index === 1 ? { ...report, jws: changed } : report));
      const [, , third] = short(tampered, device).toReversed();
      expect(third, `letter ${place}`).toMatch(/^3 broken /);
      expect(short(tampered, device)[0], `letter ${place}`).toBe('4 valid broken');
    }
  });

  it('breaks where a report is missing, unreadable, or under another number', () => {
    const device = new SampleDevice();
    const [fourth, third, second, first] = chain(device);
    if (!fourth || !third || !second || !first) throw new Error('four reports');
    expect(short([fourth, second, first], device)[0]).toBe('4 valid broken');
    expect(short([fourth, { ...third, jws: undefined }, second, first], device).slice(0, 2)).toEqual([
      '4 valid broken',
      '3 broken broken',
    ]);
    expect(short([{ ...fourth, sequence: 5 }, third, second, first], device)[0]).toBe('5 broken broken');
  });

  it('accepts no report of another device', () => {
    const device = new SampleDevice();
    const stranger = new SampleDevice();
    expect(short(chain(device), device, keyOf(stranger)).every((line) => line.includes('broken'))).toBe(true);
    expect(short(chain(stranger), device).every((line) => line.includes('broken'))).toBe(true);
  });
});
