import type { Person, Sources } from '../../probe.ts';
import { isRefusal } from '../../readings/linux/answered.ts';
import type { Scrub } from '../record.ts';
import type { Read } from '../recording.ts';
import { commandKeeps, commandKey } from './linux-commands.ts';
import { fileKeeps } from './linux-files.ts';
import { type LinuxNames, linuxNames } from './linux-names.ts';
import { knownSentences, type Rewrite } from './linux-text.ts';

type Kind<K extends string> = Extract<Read, Record<K, unknown>>;

/** What is set in place of an answer that is none anybody knows: nothing, which says as little. */
function rewritten(rewrite: Rewrite, text: string, names: LinuxNames): string {
  try {
    return rewrite(text, names);
  } catch {
    return '';
  }
}

const find = (keeps: readonly (readonly [RegExp, Rewrite])[], key: string): Rewrite | undefined =>
  keeps.find(([pattern]) => pattern.test(key))?.[1];

/** Folders whose names people chose: the order is kept, and the ending, and what makes a program skip a file. */
const namedFolders =
  /^\/etc\/(?:sudoers\.d|security\/pwquality\.conf\.d|(?:lightdm\/lightdm|sddm)\.conf\.d|systemd\/(?:system\/getty@tty1\.service\.d|journald\.conf\.d)|apt\/sources\.list\.d|yum\.repos\.d)$|^\/usr\/share\/lightdm\/lightdm\.conf\.d$/;

/**
 * What a recording of a Linux machine may keep: of each read of the agent what its judging needs, people, disks and places by their
 * stand-ins, and nothing else. A read that is not known here is left out.
 */
export class LinuxScrub implements Scrub {
  private readonly names: LinuxNames;
  private readonly entries = new Map<string, string>();

  constructor(names: LinuxNames) {
    this.names = names;
  }

  person(person: Person): Person {
    return {
      name: person.name === 'generic' ? 'generic' : 'user',
      ...(person.uid !== undefined && { uid: this.names.uid(person.uid) }),
    };
  }

  read(read: Read): Read | undefined {
    if ('command' in read) return this.command(read);
    if ('file' in read) return this.file(read);
    if ('directory' in read) return this.directory(read);
    return undefined;
  }

  private command(read: Kind<'command'>): Read | undefined {
    const [path, ...args] = read.command;
    if (read.stdin !== undefined) return undefined;
    const program = path.slice(path.lastIndexOf('/') + 1);
    // Another person's read: what is asked as that person is scrubbed like anything else.
    if (program === 'runuser') return this.anothers(read, args);
    const rewrite = find(commandKeeps, [program, ...args].join(' '));
    if (rewrite === undefined) return undefined;
    const [first = program, ...rest] = commandKey([program, ...args], this.names);
    const key = {
      command: [first, ...rest] as [string, ...string[]],
      ...(read.as !== undefined && { as: read.as }),
    };
    if ('error' in read) return { ...key, error: read.error };
    const stdout = read.stdout ?? Buffer.from(read.stdoutBase64 ?? '', 'base64').toString('utf8');
    return {
      ...key,
      stdout: isRefusal(stdout)
        ? knownRefusal(stdout)
        : stdout === ''
          ? ''
          : rewritten(rewrite, stdout, this.names),
      stderr: knownSentences(read.stderr),
      exitCode: read.exitCode,
    };
  }

  private anothers(read: Kind<'command'>, args: readonly string[]): Read | undefined {
    const [flag, name = '', dashes, first, ...rest] = args;
    if (flag !== '-u' || dashes !== '--' || first === undefined || !this.names.isPerson(name))
      return undefined;
    const inner = this.command({ ...read, command: [first, ...rest] });
    if (inner === undefined || !('command' in inner)) return undefined;
    return { ...inner, command: ['runuser', '-u', this.names.account(name), '--', ...inner.command] };
  }

  private file(read: Kind<'file'>): Read | undefined {
    const path = this.pathOf(read.file);
    const bytes = /^\/sys\/firmware\/efi\/efivars\/(?:SecureBoot|SetupMode|MokSBStateRT)-[\da-f-]{36}$/;
    if (bytes.test(path)) return this.firmwareVariable(read, path);
    const rewrite =
      find(fileKeeps, path) ??
      (path.startsWith('/etc/sudoers.d/') ? find(fileKeeps, '/etc/sudoers') : undefined);
    if (rewrite === undefined) return undefined;
    if ('error' in read) return { file: path, error: read.error };
    const text = read.content ?? Buffer.from(read.contentBase64 ?? '', 'base64').toString('utf8');
    return { file: path, content: text === '' ? '' : rewritten(rewrite, text, this.names) };
  }

  /** Four bytes of attributes and the value: nothing else is in these three. */
  private firmwareVariable(read: Kind<'file'>, path: string): Read {
    if ('error' in read) return { file: path, error: read.error };
    const bytes =
      read.contentBase64 === undefined
        ? Buffer.from(read.content ?? '', 'utf8')
        : Buffer.from(read.contentBase64, 'base64');
    return { file: path, contentBase64: bytes.subarray(0, 5).toString('base64') };
  }

  private directory(read: Kind<'directory'>): Read | undefined {
    const path = read.directory;
    const keeps: Record<string, (entry: string) => boolean> = {
      '/home/user/.ssh': (entry) => /^key-(?:protected|plain|unknown)$/.test(entry),
      '/sys/firmware/efi': (entry) => entry === 'efivars',
    };
    const counted: Record<string, string> = {
      '/sys/class/ieee80211': 'phy',
      '/usr/share/xsessions': 'x.desktop',
      '/usr/share/wayland-sessions': 'wayland.desktop',
      '/var/log/journal': '',
    };
    const named = namedFolders.test(path);
    const keep = Object.hasOwn(keeps, path) ? keeps[path] : undefined;
    const word = Object.hasOwn(counted, path) ? counted[path] : undefined;
    if (!named && keep === undefined && word === undefined) return undefined;
    if ('error' in read) return { directory: path, error: read.error };
    if (named) return { directory: path, entries: this.renamed(path, read.entries) };
    if (keep !== undefined) return { directory: path, entries: read.entries.filter(keep) };
    if (word === '') return { directory: path, entries: [] };
    return {
      directory: path,
      entries: read.entries.map((_, at) => (word === 'phy' ? `phy${at}` : `${at + 1}-${word}`)),
    };
  }

  private renamed(path: string, entries: readonly string[]): string[] {
    return entries.toSorted((a, b) => (a < b ? -1 : 1)).map((entry, at) => this.entry(path, entry, at));
  }

  /** `README` and endings stay; `~` and an inner dot too, because sudo goes by them. */
  private entry(path: string, entry: string, at: number): string {
    const known = this.entries.get(`${path}/${entry}`);
    if (known !== undefined) return known;
    const ending = /\.(?:conf|list|sources|repo)$/.exec(entry)?.[0] ?? (entry.includes('.') ? '.x' : '');
    const kept =
      entry === 'README'
        ? entry
        : `${String(at + 1).padStart(2, '0')}${ending}${entry.endsWith('~') ? '~' : ''}`;
    this.entries.set(`${path}/${entry}`, kept);
    return kept;
  }

  /** A file's key, with the stand-in of its folder's entry or its person's home. */
  private pathOf(file: string): string {
    const at = file.lastIndexOf('/');
    const folder = file.slice(0, at);
    if (!namedFolders.test(folder)) return this.names.path(file);
    return `${folder}/${this.entry(folder, file.slice(at + 1), this.entries.size)}`;
  }
}

/** Prepares to scrub a recording of this machine: asks once who and what must not be named in it. Never throws. */
export async function scrubLinux(sources: Sources): Promise<LinuxScrub> {
  return new LinuxScrub(await linuxNames(sources));
}

/** A refusal in place of an answer stays one, without the names in it. */
function knownRefusal(stdout: string): string {
  const known = knownSentences(stdout);
  return isRefusal(known) ? known : 'Permission denied\n';
}
