import { byWindowsName } from '../../../shared/data/recognise.ts';
import type { Person, RegistryData, Sources } from '../../probe.ts';
import type { InstalledProgram } from '../../readings/win32/installed-programs.ts';
import { watchedReleases } from '../../readings/win32/watched-programs.ts';
import { readRows } from '../../readings/win32/wmi.ts';
import type { Scrub } from '../record.ts';
import type { Read } from '../recording.ts';
import { SidStandIns } from './sids.ts';
import { powershellKeeps, registryKeeps, textForms, win32Keeps, wmiKeeps } from './win32-keeps.ts';
import { rewriters, secedit } from './win32-text.ts';

const redacted = '<redacted>';
const catalogue = ['malware', 'sync', 'backup', 'passwordManagers', 'apps'] as const;
function isInCatalogue(program: InstalledProgram): boolean {
  return (
    catalogue.some((kind) => byWindowsName(kind, program.name) !== undefined) ||
    watchedReleases(program).length > 0
  );
}

type Kind<K extends string> = Extract<Read, Record<K, unknown>>;

/** Keeps the named fields of an answer at any depth; of texts those that have a known form. */
function fields(value: unknown, names: readonly string[], sids: SidStandIns, field = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => fields(item, names, sids, field));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => names.includes(name))
        .map(([name, item]) => [name, fields(item, names, sids, name === 'value' ? field : name)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (field === 'sid' || field === 'SID') return sids.of(value) ?? redacted;
  if (field === 'displayName')
    return byWindowsName('malware', value) === undefined ? 'another product' : value;
  const known = textForms[field]?.test(value) === true;
  // Numbers, booleans and dates may arrive as text.
  const plain = /^(?:-?\d{1,20}|true|false|\/Date\(-?\d+\)\/|\d{4}-\d\d-\d\dT[\d:.]+Z?)$/i.test(value);
  return known || plain ? value : redacted;
}

/** A saver may lie in somebody's folder; that one is chosen is all that matters. `(None)` means that none is. */
function withoutPath(value: { type: string; data: RegistryData }): { type: string; data: RegistryData } {
  const path = typeof value.data === 'string' ? value.data.trim() : '';
  return path === '' || path.toLowerCase() === '(none)' ? value : { type: value.type, data: 'saver.scr' };
}

/** Error codes only: what else an error says may carry names. */
function errorCode(stderr: string): string {
  const code = /(?:HRESULT )?0x[0-9a-f]{8}/i.exec(stderr)?.[0];
  return code ?? (stderr.startsWith('#< CLIXML') ? '#< CLIXML' : '');
}

class WindowsScrub implements Scrub {
  private readonly sids: SidStandIns;
  /** Names of subkeys of the Uninstall lists that stay, lower case. */
  private readonly programs: ReadonlySet<string>;

  constructor(sids: SidStandIns, programs: ReadonlySet<string>) {
    this.sids = sids;
    this.programs = programs;
  }

  person(person: Person): Person {
    const sid = person.sid === undefined ? undefined : this.sids.of(person.sid);
    return { name: 'user', ...(sid !== undefined && { sid }) };
  }

  read(read: Read): Read | undefined {
    if ('registry' in read) return this.registry(read);
    if ('win32' in read) return this.native(read);
    if ('wmi' in read) return this.wmi(read);
    if ('powershell' in read) return this.powershell(read);
    if ('command' in read) return this.command(read);
    if ('file' in read) return this.file(read);
    if ('directory' in read) return this.directory(read);
    return undefined;
  }

  private registry(read: Kind<'registry'>): Read | undefined {
    const key = this.sids.within(read.registry);
    const general = read.registry.replace(/^HKU\\S-1-[\d-]+\\/i, 'HKU\\<SID>\\').toLowerCase();
    const slash = general.lastIndexOf('\\');
    const rule =
      registryKeeps.find((kept) => kept.key.toLowerCase() === general) ??
      registryKeeps.find((kept) => kept.key.toLowerCase() === `${general.slice(0, slash)}\\<subkey>`);
    if (rule === undefined) return undefined;
    if (rule.program === true && !this.programs.has(general.slice(slash + 1))) return undefined;
    if ('error' in read) return { registry: key, error: read.error };
    const wanted = (list: readonly string[] | undefined, name: string) =>
      list?.some((kept) => kept.toLowerCase() === name.toLowerCase()) === true;
    const values = Object.entries(read.values).flatMap(([name, value]) => {
      if (wanted(rule.presence, name)) return [[name, { type: value.type, data: redacted }] as const];
      if (!wanted(rule.keeps, name)) return [];
      return [[name, name.toUpperCase() === 'SCRNSAVE.EXE' ? withoutPath(value) : value] as const];
    });
    return {
      registry: key,
      values: Object.fromEntries(values),
      subkeys: this.subkeys(rule.subkeys, read.subkeys),
    };
  }

  private subkeys(rule: (typeof registryKeeps)[number]['subkeys'], names: readonly string[]): string[] {
    if (rule === 'numbered') return names.map((_, index) => `${index + 1}`);
    if (rule === 'programs') return names.filter((name) => this.programs.has(name.toLowerCase()));
    if (rule !== 'people') return [];
    return names.flatMap((name) =>
      /^(?:\.DEFAULT|S-1-5-(?:18|19|20))$/i.test(name) ? name : (this.sids.of(name) ?? []),
    );
  }

  private native(read: Kind<'win32'>): Read | undefined {
    const names = win32Keeps[read.win32];
    if (names === undefined) return undefined;
    const key = { win32: read.win32, args: read.args };
    return 'error' in read
      ? { ...key, error: read.error }
      : { ...key, result: fields(read.result, names, this.sids) };
  }

  private wmi(read: Kind<'wmi'>): Read | undefined {
    const names = wmiKeeps[/\bFROM (\w+)/i.exec(read.wmi)?.[1] ?? ''];
    if (names === undefined) return undefined;
    const key = { wmi: read.wmi, namespace: read.namespace };
    if ('error' in read) return { ...key, error: read.error };
    return { ...key, rows: read.rows.map((row) => fields(row, names, this.sids) as Record<string, unknown>) };
  }

  private powershell(read: Kind<'powershell'>): Read | undefined {
    const names = powershellKeeps[read.powershell];
    if (names === undefined) return undefined;
    const key = { powershell: read.powershell };
    if ('error' in read) return { ...key, error: read.error };
    let stdout = '';
    try {
      stdout = JSON.stringify(
        fields(JSON.parse((read.stdout ?? '').replace(/^\uFEFF/, '')), names, this.sids),
      );
    } catch {
      // What is no JSON stays no JSON, without its words.
      stdout = (read.stdout ?? '').trim() === '' ? '' : redacted;
    }
    return { ...key, stdout, stderr: errorCode(read.stderr), exitCode: read.exitCode };
  }

  private command(read: Kind<'command'>): Read | undefined {
    const [path, ...args] = read.command;
    const program = path.slice(path.lastIndexOf('\\') + 1).toLowerCase();
    const rewrite = rewriters[program];
    if (rewrite === undefined) return undefined;
    const key = { command: [program, ...args] as [string, ...string[]] };
    if ('error' in read) return { ...key, error: read.error };
    const bytes =
      read.stdoutBase64 === undefined
        ? Buffer.from(read.stdout ?? '')
        : Buffer.from(read.stdoutBase64, 'base64');
    return { ...key, stdout: rewrite(bytes.toString('latin1')), stderr: '', exitCode: read.exitCode };
  }

  private file(read: Kind<'file'>): Read | undefined {
    const path = this.sids.within(read.file);
    const isExport = /\\Muster\\secedit\.inf$/i.test(path);
    if (!isExport && !/^%PROFILE:[^%]+%\\AppData\\Local\\Dropbox\\info\.json$/i.test(path)) return undefined;
    if ('error' in read) return { file: path, error: read.error };
    const bytes =
      read.contentBase64 === undefined
        ? Buffer.from(read.content ?? '')
        : Buffer.from(read.contentBase64, 'base64');
    if (isExport) return { file: path, contentBase64: Buffer.from(secedit(bytes)).toString('base64') };
    return { file: path, content: presentAccounts(bytes.toString('utf8')) };
  }

  private directory(read: Kind<'directory'>): Read | undefined {
    const path = this.sids.within(read.directory);
    if (!/^%PROFILE:[^%]+%\\\.ssh$/i.test(path)) return undefined;
    if ('error' in read) return { directory: path, error: read.error };
    const kinds = ['key-protected', 'key-plain'];
    return {
      directory: path,
      entries: read.entries.map((entry) => (kinds.includes(entry) ? entry : 'key-unknown')),
    };
  }
}

/** Which kinds of account Dropbox knows, without the accounts. */
function presentAccounts(json: string): string {
  let info: unknown;
  try {
    info = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return redacted;
  }
  const kinds = ['personal', 'business'].filter(
    (kind) => typeof info === 'object' && info !== null && kind in info,
  );
  return JSON.stringify(Object.fromEntries(kinds.map((kind) => [kind, redacted])));
}

const uninstallLists = registryKeeps.filter(({ subkeys }) => subkeys === 'programs').map(({ key }) => key);

/** Subkeys of programs we recognise; every other program is the person's own business. */
async function knownPrograms(sources: Sources): Promise<Set<string>> {
  const known = new Set<string>();
  for (const list of uninstallLists) {
    const subkeys = await sources.registry(list).then(
      (key) => key.subkeys,
      () => [],
    );
    for (const name of subkeys) {
      const program = await sources.registry(`${list}\\${name}`).catch(() => undefined);
      const shown = program?.value('DisplayName')?.data;
      const version = program?.value('DisplayVersion')?.data;
      const written = (data: unknown) => (typeof data === 'string' ? data.trim() : undefined);
      const listed = { name: written(shown) ?? '', version: written(version) };
      if (isInCatalogue(listed)) known.add(name.toLowerCase());
    }
  }
  return known;
}

/** The machine's own SID, from any of its local accounts. */
async function machineSid(sources: Sources): Promise<string | undefined> {
  try {
    const accounts = await readRows(
      sources,
      'SELECT SID, Disabled, PasswordRequired FROM Win32_UserAccount WHERE LocalAccount = TRUE',
      'root\\cimv2',
    );
    return accounts.map(({ SID }) => /^(S-1-5-21(?:-\d+){3})-\d+$/i.exec(String(SID))?.[1]).find(Boolean);
  } catch {
    return undefined;
  }
}

/** What a recording of this Windows may keep: exactly the values the reads document, SIDs by stand-ins, no names. */
export async function scrubWindows(sources: Sources): Promise<Scrub> {
  const [machine, programs] = await Promise.all([machineSid(sources), knownPrograms(sources)]);
  return new WindowsScrub(new SidStandIns(machine), programs);
}
