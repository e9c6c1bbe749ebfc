import type { Privilege } from '../../shared/check.ts';
import { checks } from '../../shared/checks/index.ts';
import { counts, type Finding, type PointResult } from '../../shared/judge.ts';
import { asked } from '../../shared/number-sources.ts';
import { readWords } from '../doctor/watch.ts';
import type { CheckReport } from './check-report.ts';
import { printable } from './rows.ts';
import { seenWords, seenWordsOf } from './seen-by-service.ts';

export interface TableOptions {
  /** Escape sequences for a terminal; never when piped. */
  readonly colour: boolean;
  /** Columns to wrap at. Commands are never wrapped: they are there to be copied. */
  readonly width: number;
  /** Every point of every check, passed ones too. */
  readonly verbose: boolean;
}

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const;
type Style = keyof typeof styles;

const postureLine = {
  compliant: ['green', '✓ In order'],
  'not-compliant': ['red', '✗ Not in order'],
  unknown: ['yellow', '? Not everything could be told'],
} as const;

/** The result for a person: what is wrong first, with the reason and the fix, then what could not be told, then the rest. */
export function asTable(report: CheckReport, options: TableOptions): string {
  const paint = (style: Style, text: string) =>
    options.colour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  const lines: string[] = [];
  const { findings } = report;
  const isFailing = (finding: Finding) =>
    finding.points.some((point) => counts(point) && point.status === 'fail');
  const isUnknown = (finding: Finding) =>
    !isFailing(finding) && finding.points.some((point) => counts(point) && point.status === 'unknown');
  const failing = findings.filter(isFailing);
  const unknown = findings.filter(isUnknown);
  const excused = findings.filter(
    (finding) => !isFailing(finding) && !isUnknown(finding) && finding.points.some(isWaived),
  );
  const others = findings.filter(
    (finding) => !isFailing(finding) && !isUnknown(finding) && !excused.includes(finding),
  );
  const attention = others.filter(needsAttention);
  const rest = others.filter((finding) => !needsAttention(finding));
  const fine = rest.filter((finding) => finding.status === 'pass');
  const outside = rest.filter((finding) => finding.status !== 'pass');

  const [style, verdict] = postureLine[report.posture];
  const numbers = [
    failing.length > 0 ? `${failing.length} to fix` : '',
    unknown.length > 0 ? `${unknown.length} could not be told` : '',
    excused.length > 0 ? `${excused.length} waived` : '',
    attention.length > 0 ? `${attention.length} to look at` : '',
    `${fine.length} in order`,
  ].filter((text) => text !== '');
  lines.push(`${paint('bold', paint(style, verdict))}   ${numbers.join(', ')}`);
  for (const line of wrap(heading(report), options.width - 1, '', '')) lines.push(paint('dim', line));
  lines.push('');

  const section = (title: string, list: readonly Finding[], body: (finding: Finding) => void) => {
    if (list.length === 0) return;
    lines.push(paint('bold', title));
    for (const finding of list) body(finding);
    lines.push('');
  };
  const wrapped = (text: string, indent: string, hanging = indent) =>
    lines.push(...wrap(text, options.width - 1, indent, hanging));
  const title = (mark: string, style: Style, finding: Finding, note = '') => {
    const left = `${mark} ${finding.title}`;
    const gap = ' '.repeat(Math.max(2, options.width - 1 - left.length - note.length));
    lines.push(
      `${paint(style, mark)} ${paint('bold', finding.title)}${note === '' ? '' : gap + paint('dim', note)}`,
    );
  };
  const fix = (points: readonly PointResult[]) => {
    const seen = new Set<string>();
    for (const { remedy } of points) {
      if (remedy === undefined || seen.has(remedy.text + remedy.command)) continue;
      seen.add(remedy.text + remedy.command);
      wrapped(`Fix: ${remedy.text}`, '  ', '       ');
      if (remedy.command !== undefined) lines.push(`       ${paint('blue', remedy.command)}`);
    }
  };
  const shown = (finding: Finding, wanted: (point: PointResult) => boolean) => {
    const points = options.verbose ? finding.points : finding.points.filter(wanted);
    for (const point of points) {
      const expected = point.status === 'fail' || options.verbose ? ` (asked: ${asked(point)})` : '';
      const mark = options.verbose ? `${marks[point.status]} ` : '';
      const mode = point.mode === 'enforce' ? '' : ` [${modeWords[point.mode]}]`;
      wrapped(
        `${mark}${point.title}: ${point.observed}${expected}${originWords(point)}${mode}${waiverWords(point)}${seenWords(report, finding.check, point.point)}`,
        '  ',
        '    ',
      );
    }
    return points;
  };

  const darkOf = ({ points }: Finding) =>
    points.filter((point) => counts(point) && point.status === 'unknown');
  const findOut = (finding: Finding) => {
    const dark = darkOf(finding);
    const silent = silentReads(report, finding, dark);
    if (silent !== '') wrapped(`No answer from: ${silent}`, '  ', '    ');
    for (const advice of new Set(dark.map((point) => howToTell(finding, point, report)))) {
      if (advice !== '') wrapped(`To find out: ${advice}`, '  ', '    ');
    }
  };
  section('To fix', failing, (finding) => {
    title('✗', 'red', finding, worstSeverity(finding));
    shown(finding, isWrong);
    fix(finding.points.filter(isToFix));
    findOut(finding);
  });
  const helpless = unknown.some((finding) =>
    darkOf(finding).some((point) => howToTell(finding, point, report) === ''),
  );
  section('Could not be told', unknown, (finding) => {
    title('?', 'yellow', finding);
    shown(finding, isWrong);
    fix(finding.points.filter(isToFix));
    findOut(finding);
    if (finding === unknown.at(-1) && helpless) {
      wrapped(
        'Where nothing says how to find out, show your IT contractor what agent --doctor says.',
        '',
        '',
      );
    }
  });
  section('Waived (does not count for now)', excused, (finding) => {
    title(marks[finding.status], 'yellow', finding);
    shown(finding, isWaived);
  });
  section('To look at (does not count)', attention, (finding) => {
    title('!', 'yellow', finding);
    const points = finding.points.filter((point) => point.mode === 'warn' && point.status === 'fail');
    shown(finding, (point) => points.includes(point));
    fix(points);
  });
  section('In order', fine, (finding) => {
    if (options.verbose) {
      title('✓', 'green', finding);
      shown(finding, () => true);
      return;
    }
    const width = Math.max(...fine.map((entry) => entry.title.length));
    const prefix = `✓ ${finding.title.padEnd(width)}  `;
    const [first = '', ...others] = wrap(
      finding.summary + seenWordsOf(report, finding),
      options.width - 1 - prefix.length,
      '',
      '',
    );
    lines.push(`${paint('green', '✓')}${prefix.slice(1)}${first}`);
    for (const line of others) lines.push(' '.repeat(prefix.length) + line);
  });
  section('Not counted', outside, (finding) => {
    const width = Math.max(...outside.map((entry) => entry.title.length));
    const [first = '', ...others] = wrap(finding.summary, options.width - 5 - width, '', '');
    lines.push(paint('dim', `- ${finding.title.padEnd(width)}  ${first}`));
    for (const line of others) lines.push(paint('dim', ' '.repeat(width + 4) + line));
    if (options.verbose) shown(finding, () => true);
  });
  if (!options.verbose) lines.push(paint('dim', 'Every point: agent --check --verbose'));
  return `${lines.join('\n')}\n`;
}

const marks = { pass: '✓', fail: '✗', unknown: '?', 'not-applicable': '-' } as const;
const modeWords = { warn: 'to look at', advisory: 'for information', off: 'not asked for' } as const;

/** What a person has to see: enforced and not passed, or worth a look and failing. */
function isWrong({ mode, status }: PointResult): boolean {
  return (
    (mode === 'enforce' && (status === 'fail' || status === 'unknown')) ||
    (mode === 'warn' && status === 'fail')
  );
}

const isToFix = (point: PointResult) =>
  isWrong(point) && point.status === 'fail' && point.waiver === undefined;
const isWaived = ({ waiver }: PointResult) => waiver !== undefined;

function waiverWords({ waiver }: PointResult): string {
  return waiver === undefined
    ? ''
    : ` — waived until ${localTime(new Date(waiver.until))}, because ${printable(waiver.reason)}`;
}

function needsAttention(finding: Finding): boolean {
  return finding.points.some((point) => point.mode === 'warn' && point.status === 'fail');
}

function worstSeverity(finding: Finding): string {
  return finding.severity;
}

function originWords({ origin }: PointResult): string {
  return origin === 'policy'
    ? ' — set by your organization'
    : origin === 'default'
      ? ' — the system default'
      : '';
}

function heading({ machine, policy, checkedAt, version, elevated }: CheckReport): string {
  const system = { darwin: 'macOS', linux: machine.osName, win32: 'Windows' }[machine.platform];
  const time = localTime(checkedAt);
  const right = elevated ? ', with administrator rights' : '';
  return `${system} ${machine.osVersion ?? ''}, ${time}, policy ${policy.id} ${policy.version}, agent ${version}${right}`.replace(
    ' ,',
    ',',
  );
}

/** `2026-11-21 18:40` in the person's own zone. Without Intl, whose data alone costs more memory than all checks. */
function localTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What would let an unknown point be told on this machine; empty where the person can do nothing about it. */
function howToTell(finding: Finding, point: PointResult, { machine, elevated }: CheckReport): string {
  const definition = (
    checks[finding.check].points as Record<string, { privilege: Record<string, Privilege> }>
  )[point.point];
  const needs = definition?.privilege[machine.platform];
  if (point.reason === 'no-session') return 'sign in at the screen and run the check there.';
  if (!elevated && (needs === 'root' || needs === 'full-disk-access' || point.reason === 'denied')) {
    return machine.platform === 'win32' ? 'run it in an administrator terminal.' : 'sudo agent --check';
  }
  if (point.reason === 'denied' && needs === 'full-disk-access') {
    return 'give the agent Full Disk Access in System Settings.';
  }
  if (point.reason === 'managed-elsewhere') return 'your IT contractor can attest it on the collector.';
  if (point.reason === 'timeout') return 'run it again: reading it took too long this time.';
  return '';
}

/** What was asked for points that stayed dark, and gave nothing; where nobody is signed in, there was nobody to ask about. */
function silentReads({ failedReads }: CheckReport, { check }: Finding, dark: readonly PointResult[]): string {
  const reads = dark
    .filter(({ reason }) => reason !== 'no-session')
    .flatMap(({ point }) => failedReads?.(check, point) ?? []);
  return readWords([...new Map(reads.map((read) => [read.read, read])).values()]);
}

/** Breaks at blanks. A word longer than the line stands alone on one. */
function wrap(text: string, width: number, indent: string, hanging: string): string[] {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}
