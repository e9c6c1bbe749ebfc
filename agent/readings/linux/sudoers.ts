import { absentAsUndefined, SourceError, type Sources, unparseable } from '../../probe.ts';

/**
 * Whether becoming administrator asks for a password: /etc/sudoers and what it includes, in order, later lines win. Files in a
 * directory whose names hold a `.` or end in `~` are not read by sudo. Needs root. Throws SourceError.
 */
export async function readSudoAsks(sources: Sources): Promise<boolean> {
  const main = await absentAsUndefined(sources.file('/etc/sudoers'));
  if (main === undefined) return asksWithoutMainFile(sources);
  const lines: string[] = [];
  for (const line of logicalLines(main)) {
    const directory = /^[@#]includedir\s+(\S+)/.exec(line)?.[1];
    const file = /^[@#]include\s+(\S+)/.exec(line)?.[1];
    if (directory !== undefined) {
      if (directory.replace(/\/$/, '') !== '/etc/sudoers.d') {
        throw new SourceError('unsupported', 'sudo reads another directory');
      }
      lines.push(...(await readDropIns(sources)));
    } else if (file !== undefined) {
      lines.push(...logicalLines(await sources.file(file)));
    } else lines.push(line);
  }
  return asksForPassword(lines);
}

/**
 * Without either there is no sudo that could give rights silently. openSUSE keeps the main file elsewhere, where nothing documented
 * reads it: then only a drop-in that is silent decides, as it is read last.
 */
async function asksWithoutMainFile(sources: Sources): Promise<boolean> {
  const names = await absentAsUndefined(sources.directory('/etc/sudoers.d'));
  if (names === undefined) return true;
  const lines = await readDropIns(sources);
  if (lines.length > 0 && !asksForPassword(lines)) return false;
  throw new SourceError('missing', '/etc/sudoers is not there');
}

async function readDropIns(sources: Sources): Promise<string[]> {
  const names = (await absentAsUndefined(sources.directory('/etc/sudoers.d'))) ?? [];
  const texts = await Promise.all(
    names
      .filter((name) => !name.includes('.') && !name.endsWith('~'))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => readDropIn(sources, name)),
  );
  return texts.flatMap(logicalLines);
}

async function readDropIn(sources: Sources, name: string): Promise<string> {
  const text = sources.file(`/etc/sudoers.d/${name}`);
  if (name !== 'README') return text;
  // Debian and Ubuntu put it there, with comments only; recordings leave it out.
  return text.catch((error: unknown) => {
    if (error instanceof SourceError && error.reason === 'missing') return '';
    throw error;
  });
}

/** Lines with their continuations (`\`), without comments; `#include`, `#includedir` and `#1000` (a UID) are none. */
export function logicalLines(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#(?!include(dir)?\s|\d).*$/, '').trim())
    .filter((line) => line !== '');
}

/** `user`, `%wheel`, `%:domain`, `#1000`, `+netgroup`, `"two words"`, several of them after commas. */
const people = /^!*(?:[%+#]:?|%#)?[\p{L}\p{N}_"]/u;

/**
 * False where a person or the administrators get everything without being asked (`NOPASSWD: ALL`, `Defaults !authenticate`). Single
 * commands without a password are none of it. The last line about the same people wins. Throws SourceError for other text.
 */
export function asksForPassword(lines: readonly string[]): boolean {
  let authenticates = true;
  let rules = 0;
  const everyCommand = aliasesOfEverything(lines);
  const silent = new Map<string, boolean>();
  for (const line of lines) {
    const defaults = /^Defaults(\S*)\s+(.*)$/.exec(line);
    if (defaults !== null) {
      const options = (defaults[2] ?? '').split(',').map((option) => option.trim());
      if (options.includes('!authenticate')) authenticates = false;
      else if (options.includes('authenticate') && defaults[1] === '') authenticates = true;
      continue;
    }
    if (/^(User|Runas|Host|Cmnd|Cmd)_Alias\b/.test(line)) continue;
    // A later rule of any kind for the same people decides, so each rule is kept under its people.
    const rule = /^(\S+)\s+[^=]+=(.*)$/.exec(line.replace(/\s*,\s*/g, ','));
    if (rule?.[1] === undefined || rule[2] === undefined || !people.test(rule[1]))
      throw unparseable('sudoers');
    rules += 1;
    if (rule[1] === 'root') continue;
    const everything = givesEverything(rule[2], everyCommand);
    // The last line that fits decides, and this one fits everybody.
    if (everything !== undefined && rule[1] === 'ALL') silent.clear();
    if (everything !== undefined) silent.set(rule[1], everything === 'silent');
  }
  // Not even root: that is no file sudo would work with.
  if (rules === 0) throw unparseable('sudoers');
  return authenticates && ![...silent.values()].includes(true);
}

/** Names of command aliases that stand for ALL, also by way of another alias: `Cmnd_Alias ANY = ALL : TOOLS = /usr/bin/apt`. */
export function aliasesOfEverything(lines: readonly string[]): ReadonlySet<string> {
  const definitions = lines.flatMap((line) => {
    const list = /^(?:Cmnd|Cmd)_Alias\s+(.*)$/.exec(line)?.[1] ?? '';
    return list.split(/(?<!\\):/).map((definition) => {
      const [name = '', commands = ''] = definition.split('=');
      return { name: name.trim(), commands: commands.split(',').map((command) => command.trim()) };
    });
  });
  const found = new Set(['ALL']);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { name, commands } of definitions) {
      if (commands.some((command) => found.has(command))) found.add(name);
    }
  }
  return found;
}

/** `(ALL:ALL)`, `(root)`: as whom a command runs. Under another account's name nobody becomes administrator; `(:disk)` is a group only. */
export function runsAsRoot(list: string): boolean {
  const [accounts = ''] = list.split(':');
  // An alias in capitals may stand for anybody.
  return accounts.split(',').some((account) => /^(?:root|#0|[A-Z][A-Z0-9_]*|[%+].*)$/.test(account.trim()));
}

/** What may stand between the people and the command: `CWD=*`, `TIMEOUT=5m`. */
export const commandOptions =
  /\b(?:CWD|CHROOT|ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|TIMEOUT|NOTBEFORE|NOTAFTER)=("[^"]*"|\S+)/g;

/**
 * Of a rule's commands (`(ALL:ALL) NOPASSWD: ALL`): how ALL is given; a tag, and the account commands run as, hold for all commands
 * behind it.
 */
function givesEverything(
  commands: string,
  everyCommand: ReadonlySet<string>,
): 'silent' | 'asked' | undefined {
  let tag: 'silent' | 'asked' = 'asked';
  let given: 'silent' | 'asked' | undefined;
  let asRoot = true;
  const marked = commands
    .replace(/\(([^)]*)\)/g, (_, list: string) => (runsAsRoot(list) ? ' <root> ' : ' <other> '))
    .replace(commandOptions, ' ');
  for (const words of marked.split(/(?<!\\),/)) {
    for (const [, account] of words.matchAll(/<(root|other)>/g)) asRoot = account === 'root';
    for (const [, name] of words.matchAll(/\b(NOPASSWD|PASSWD)\s*:/g)) {
      tag = name === 'NOPASSWD' ? 'silent' : 'asked';
    }
    const command = words
      .replace(/<(?:root|other)>/g, ' ')
      .replace(/\b[A-Z_]+\s*:/g, ' ')
      .trim();
    if (everyCommand.has(command)) given = asRoot ? tag : given;
    else if (!/^(!?\s*(?:[A-Z/^]|"\/)|sudoedit|list|sha\d)/.test(command)) throw unparseable('sudoers');
  }
  return given;
}
