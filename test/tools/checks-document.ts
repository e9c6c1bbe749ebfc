import type { Platform } from '../../shared/answer.ts';
import type { Check, Point, Privilege } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { basePolicy } from '../../shared/policy.ts';
import { count } from '../../shared/words.ts';
import { type CheckReads, readsOf } from './reads.ts';
import { reallyRun } from './really-run.ts';

const systems: { readonly [P in Platform]: string } = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };
const order: readonly Platform[] = ['darwin', 'win32', 'linux'];

const rights: Record<Privilege, string> = {
  user: 'anyone',
  session: 'the person',
  root: 'root',
  'full-disk-access': 'root with Full Disk Access',
};

type Reads = Readonly<Record<Platform, CheckReads>>;

/**
 * The catalogue as a document: what each check asks, how each system is read (as the probes really asked while all fixtures were
 * replayed), which right that needs, what it cannot see, and how it was tried.
 */
export async function checksDocument(): Promise<string> {
  const reads: Partial<Record<CheckId, Reads>> = {};
  for (const id of checkIds) {
    reads[id] = {
      darwin: await readsOf('darwin', id),
      win32: await readsOf('win32', id),
      linux: await readsOf('linux', id),
    };
  }
  const all = reads as Readonly<Record<CheckId, Reads>>;
  return [
    '# Checks',
    '',
    '<!-- Generated from the catalogue, the probes and the fixtures by `npm run docs`: do not edit. -->',
    '',
    'What the agent looks at. Every point is judged alone: pass, fail, unknown (nobody could tell) or not-applicable.',
    '',
    ...howTried(),
    ...overview(all),
    ...checkIds.map((id) => section(id, all[id])),
  ].join('\n');
}

function howTried(): string[] {
  return [
    '## How this was tried',
    '',
    '- **macOS**, every version: replayed only. No part of it has run on a real Mac; see [macOS](macos.md).',
    '- **Windows**, every version: replayed only, but for the registry and a part of the Win32 calls, which ran under Wine. No part of it has run on a real Windows.',
    '- **Linux**: what the table calls “real programs” was read from the programs of Debian 12 themselves, with a known answer. The tests also run the whole',
    '  agent there, as root and as an ordinary person. Everything else, and every other distribution, was replayed only.',
    '',
    'Replayed means: the agent read a recording in the documented format of that system, written by us, and came to the expected',
    'verdict. It does not prove that a real machine answers like that. `agent --selftest` tries each check on two of these recordings.',
    '',
  ];
}

function overview(reads: Readonly<Record<CheckId, Reads>>): string[] {
  const rows = checkIds.map((id) => {
    const check = checks[id] as Check;
    const name = `[${check.title}](#${anchor(check)})`;
    if (check.answeredBy === 'collector') return `| ${name} | the collector answers | | |`;
    const cells = order.map((platform) => cell(id, platform, reads[id][platform]));
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [
    '## Every check, every system',
    '',
    'Each cell: what is read, the right a full answer needs, how many recordings test it, and whether real programs were read, too.',
    '',
    '| Check | macOS | Windows | Linux |',
    '|---|---|---|---|',
    ...rows,
    '',
  ];
}

function cell(id: CheckId, platform: Platform, reads: CheckReads): string {
  const real = reallyRun[platform][id];
  const tried =
    real === undefined
      ? 'replayed only'
      : platform === 'win32'
        ? 'in part under Wine'
        : 'in part real programs';
  return [
    summary(reads),
    rightsOf(id, platform),
    reads.fixtures > 0 ? count(reads.fixtures, 'recording') : 'no recording',
    tried,
  ].join('<br>');
}

/** A check that was replayed and asked nothing asks about something the system says nothing about. */
const nothing = ({ fixtures }: CheckReads) =>
  fixtures > 0 ? 'nothing: the system tells nothing about it' : 'not recorded';

/** `diskutil`, `fdesetup`, 2 files. */
function summary(reads: CheckReads): string {
  const parts = [...reads.programs.keys()].toSorted().map(code);
  const numbers = [
    [reads.files.size, 'file or folder', 'files and folders'],
    [reads.keys.size, 'registry key', 'registry keys'],
    [reads.calls.size, 'call', 'calls'],
  ] as const;
  for (const [number, one, many] of numbers) if (number > 0) parts.push(count(number, one, many));
  return parts.join(', ') || nothing(reads);
}

function rightsOf(id: CheckId, platform: Platform): string {
  const needed = Object.values(checks[id].points as Record<string, Point>).map(
    ({ privilege }) => privilege[platform],
  );
  return [...new Set(needed)].map((right) => rights[right]).join(', ');
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;
const anchor = ({ id, title }: Check) =>
  `${title} (${id})`
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** Plain text of a default, as a table shows it. */
const shown = (value: unknown) =>
  Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : String(value);

function section(id: CheckId, reads: Reads): string {
  const check = checks[id] as Check;
  const policy = basePolicy();
  const rows = Object.entries(check.points).map(([name, point]) => {
    const { mode, severity, params } = policy.checks[id][name] ?? { mode: '', severity: '', params: {} };
    const defaults = Object.entries(params)
      .map(([key, value]) => `\`${key}\` = ${shown(value)}`)
      .join('<br>');
    const needs = order.map((platform) => rights[point.privilege[platform]]);
    return `| \`${name}\` | ${point.expected(params as never)} | ${mode}, ${severity} | ${defaults || '–'} | ${needs.join(' · ')} |`;
  });
  const cited = Map.groupBy(check.references, ({ standard }) => standard);
  const references = [...cited].map(
    ([standard, ids]) => `${standard} ${ids.map((reference) => reference.id).join(', ')}`,
  );
  return [
    `## ${check.title} (\`${id}\`)`,
    '',
    `${check.rationale}${check.answeredBy === 'collector' ? ' Answered by the collector.' : ''}`,
    '',
    '| Point | Passes when | Base policy | Parameters | Right needed (macOS · Windows · Linux) |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...(check.answeredBy === 'device'
      ? [...order.map((platform) => howRead(id, platform, reads[platform])), '']
      : []),
    `It cannot see: ${check.blindSpots.charAt(0).toLowerCase()}${check.blindSpots.slice(1)}`,
    '',
    `References: ${references.join(' · ')}`,
    '',
  ].join('\n');
}

/** One line a system: every program, file, key and call, gathered where they are many. */
function howRead(id: CheckId, platform: Platform, reads: CheckReads): string {
  const { programs, files, keys, calls } = reads;
  const parts = [
    ...[...programs]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .map(([name, ways]) => command(name, ways)),
    ...gathered(files, '/').map(code),
    ...gathered(keys, '\\').map(code),
    ...[...calls].toSorted().map(code),
  ];
  const real = reallyRun[platform][id]?.map(({ what }) => what) ?? [];
  const tried =
    real.length === 0
      ? ''
      : ` Read for real${platform === 'win32' ? ', under Wine' : ''}: ${real.join('; ')}.`;
  return `- **${systems[platform]}**: ${parts.join(', ') || nothing(reads)}.${tried}`;
}

function command(name: string, ways: ReadonlySet<string>): string {
  const [only] = ways;
  if (ways.size === 1 && only !== undefined && only.length <= 60) return code(`${name} ${only}`.trim());
  const starts = new Set([...ways].map((way) => way.split(' ')[0] ?? ''));
  return starts.size === 1 && /^[a-z-]+$/.test([...starts][0] ?? '')
    ? code(`${name} ${[...starts][0]} …`)
    : code(`${name} …`);
}

/** Paths in order; more than three in one folder are shown as that folder. */
function gathered(paths: ReadonlySet<string>, separator: '/' | '\\'): string[] {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf(separator, path.length - 2));
  const groups = Map.groupBy([...paths].toSorted(), folderOf);
  return [...groups]
    .flatMap(([folder, members]) => (members.length > 3 ? [`${folder}${separator}*`] : members))
    .toSorted();
}
