import type { Platform } from '../../shared/answer.ts';
import type { Privilege } from '../../shared/check.ts';
import { unknownWords } from '../../shared/judge.ts';
import { count, list } from '../../shared/words.ts';
import type { ChecksDiagnosis, RightNeeded, UnknownPoint } from '../doctor/checks.ts';
import { readWords, type Trouble } from '../doctor/watch.ts';
import { asRows } from './rows.ts';

const rightNames: Record<Privilege, string> = {
  user: 'any account',
  session: 'a person at the screen',
  root: 'administrator',
  'full-disk-access': 'Full Disk Access',
};

/** What a source that gives nothing means, before the list of what that concerns. */
const troubleWords: Record<Trouble, string> = {
  denied: 'The right is missing for',
  blocked: 'Blocked by an administrator’s rule:',
  constrained: 'Constrained Language Mode lets little be read by',
  unsupported: 'This version of the system does not have',
  'no-systemd': 'systemd does not run here, so nothing is told by',
  'no-bus': 'The message bus (D-Bus) cannot be reached by',
  'no-display': 'There is no screen for',
  timeout: 'No answer in time from',
  failed: 'Broke while reading:',
  refused: 'Ended with an error:',
  'not-installed': 'Not installed:',
  'not-there': 'Not there:',
};

/** What stands in the way of the checks, for a person. */
export function asDoctorText(diagnosis: ChecksDiagnosis, platform: Platform): string {
  const { rights, sources, unknown } = diagnosis;
  const parts = [
    'Rights',
    asRows(rights.map((right) => [rightNames[right.right], rightText(right, platform)])),
  ];
  if (sources.length > 0) {
    parts.push(
      '',
      'What gives no answers here',
      ...sources.map(({ trouble, what, checks }) =>
        asRows([['-', `${troubleWords[trouble]} ${list(what)} (${checks.join(', ')}).`]]),
      ),
    );
  }
  if (unknown.length > 0) {
    parts.push('', 'Points that could not be told, and the reads that gave nothing');
    parts.push(asRows(unknown.map((point) => [`${point.check}/${point.point}`, pointText(point)])));
  }
  return parts.join('\n');
}

function rightText({ right, held, points }: RightNeeded, platform: Platform): string {
  const many = count(points.length, 'point');
  if (right === 'user') return `${many} can be read by anyone`;
  if (held === true) return `${many}; this run has it`;
  const lacking = `${points.join(', ')}.`;
  if (held === null) return `${many}; whether this run has it only the answers show: ${lacking}`;
  const how: Record<Exclude<Privilege, 'user'>, string> = {
    session: 'sign in at the screen',
    root: platform === 'win32' ? 'use an administrator terminal' : 'sudo agent --check',
    'full-disk-access': 'give it to the agent in System Settings, and run it with sudo',
  };
  return `${many}; this run lacks it (${how[right]}): ${lacking}`;
}

function pointText({ reason, reads, needs, mode }: UnknownPoint): string {
  const why = unknownWords[reason as keyof typeof unknownWords] ?? 'could not be told';
  const told = reads.length === 0 ? '' : `: ${readWords(reads)}`;
  const right = needs === 'user' ? '' : `; needs: ${rightNames[needs]}`;
  const counted = mode === 'enforce' ? '' : ' [does not count]';
  return `${why}${told}${right}${counted}`;
}
