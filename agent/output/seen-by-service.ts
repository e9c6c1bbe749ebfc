import type { Finding } from '../../shared/judge.ts';
import { count } from '../../shared/words.ts';
import { type CheckReport, seenAt } from './check-report.ts';

/** ` (as the service saw it 12 minutes ago)` for a point that only the service could read; else nothing. */
export function seenWords(report: CheckReport, check: string, point: string): string {
  const at = seenAt(report, check, point);
  return at === undefined ? '' : ` (as the service saw it ${ago(report.checkedAt, at)})`;
}

/** The same for a whole finding: the oldest of what the service saw of it. */
export function seenWordsOf(report: CheckReport, { check, points }: Finding): string {
  const times = points.flatMap(({ point, mode }) => {
    const at = mode === 'off' ? undefined : seenAt(report, check, point);
    return at === undefined ? [] : [at.getTime()];
  });
  if (times.length === 0) return '';
  return ` (in part as the service saw it ${ago(report.checkedAt, new Date(Math.min(...times)))})`;
}

function ago(now: Date, then: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));
  if (minutes < 1) return 'a moment ago';
  if (minutes < 120) return `${count(minutes, 'minute')} ago`;
  if (minutes < 48 * 60) return `${count(Math.floor(minutes / 60), 'hour')} ago`;
  return `${count(Math.floor(minutes / 1_440), 'day')} ago`;
}
