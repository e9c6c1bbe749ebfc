import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, unparseable } from '../../probe.ts';
import { parseIni } from '../../readings/linux/configuration.ts';

const seconds: Record<string, number> = {
  s: 1,
  sec: 1,
  min: 60,
  m: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
};
Object.assign(seconds, { week: 604_800, w: 604_800, month: 2_629_800, year: 31_557_600, y: 31_557_600 });

/** A time span of systemd in days, rounded down: `90day`, `3month`, `1week 2d`, plain seconds. Throws SourceError. */
export function parseSpan(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})\s*([a-z]*)/gi)];
  if (parts.length === 0 || text.replace(/(\d{1,9})\s*([a-z]*)/gi, '').trim() !== '')
    throw unparseable('MaxRetentionSec');
  const total = parts.reduce((sum, [, number, unit = '']) => {
    const size = unit === '' ? 1 : seconds[unit.toLowerCase().replace(/(?<=.{2})s$/, '')];
    if (size === undefined) throw unparseable('MaxRetentionSec');
    return sum + Number(number) * size;
  }, 0);
  return Math.floor(total / 86_400);
}

export const linux: PointProbes<'security-log'> = {
  /** The journal: kept on disk or not at all, for a time that is set or, by default, until its space is used up. */
  async retained(sources) {
    const text = (await absentAsUndefined(sources.file('/etc/systemd/journald.conf'))) ?? '';
    const journal = parseIni(text).get('Journal');
    const storage = journal?.get('Storage')?.value.toLowerCase() ?? 'auto';
    const onDisk =
      storage === 'persistent' ||
      (storage === 'auto' && (await absentAsUndefined(sources.directory('/var/log/journal'))) !== undefined);
    if (!onDisk) return known({ days: null, basis: 'off' });
    const limit = journal?.get('MaxRetentionSec')?.value ?? '';
    const days = limit === '' ? 0 : parseSpan(limit);
    // The limit is when entries are deleted at the latest; 0 = only when the space runs out.
    return known(days === 0 ? { days: null, basis: 'no-promise' } : { days, basis: 'promised' });
  },
};
