/** Puts a sample fleet into real stores, by signed reports that go the way every report goes. */
import { reportReceiver } from '../../server/ingest/receive.ts';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { dice, sampleFacts, sampleMachine } from '../../server/sample/facts.ts';
import { sha256 } from '../../server/signing/compact-jws.ts';
import { newId } from '../../server/storage/ids.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import type { Stores } from '../../server/storage/stores.ts';
import { Facts } from '../../shared/facts.ts';
import { factsDigestInput } from '../../shared/report.ts';
import { SampleDevice } from '../server/sample-device.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Seeding {
  readonly stores: Stores;
  readonly organization: Organization;
  readonly devices: number;
  readonly seed: number;
  /** The moment the fleet is looked at; everything it reported lies before. */
  readonly now: Date;
}

/**
 * Enrolls that many devices and lets each report for the past weeks: most are in order, some have something to fix, a few broke
 * since yesterday, a few went silent. The same at every run but for keys and ids. Answers their ids.
 */
export async function seedFleet({ stores, organization, devices, seed, now }: Seeding): Promise<string[]> {
  const random = dice(seed);
  const receive = reportReceiver(stores);
  const ids: string[] = [];

  async function keep(jws: string, at: Date): Promise<void> {
    const [outcome] = await stores.ingest.keep([await receive(jws, at)]);
    if (outcome?.kind !== 'kept') throw new Error(`a sample report was not kept: ${outcome?.kind}`);
  }

  for (let index = 0; index < devices; index += 1) {
    const machine = sampleMachine(random);
    const trouble = random() < 0.8 ? 0.03 : 1.1;
    const enrolledAt = new Date(now.getTime() - (20 + Math.floor(random() * 60)) * day);
    const silentDays = random() < 0.03 ? 8 + Math.floor(random() * 12) : 0;
    const lastAt = new Date(now.getTime() - silentDays * day - Math.floor(random() * 230 + 2) * minute);
    const device = new SampleDevice();
    const code = await stores.enrollments.create(
      {
        organization: organization.number,
        owner: 'company',
        expiresAt: new Date(enrolledAt.getTime() + day),
      },
      'console',
      enrolledAt,
    );
    const enrolled = await stores.enrollments.enroll(
      { code, publicKey: device.publicKey, agent: '0.1.0', machine, noticeVersion: '1' },
      enrolledAt,
    );
    if (enrolled === undefined) throw new Error('a sample device was not enrolled');
    device.id = enrolled.device;
    ids.push(device.id);

    const full = (facts: Facts, at: Date) => {
      const jws = device.full(facts, { id: newId(at), machine, takenAt: whole(at) });
      device.factsDigest = sha256(factsDigestInput({ machine, facts })).toString('hex');
      return keep(jws, new Date(at.getTime() + 1_500));
    };
    const unchanged = (at: Date) =>
      keep(device.unchanged({ id: newId(at), takenAt: whole(at) }), new Date(at.getTime() + 1_500));

    const before = Facts.parse(sampleFacts(machine, random, trouble));
    await full(before, new Date(enrolledAt.getTime() + 2 * minute));
    for (let at = lastAt.getTime() - 5 * day; at < lastAt.getTime() - day; at += day)
      await unchanged(new Date(at));
    const broke = silentDays === 0 && random() < 0.05;
    if (broke) {
      const after = Facts.parse({ ...before, ...worse(before, random) });
      await full(after, new Date(lastAt.getTime() - Math.floor(random() * 20) * hour));
    }
    await unchanged(lastAt);
  }
  while ((await reviewDue(stores, now, 200)) > 0);
  return ids;
}

const whole = (at: Date) => new Date(Math.floor(at.getTime() / 1_000) * 1_000).toISOString();

/** One thing that was in order and no longer is. */
function worse(facts: Facts, random: () => number): Facts {
  const draw = random();
  if (draw < 0.4) {
    return {
      'screen-lock': {
        ...facts['screen-lock'],
        idle: { value: { seconds: null, power: 'mains', because: 'switched-off' }, origin: 'user' },
      },
    };
  }
  if (draw < 0.7)
    return { 'os-updates': { ...facts['os-updates'], pending: { value: { waiting: 4, oldestDays: 16 } } } };
  return { backup: { ...facts.backup, recent: { value: { ageHours: 24 * 9 } } } };
}
