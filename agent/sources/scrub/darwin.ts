import { products } from '../../../shared/data/products.ts';
import type { Person, Sources } from '../../probe.ts';
import { productOf } from '../../readings/darwin/installed-apps.ts';
import { isSharedName } from '../../readings/shared-names.ts';
import type { Scrub } from '../record.ts';
import type { Read } from '../recording.ts';
import { applicationKeeps, commandKeeps, fileKeeps, jsonKeeps, managedKeeps } from './darwin-list-keeps.ts';
import { type Keeps, keptJson, keptList } from './darwin-lists.ts';
import { type MacNames, macNames } from './darwin-names.ts';
import { interfaceSummary, textFileKeeps, textKeeps } from './darwin-text.ts';

type Kind<K extends string> = Extract<Read, Record<K, unknown>>;

const kinds = ['sync', 'backup', 'passwordManagers', 'apps'] as const;
const isInCatalogue = (entry: string) =>
  entry.endsWith('.app') && kinds.some((kind) => productOf(kind, { name: entry.slice(0, -4) }) !== undefined);

function keepsOfFile(path: string): Keeps | undefined {
  if (Object.hasOwn(fileKeeps, path)) return fileKeeps[path];
  const [, person, domain = ''] =
    /^\/Library\/Managed Preferences\/(user\/)?([\w.]+)\.plist$/.exec(path) ?? [];
  const managed = Object.hasOwn(managedKeeps, domain) ? managedKeeps[domain] : undefined;
  if (managed !== undefined && (person === undefined || managed.person)) return managed.keeps;
  const app = /^(?:\/Users\/user)?\/Applications\/([^/]+\.app)\/Contents\/Info\.plist$/.exec(path)?.[1];
  return app !== undefined && isInCatalogue(app) ? applicationKeeps : undefined;
}

/** What is set out of the answer when it is none that anybody knows: empty, which says as little. */
function attempt(rewrite: () => string): string {
  try {
    return rewrite();
  } catch {
    return '';
  }
}

/**
 * What a recording of a Mac may keep: of each read of the agent what its judging needs, people and volumes by their
 * stand-ins, and nothing else. A read that is not known here is left out.
 */
export class MacScrub implements Scrub {
  private readonly names: MacNames;

  constructor(names: MacNames) {
    this.names = names;
  }

  person(person: Person): Person {
    const generic = person.name === 'generic' || (person.name !== 'user' && isSharedName(person.name));
    return { name: generic ? 'generic' : 'user', ...(person.uid !== undefined && { uid: person.uid }) };
  }

  read(read: Read): Read | undefined {
    if ('command' in read) return this.command(read);
    if ('file' in read) return this.file(read);
    if ('directory' in read) return this.directory(read);
    return undefined;
  }

  private command(read: Kind<'command'>): Read | undefined {
    const [path, ...args] = read.command;
    const program = path.slice(path.lastIndexOf('/') + 1);
    const line = [program, ...args].join(' ');
    const key = {
      command: read.command,
      ...(read.stdin !== undefined && { stdin: read.stdin }),
      ...(read.as !== undefined && { as: read.as }),
    };
    const rewrite = this.rewriter(line, read.stdin);
    if (rewrite === undefined) return undefined;
    if ('error' in read) return { ...key, error: read.error };
    const bytes =
      read.stdoutBase64 === undefined
        ? Buffer.from(read.stdout ?? '', 'utf8')
        : Buffer.from(read.stdoutBase64, 'base64');
    const output = { stdout: bytes.toString('utf8'), stderr: read.stderr, exitCode: read.exitCode, bytes };
    let kept = { stdout: '', stderr: '' };
    try {
      kept = rewrite(output);
    } catch {
      // An answer nobody knows stays empty, which says as little.
    }
    return { ...key, ...kept, exitCode: read.exitCode };
  }

  private rewriter(line: string, stdin: string | undefined) {
    type Output = { stdout: string; stderr: string; exitCode: number; bytes: Uint8Array };
    const name = stdin === undefined ? line : `${line} <- ${stdin}`;
    if (Object.hasOwn(textKeeps, name))
      return (output: Output) => textKeeps[name]?.(output, this.names) ?? { stdout: '', stderr: '' };
    if (stdin !== undefined) return undefined;
    if (/^ipconfig getsummary en\d{1,3}$/.test(line))
      return (output: Output) => interfaceSummary(output, this.names);
    if (Object.hasOwn(jsonKeeps, line))
      return ({ stdout }: Output) => ({
        stdout: keptJson(stdout, jsonKeeps[line] ?? true, this.names),
        stderr: '',
      });
    const info = /^diskutil info -plist (?:\/|disk\d{1,4}(?:s\d{1,4}){0,3})$/.test(line);
    const list = info ? 'diskutil info -plist' : line;
    if (!Object.hasOwn(commandKeeps, list)) return undefined;
    return (output: Output) => this.listOf(list, output);
  }

  /** A property list, or one of the sentences that stand in its place. */
  private listOf(
    line: string,
    { stdout, stderr, bytes }: { stdout: string; stderr: string; bytes: Uint8Array },
  ) {
    const none = /^(?:tmutil: No destinations configured\.|No global account policies have been set\.)$/m;
    if (!/<\?xml|<plist|^bplist/.test(stdout)) {
      const said = none.exec(`${stdout}\n${stderr}`)?.[0];
      const header = /^Getting (?:global )?account policies/m.test(stdout)
        ? 'Getting global account policies\n'
        : '';
      return { stdout: said === undefined ? header : `${said}\n`, stderr: '' };
    }
    const clean = line.startsWith('dscl ')
      ? Buffer.from(stdout.replace(/^No such key: .*$/gm, ''), 'utf8')
      : bytes;
    const header = line.startsWith('pwpolicy ') ? 'Getting global account policies\n' : '';
    return { stdout: header + keptList(clean, commandKeeps[line] ?? true, this.names), stderr: '' };
  }

  private file(read: Kind<'file'>): Read | undefined {
    const rewriteText = Object.hasOwn(textFileKeeps, read.file) ? textFileKeeps[read.file] : undefined;
    const keeps = keepsOfFile(read.file);
    if (rewriteText === undefined && keeps === undefined) return undefined;
    if ('error' in read) return { file: read.file, error: read.error };
    const bytes =
      read.contentBase64 === undefined
        ? Buffer.from(read.content ?? '', 'utf8')
        : Buffer.from(read.contentBase64, 'base64');
    const content = attempt(() =>
      rewriteText ? rewriteText(bytes.toString('utf8')) : keptList(bytes, keeps ?? true, this.names),
    );
    return { file: read.file, content };
  }

  private directory(read: Kind<'directory'>): Read | undefined {
    const path = read.directory;
    const rewrite = {
      '/Applications': (entries: readonly string[]) => entries.filter(isInCatalogue),
      '/Users/user/Applications': (entries: readonly string[]) => entries.filter(isInCatalogue),
      '/Users/user/Library/CloudStorage': (entries: readonly string[]) =>
        entries
          .filter((entry) => !entry.startsWith('.'))
          .map((entry) => entry.split('-')[0] ?? '')
          .map((product) =>
            products.sync.entries.some(({ darwin }) => darwin?.cloudStorage?.includes(product))
              ? product
              : 'other',
          ),
      '/Users/user': (entries: readonly string[]) =>
        entries.filter((entry) => products.sync.entries.some(({ darwin }) => darwin?.home?.includes(entry))),
      '/Users/user/.ssh': (entries: readonly string[]) =>
        entries.filter((entry) => /^key-(?:protected|plain|unknown)$/.test(entry)),
    };
    if (!Object.hasOwn(rewrite, path)) return undefined;
    if ('error' in read) return { directory: path, error: read.error };
    return { directory: path, entries: rewrite[path as keyof typeof rewrite](read.entries) };
  }
}

/** Prepares to scrub a recording of this Mac: asks once who and what must not be named in it. Never throws. */
export async function scrubMac(sources: Sources): Promise<MacScrub> {
  return new MacScrub(await macNames(sources));
}
