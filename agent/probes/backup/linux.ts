import { type Answer, known, unknown } from '../../../shared/answer.ts';
import type { BackupProductId } from '../../../shared/data/product-ids.ts';
import { byPackage } from '../../../shared/data/recognise.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { orUndefined } from '../../readings/linux/answered.ts';
import { readSetting } from '../../readings/linux/gsettings.ts';
import { mayHaveFlatpaks } from '../../readings/linux/offers.ts';
import { readPackages } from '../../readings/linux/packages.ts';
import { readServices } from '../../readings/linux/services.ts';
import { type InSession, readDesktopPeople } from '../../readings/linux/sessions.ts';

const schema = 'org.gnome.DejaDup';

interface Recent {
  ageHours: number | null;
  because?: 'no-destination' | 'never-finished' | 'snapshots-only' | 'sync-only';
  product?: BackupProductId;
}

/** `'2026-11-20T19:02:11.114352Z'`, or `''` for never. Throws SourceError. */
export function parseLastBackup(text: string, now: Date): number | null {
  const value = /^'([^']*)'$/.exec(text.trim())?.[1];
  if (value === undefined) throw unparseable('last-backup');
  if (value === '') return null;
  const time = Date.parse(value);
  const hours = (now.getTime() - time) / 3_600_000;
  if (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(time) || hours < -24)
    throw unparseable('last-backup');
  return Math.max(0, Math.ceil(hours));
}

async function person(sources: Sources): Promise<InSession | undefined> {
  const answer = await readDesktopPeople(sources);
  return answer.kind === 'people' ? answer.people[0] : undefined;
}

/** `No such schema`: it is not installed. Any other refusal says nothing. */
async function hasNoSchema(session: InSession): Promise<boolean> {
  const { stderr } = await session.command(['gsettings', 'get', schema, 'last-backup']);
  return /No such (?:schema|key)/i.test(stderr);
}

/** Deja Dup's own record of its last finished backup; undefined = it is not installed here. */
async function dejaDup(sources: Sources, session: InSession): Promise<Recent | undefined> {
  let text: string;
  try {
    text = await readSetting(session, schema, 'last-backup');
  } catch (error) {
    if (error instanceof SourceError && error.code === 'ENOENT') return undefined;
    if (error instanceof SourceError && error.code === 'exit-1' && (await hasNoSchema(session)))
      return undefined;
    throw error;
  }
  const ageHours = parseLastBackup(text, sources.now);
  return { ageHours, product: 'deja-dup', ...(ageHours === null && { because: 'never-finished' as const }) };
}

const timers = ['borgmatic.timer', 'restic.timer'];

/** Something that may make backups and leaves no trace that is documented; Deja Dup too, where its own record did not answer. */
async function mayHaveAnother(sources: Sources, dejaDupTold: boolean): Promise<boolean> {
  const services = await orUndefined(readServices(sources));
  if (services !== undefined && timers.some((name) => services.unit(name).active)) return true;
  const packages = await readPackages(sources);
  const products = new Set(packages.map(({ name }) => byPackage('backup', name)).filter(Boolean));
  // duplicity is what Deja Dup works with.
  if (dejaDupTold && products.delete('deja-dup')) products.delete('duplicity');
  // The flatpak of Deja Dup, Pika or Vorta keeps its record where nothing documented can read it.
  return products.size > 0 || (await mayHaveFlatpaks(sources, packages));
}

export const linux: PointProbes<'backup'> = {
  async recent(sources): Promise<Answer<Recent>> {
    const session = await person(sources);
    if (session === undefined) return unknown('no-session');
    const own = await dejaDup(sources, session);
    if (own?.ageHours != null) return known(own);
    if (await mayHaveAnother(sources, own !== undefined)) return unknown('unsupported');
    if (own !== undefined) return known(own);
    // Timeshift keeps snapshots of the system on the same machine: no backup.
    const snapshots = await orUndefined(absentAsUndefined(sources.file('/etc/timeshift/timeshift.json')));
    return known({ ageHours: null, because: snapshots === undefined ? 'no-destination' : 'snapshots-only' });
  },
  /** Deja Dup does not record whether a passphrase was set. */
  async encrypted() {
    return unknown('unsupported');
  },
  async 'cloud-destination'(sources) {
    const session = await person(sources);
    if (session === undefined) return unknown('no-session');
    const backend = /^'([a-z0-9-]*)'$/.exec(await readSetting(session, schema, 'backend'))?.[1];
    // The default: nobody has chosen yet.
    if (backend === 'auto' || backend === '') throw new SourceError('missing', 'backend', 'not-set');
    if (backend === 'google' || backend === 'microsoft')
      return known({ target: 'cloud', product: 'deja-dup' });
    if (backend === 'remote') return known({ target: 'share', product: 'deja-dup' });
    if (backend === 'local' || backend === 'drive') return known({ target: 'disk', product: 'deja-dup' });
    throw unparseable('backend');
  },
};
