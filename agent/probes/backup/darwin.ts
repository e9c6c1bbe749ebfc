import { type Answer, known, notApplicable, unknown } from '../../../shared/answer.ts';
import type { BackupProductId } from '../../../shared/data/product-ids.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { hoursSince, latest } from '../../readings/darwin/age.ts';
import {
  installedApps,
  productOf,
  runningProduct,
  runningPrograms,
} from '../../readings/darwin/installed-apps.ts';
import {
  type Destination,
  destinations,
  destinationsEncrypted,
  finishedBackups,
} from '../../readings/darwin/time-machine.ts';
import { told } from '../../readings/darwin/told.ts';

/**
 * The moment of Backblaze's last finished pass: `gmt_millis="1763650000000"` in its report. Undefined = not this product.
 * Throws SourceError.
 */
async function backblazePass(sources: Sources): Promise<Date | undefined> {
  const path = '/Library/Backblaze.bzpkg/bzdata/bzreports/bzstat_lastbackupcompleted.xml';
  const report = await absentAsUndefined(sources.file(path));
  if (report === undefined) return undefined;
  const millis = /\bgmt_millis(?:="|>)(\d{12,14})["<]/.exec(report)?.[1];
  if (millis === undefined) throw unparseable('Backblaze');
  return new Date(Number(millis));
}

/** Backup products beside Time Machine, installed or running. Throws SourceError when it could not be looked for everywhere. */
async function otherProducts(sources: Sources): Promise<ReadonlySet<BackupProductId>> {
  const products = new Set<BackupProductId>();
  const apps = await told(installedApps(sources));
  const programs = await told(runningPrograms(sources));
  const backblaze = await told(backblazePass(sources));
  if (backblaze !== undefined) products.add('backblaze');
  const found = [
    ...(apps ?? []).map((app) => productOf('backup', app)),
    ...(programs ?? []).map((program) => runningProduct('backup', program)),
  ];
  for (const product of found) if (product !== undefined) products.add(product);
  if (products.size === 0) {
    await installedApps(sources);
    await runningPrograms(sources);
  }
  return products;
}

type Recent = {
  ageHours: number | null;
  because?: 'no-destination' | 'never-finished';
  product?: BackupProductId;
};

async function recent(sources: Sources, { maxAgeDays }: { maxAgeDays: number }): Promise<Answer<Recent>> {
  const isRecent = (age: Answer<Recent>) =>
    'value' in age && age.value.ageHours !== null && age.value.ageHours <= maxAgeDays * 24;
  const byTimeMachine = await timeMachineAge(sources);
  if (isRecent(byTimeMachine)) return byTimeMachine;
  const pass = await told(backblazePass(sources));
  const hours = pass && hoursSince(pass, sources.now);
  const byBackblaze =
    hours === undefined ? undefined : known<Recent>({ ageHours: hours, product: 'backblaze' });
  if (byBackblaze && isRecent(byBackblaze)) return byBackblaze;
  const products = await told(otherProducts(sources));
  // Any other product keeps to itself when it was last done; it may well be recent.
  if (products !== undefined && [...products].some((product) => product !== 'backblaze' || !byBackblaze))
    return unknown('managed-elsewhere');
  if (byBackblaze) return byBackblaze;
  const noDestination = 'value' in byTimeMachine && byTimeMachine.value.because === 'no-destination';
  if (products === undefined && noDestination) await otherProducts(sources);
  return byTimeMachine;
}

async function timeMachineAge(sources: Sources): Promise<Answer<Recent>> {
  const places = await told(destinations(sources));
  if (places?.length === 0) return known({ ageHours: null, because: 'no-destination' });
  try {
    const dates = await finishedBackups(sources);
    if (dates.length === 0)
      return known({ ageHours: null, because: 'never-finished', product: 'time-machine' });
    const last = latest(dates, sources.now);
    const hours = last && hoursSince(last, sources.now);
    return hours === undefined ? unknown('unparseable') : known({ ageHours: hours, product: 'time-machine' });
  } catch (error) {
    if (error instanceof SourceError) return unknown(error.reason);
    throw error;
  }
}

/** Answers for Time Machine where it is set up; a Mac with neither it nor another product has no target at all. */
async function ofTarget<T>(
  sources: Sources,
  answer: (places: readonly Destination[]) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const places = await destinations(sources);
  if (places.length > 0) return answer(places);
  const products = await otherProducts(sources);
  return products.size === 0 ? notApplicable('none-present') : unknown('managed-elsewhere');
}

export const darwin: PointProbes<'backup'> = {
  recent,
  encrypted: (sources) =>
    ofTarget(sources, async (places) => known({ encrypted: await destinationsEncrypted(sources, places) })),
  /** A Time Machine destination is a disk or a share, never a cloud. */
  'cloud-destination': (sources) =>
    ofTarget(sources, async ([first]) => known({ target: first?.kind ?? 'disk', product: 'time-machine' })),
};
