import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';

/** A line of a PAM stack: what it is for, how its outcome counts, the module and its arguments. */
export interface PamLine {
  /** `auth`, `account`, `password`, `session`. */
  readonly type: string;
  /** `required`, `sufficient`, `[success=1 default=ignore]`, ... */
  readonly control: string;
  /** `pam_unix.so`, without a path. */
  readonly module: string;
  readonly args: readonly string[];
}

/** A stack with what it includes put in its place. */
export interface PamStack {
  readonly lines: readonly PamLine[];
  /** It includes a file that is not among those read, so a module that is not seen here may still be called. */
  readonly incomplete: boolean;
}

const fileNames = [
  'common-password',
  'common-auth',
  'common-account',
  'system-auth',
  'password-auth',
  'passwd',
] as const;
export type PamFile = (typeof fileNames)[number];

/** The PAM files of either family. One that could not be read matters only to who asks for it. */
export interface PamFiles {
  /** undefined = there is no such file. Throws SourceError. */
  text(name: PamFile): string | undefined;
  /** All that could be read. */
  readonly texts: readonly string[];
  /** Why the first of those that could not be read was not. */
  readonly failure: SourceError | undefined;
}

/** /etc/pam.d: common-* on Debian, Ubuntu and SUSE, system-auth and password-auth on Red Hat and Arch. Throws SourceError. */
export async function readPamFiles(sources: Sources): Promise<PamFiles> {
  const texts = new Map<PamFile, string>();
  const failures = new Map<PamFile, SourceError>();
  await Promise.all(
    fileNames.map(async (name) => {
      try {
        const text = await absentAsUndefined(sources.file(`/etc/pam.d/${name}`));
        if (text !== undefined) texts.set(name, text);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        failures.set(name, error);
      }
    }),
  );
  const failure = fileNames.map((name) => failures.get(name)).find((error) => error !== undefined);
  if (texts.size === 0) throw failure ?? new SourceError('missing', 'no known PAM file', 'ENOENT');
  return {
    text(name) {
      const unread = failures.get(name);
      if (unread !== undefined) throw unread;
      return texts.get(name);
    },
    texts: [...texts.values()],
    failure,
  };
}

/**
 * The stacks that decide when a password is changed (`password`) or given (`auth`): passwd's own where it has one, else its
 * family's. Red Hat signs people in, and lets them change an expired password there, by either of two files, so both are given.
 * Throws SourceError when there is none.
 */
export function stacksOf(files: PamFiles, type: 'auth' | 'password'): PamStack[] {
  const passwd = type === 'password' ? files.text('passwd') : undefined;
  if (passwd !== undefined) {
    const own = flatten(files, passwd, type);
    const atSignIn = files.text('common-password') === undefined ? files.text('password-auth') : undefined;
    if (own.lines.length > 0 || own.incomplete) {
      return [own, ...(atSignIn === undefined ? [] : [flatten(files, atSignIn, type)])];
    }
  }
  const common = files.text(type === 'password' ? 'common-password' : 'common-auth');
  const roots = common === undefined ? [files.text('system-auth'), files.text('password-auth')] : [common];
  const stacks = roots.flatMap((text) => (text === undefined ? [] : [flatten(files, text, type)]));
  if (stacks.length === 0) throw new SourceError('missing', 'no known PAM stack', 'ENOENT');
  return stacks;
}

function flatten(files: PamFiles, text: string, type: string, depth = 0): PamStack {
  const lines: PamLine[] = [];
  let incomplete = depth > 8;
  const include = (name: string) => {
    const file = fileNames.find((each) => each === name);
    const included = file === undefined ? undefined : files.text(file);
    if (included === undefined || depth > 8) {
      incomplete = true;
      return;
    }
    const stack = flatten(files, included, type, depth + 1);
    lines.push(...stack.lines);
    incomplete ||= stack.incomplete;
  };
  for (const words of pamWords(text)) {
    const [first = '', control = '', module = '', ...args] = words;
    if (first === '@include') include(control);
    else if (first.replace(/^-/, '') === type) {
      if (control === 'include' || control === 'substack') include(module);
      else lines.push({ type, control, module: module.split('/').at(-1) ?? '', args });
    }
  }
  return { lines, incomplete };
}

/** Lines split into words; `\` continues a line, `#` starts a comment, `[...]` is one word. */
export function pamWords(text: string): string[][] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').match(/\[[^\]]*\]|\S+/g) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => [...words]);
}

/** The value of `name=value` among a line's arguments; with brackets too (`[name=value]`). */
export function argument(line: PamLine, name: string): string | undefined {
  return line.args
    .map((arg) => arg.replace(/^\[|\]$/g, ''))
    .find((arg) => arg.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** True where the module's refusal ends in a refusal: not `optional`, not `[default=ignore]`, not `sufficient`. */
export function isEnforced({ control }: PamLine): boolean {
  if (!control.startsWith('[')) return control === 'required' || control === 'requisite';
  const byDefault = /\bdefault=([^\s\]]+)/.exec(control)?.[1];
  return byDefault === undefined || byDefault === 'die' || byDefault === 'bad';
}

/** True where the module's success skips lines, or ends the stack: what stands below is then not called. */
export function endsOnSuccess({ control }: PamLine): boolean {
  return control === 'sufficient' || /\bsuccess=(\d+|done)\b/.test(control);
}

/** True where the module's refusal ends the stack at once: what stands below is then not called. */
export function endsOnRefusal({ control }: PamLine): boolean {
  return control === 'requisite' || /\bdefault=die\b/.test(control);
}

/** The lines that call a module. */
export function calls(stack: PamStack, module: string): PamLine[] {
  return stack.lines.filter((line) => line.module === module);
}
