import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';
import { type IniEntry, parseIni } from './configuration.ts';
import { isGdm } from './sessions.ts';

type Groups = ReadonlyMap<string, ReadonlyMap<string, IniEntry>>;

/** What a display manager lets in without asking. */
export interface Unasked {
  readonly person: boolean;
  /** undefined = it has a guest session, and nobody switched it on or off. */
  readonly guest: boolean | undefined;
}

/** Reads the configuration of the display manager in use. Others' files have no effect. Throws SourceError. */
export async function readUnasked(sources: Sources, displayManager: string): Promise<Unasked | undefined> {
  if (isGdm(displayManager)) return gdm(await firstFile(sources, gdmFiles));
  if (displayManager === 'sddm') return sddm(sources);
  if (displayManager === 'lightdm') return lightdm(sources);
  if (displayManager === 'greetd') return greetd(sources);
  if (displayManager === 'lxdm') return lxdm(sources);
  return undefined;
}

const gdmFiles = ['/etc/gdm3/custom.conf', '/etc/gdm3/daemon.conf', '/etc/gdm/custom.conf'];

/** All of the files that are there: a distribution reads one of them, and which one is its own affair. */
async function firstFile(sources: Sources, paths: readonly string[]): Promise<Groups[]> {
  const texts = await Promise.all(paths.map((path) => absentAsUndefined(sources.file(path))));
  return texts.flatMap((text) => (text === undefined ? [] : [parseIni(text)]));
}

/** Group [daemon]: AutomaticLoginEnable *and* a name; a timed login counts as well. */
function gdm(files: readonly Groups[]): Unasked {
  const on = (daemon: ReadonlyMap<string, IniEntry> | undefined, name: string) =>
    isTrue(daemon?.get(`${name}Enable`)?.value) && isSet(daemon?.get(name)?.value);
  const person = files.some((file) =>
    ['AutomaticLogin', 'TimedLogin'].some((name) => on(file.get('daemon'), name)),
  );
  return { person, guest: false };
}

const isTrue = (value: string | undefined): boolean => /^(true|1|yes|on)$/i.test(value?.trim() ?? '');
const isSet = (value: string | undefined): boolean => (value?.trim() ?? '') !== '';

/**
 * [Autologin] User not empty. Later names of /etc/sddm.conf.d beat earlier ones; which side of the two wins against /etc/sddm.conf
 * differs between documents, so a name on either side counts.
 */
async function sddm(sources: Sources): Promise<Unasked> {
  const [main, dropIns] = await Promise.all([
    firstFile(sources, ['/etc/sddm.conf']),
    directoryFiles(sources, '/etc/sddm.conf.d'),
  ]);
  const person = [main, dropIns].some((files) =>
    isSet(
      files.map((file) => file.get('Autologin')?.get('User')?.value).findLast((user) => user !== undefined),
    ),
  );
  return { person, guest: false };
}

async function directoryFiles(
  sources: Sources,
  path: string,
  read = (file: string): Promise<string> => sources.file(file),
): Promise<Groups[]> {
  const names = (await absentAsUndefined(sources.directory(path))) ?? [];
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.conf'))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => read(`${path}/${name}`)),
  );
  return texts.map(parseIni);
}

/** What a distribution ships; recordings list the names of these files and may leave out what is in them. */
function shippedFile(sources: Sources): (path: string) => Promise<string> {
  return (path) =>
    sources.file(path).catch((error: unknown) => {
      if (error instanceof SourceError && error.reason === 'missing') return '';
      throw error;
    });
}

/** [Seat:*] or [SeatDefaults]: autologin-user, autologin-guest, allow-guest. /usr/share < /etc/.../conf.d < lightdm.conf. */
async function lightdm(sources: Sources): Promise<Unasked> {
  const files = [
    ...(await directoryFiles(sources, '/usr/share/lightdm/lightdm.conf.d', shippedFile(sources))),
    ...(await directoryFiles(sources, '/etc/lightdm/lightdm.conf.d')),
    ...(await firstFile(sources, ['/etc/lightdm/lightdm.conf'])),
  ];
  const seat = new Map<string, string>();
  for (const file of files) {
    for (const [group, values] of file) {
      if (!/^(Seat:.*|SeatDefaults)$/.test(group)) continue;
      for (const [key, { value }] of values) seat.set(key, value);
    }
  }
  const guest = isTrue(seat.get('autologin-guest'));
  const allowed = seat.get('allow-guest');
  return {
    person: isSet(seat.get('autologin-user')) || guest,
    guest: guest || (allowed === undefined ? undefined : isTrue(allowed)),
  };
}

/**
 * /etc/greetd/config.toml: a user of [initial_session] is signed in at start. [default_session] is the greeter's; where it starts
 * something else as a person, nobody is asked either. Throws SourceError.
 */
async function greetd(sources: Sources): Promise<Unasked> {
  const text = (await absentAsUndefined(sources.file('/etc/greetd/config.toml'))) ?? '';
  const groups = parseIni(text.replace(/^(\s*\[[^\]]*\])\s*#.*$/gm, '$1'));
  const value = (group: string, key: string) =>
    (groups.get(group)?.get(key)?.value ?? '').replace(/\s*#.*$/, '').replace(/^["']|["']$/g, '');
  if (isSet(value('initial_session', 'user'))) return { person: true, guest: false };
  const [user, command] = [value('default_session', 'user'), value('default_session', 'command')];
  if (!isSet(user) || isGreeterAccount(user)) return { person: false, guest: false };
  if (!isSet(command)) throw new SourceError('missing', 'what greetd starts was not found');
  return { person: !isGreeterCommand(command), guest: false };
}

/** What distributions call the account the greeter runs as. */
export const isGreeterAccount = (name: string): boolean => /^_?greet(?:er|d)$|^root$/.test(name);

/** agreety, tuigreet, gtkgreet, regreet, or a compositor that starts one by a file of greetd. */
export const isGreeterCommand = (command: string): boolean => /greet/i.test(command);

/** /etc/lxdm/lxdm.conf: `autologin=` of [base]. */
async function lxdm(sources: Sources): Promise<Unasked> {
  const text = (await absentAsUndefined(sources.file('/etc/lxdm/lxdm.conf'))) ?? '';
  return { person: isSet(parseIni(text).get('base')?.get('autologin')?.value), guest: false };
}

/** A drop-in of getty@tty1 that signs somebody in on the text console: `--autologin` or `-a` among agetty's arguments. */
export async function readConsoleAutologin(sources: Sources): Promise<boolean> {
  const folder = '/etc/systemd/system/getty@tty1.service.d';
  const names = (await absentAsUndefined(sources.directory(folder))) ?? [];
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.conf'))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => sources.file(`${folder}/${name}`)),
  );
  let started: string[] = [];
  for (const line of texts.join('\n').replace(/\\\n/g, ' ').split('\n')) {
    const command = /^\s*ExecStart\s*=(.*)$/.exec(line)?.[1]?.trim();
    // An empty ExecStart takes back what stood before it.
    if (command === '') started = [];
    else if (command !== undefined) started.push(command);
  }
  return started.some((command) => /(^|\s)(--autologin|-a)(\s|=|$)/.test(command));
}
