import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../../agent/probe.ts';
import { runChecks } from '../../agent/runner.ts';
import { Recording, replaySources } from '../../agent/sources/recording.ts';
import type { Platform } from '../../shared/answer.ts';
import type { CheckId } from '../../shared/checks/index.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';

const root = join(import.meta.dirname, '../fixtures');

/** What a check asks of one system, as its probe really asked in any of its fixtures, and how many those are. */
export interface CheckReads {
  readonly fixtures: number;
  /** Arguments by program. */
  readonly programs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files; folders that are listed end in `/`, or in `/*` where what they hold is read. */
  readonly files: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  /** Win32 functions, WMI classes, named PowerShell queries. */
  readonly calls: ReadonlySet<string>;
}

/** Replays every fixture of a check on one system and notes what its probe asks, answered or not. */
export async function readsOf(platform: Platform, check: CheckId): Promise<CheckReads> {
  const folder = join(root, platform, check);
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const programs = new Map<string, Set<string>>();
  const [files, folders] = [new Set<string>(), new Set<string>()];
  const [keys, calls] = [new Set<string>(), new Set<string>()];
  for (const name of names) {
    const fixture = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      recording: unknown;
      policy?: unknown;
    };
    const policy = extendPolicy(
      basePolicy(),
      AuthoredPolicy.parse({ policy: 'fixture', version: 1, checks: fixture.policy ?? {} }),
    );
    const sources = replaySources(Recording.parse(fixture.recording));
    await runChecks(noting(sources, { programs, files, folders, keys, calls }), policy, { only: [check] });
  }
  return {
    fixtures: names.length,
    programs,
    files: withFolders(files, folders),
    keys: withoutNames(keys),
    calls,
  };
}

interface Noted {
  programs: Map<string, Set<string>>;
  files: Set<string>;
  folders: Set<string>;
  keys: Set<string>;
  calls: Set<string>;
}

function noting(sources: Sources, { programs, files, folders, keys, calls }: Noted): Sources {
  return {
    ...sources,
    command(argv, options) {
      const [path, ...args] = asked(argv);
      const program = baseName(path).replace(/\.exe$/i, '');
      programs.set(program, (programs.get(program) ?? new Set()).add(args.join(' ')));
      return sources.command(argv, options);
    },
    file: (path) => sources.file(noted(files, path)),
    fileBytes: (path) => sources.fileBytes(noted(files, path)),
    directory: (path) => sources.directory(noted(folders, path)),
    registry: (key) => sources.registry(noted(keys, key)),
    wmi(query, namespace) {
      calls.add(`WMI ${/\bfrom\s+(\w+)/i.exec(query)?.[1] ?? query}`);
      return sources.wmi(query, namespace);
    },
    powershell(name) {
      calls.add(`PowerShell ${name}`);
      return sources.powershell(name);
    },
    win32(name, args) {
      calls.add(name);
      return sources.win32(name, args);
    },
    systemInformation(name) {
      calls.add(`system information ${name}`);
      return sources.systemInformation(name);
    },
  };
}

function noted(set: Set<string>, path: string): string {
  set.add(path.replace(/%PROFILE:[^%]*%/g, '%USERPROFILE%').replace(/S-1-5-21[-\d]*/g, '<person>'));
  return path;
}

/** `runuser -u user2 -- id -Gn` is the same question to another person. */
function asked(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const end = argv.indexOf('--');
  const inner = argv.slice(end + 1);
  return argv[0].endsWith('runuser') && end > 0 && inner[0] !== undefined
    ? [inner[0], ...inner.slice(1)]
    : argv;
}

const baseName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** A folder that is listed; what it holds has a name of somebody's choice, so it is `folder/*` where that is read, too. */
function withFolders(files: ReadonlySet<string>, folders: ReadonlySet<string>): ReadonlySet<string> {
  const parent = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')));
  const held = [...files].map((path) => (folders.has(parent(path)) ? `${parent(path)}/*` : path));
  const bare = [...folders].filter((folder) => !held.includes(`${folder}/*`)).map((folder) => `${folder}/`);
  return new Set([...held, ...bare]);
}

/** Below these every installed program has a key of its own, whose name is its own. */
const lists = /^(.*\\(?:Uninstall|OneDrive\\Accounts))\\.+$/;

function withoutNames(keys: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...keys].map((key) => key.replace(lists, '$1\\*')));
}
