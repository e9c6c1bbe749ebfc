import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, unparseable } from '../../probe.ts';
import { iniGroup } from '../../readings/linux/configuration.ts';

const [minute, hour, day, week] = [60, 3_600, 86_400, 604_800];
const [month, year] = [2_629_800, 31_557_600];
/** systemd.time(7); `m` is a minute and `M` a month. */
const units: Readonly<Record<string, number>> = {
  ...{ usec: 1e-6, us: 1e-6, msec: 1e-3, ms: 1e-3, '': 1, s: 1, sec: 1, second: 1, seconds: 1 },
  ...{ m: minute, min: minute, minute, minutes: minute, h: hour, hr: hour, hour, hours: hour },
  ...{ d: day, day, days: day, w: week, week, weeks: week },
  ...{ M: month, month, months: month, y: year, year, years: year },
};

/** A time span of systemd in days, rounded down: `90day`, `3month`, `1week 2d`, plain seconds. Throws SourceError. */
export function parseSpan(text: string): number {
  const part = /(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]*)/gi;
  const parts = [...text.matchAll(part)];
  if (parts.length === 0 || text.replace(part, '').trim() !== '') throw unparseable('MaxRetentionSec');
  const total = parts.reduce((sum, [, number, unit = '']) => {
    const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (size === undefined) throw unparseable('MaxRetentionSec');
    return sum + Number(number) * size;
  }, 0);
  return Math.floor(total / day);
}

const storages = new Set(['auto', 'persistent', 'volatile', 'none']);

export const linux: PointProbes<'security-log'> = {
  /** The journal: kept on disk or not at all, for a time that is set or, by default, until its space is used up. */
  async retained(sources) {
    const text = (await absentAsUndefined(sources.file('/etc/systemd/journald.conf'))) ?? '';
    const journal = iniGroup(text, 'Journal');
    const storage = journal.get('Storage')?.value.toLowerCase() || 'auto';
    if (!storages.has(storage)) throw unparseable('Storage');
    const onDisk =
      storage === 'persistent' ||
      (storage === 'auto' && (await absentAsUndefined(sources.directory('/var/log/journal'))) !== undefined);
    if (!onDisk) return known({ days: null, basis: 'off' });
    const limit = journal.get('MaxRetentionSec')?.value ?? '';
    const days = limit === '' ? 0 : parseSpan(limit);
    // The limit is when entries are deleted at the latest; 0 = only when the space runs out.
    return known(/^0*$/.test(limit) ? { days: null, basis: 'no-promise' } : { days, basis: 'promised' });
  },
};
