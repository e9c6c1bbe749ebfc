/** Parsers of the plain configuration files of Linux. Pure; text that fits no form yields nothing. */

/**
 * `key = value` lines (pwquality.conf, faillock.conf, pwhistory.conf, usbguard-daemon.conf). libpwquality and PAM take `key value`
 * for the same; a key alone maps to ''. `#` starts a comment.
 */
export function parseAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([^\s=]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line.replace(/#.*$/, '').trim()) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  return values;
}

/** `KEY value` lines separated by blanks (login.defs). */
export function parseColumns(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][\w]*)\s+(\S+)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) values.set(match[1], match[2]);
  }
  return values;
}

/** A shell-like file of assignments (os-release, ufw.conf): quotes around a value are taken off. */
export function parseShellAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const raw = match[2].trim();
    const quoted = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/.exec(raw);
    values.set(
      match[1],
      quoted ? (quoted[1]?.replace(/\\(.)/g, '$1') ?? quoted[2] ?? '') : raw.replace(/\s+#.*$/, ''),
    );
  }
  return values;
}

/** One `key = value` of an ini file; `locked` where KDE's `[$i]` stands at the key or its group. */
export interface IniEntry {
  readonly value: string;
  readonly locked: boolean;
}

/**
 * Groups of an ini file (GDM, SDDM, LightDM, KDE). Lines beginning with `#` or `;` are comments; blanks around `=` do not
 * count; the last of two equal keys wins, as in all of them.
 */
export function parseIni(text: string): Map<string, Map<string, IniEntry>> {
  const groups = new Map<string, Map<string, IniEntry>>();
  let group: Map<string, IniEntry> | undefined;
  let groupLocked = false;
  for (const line of text.split('\n')) {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const header = /^\[(.+?)\](\[\$i\])?$/.exec(content);
    if (header?.[1] !== undefined) {
      groupLocked = header[2] !== undefined;
      group = groups.get(header[1]) ?? new Map();
      groups.set(header[1], group);
      continue;
    }
    const entry = /^([^=[]+?)\s*(\[\$[a-z]*i[a-z]*\])?\s*=\s*(.*)$/.exec(content);
    if (entry?.[1] === undefined || entry[3] === undefined || group === undefined) continue;
    group.set(entry[1], { value: entry[3], locked: groupLocked || entry[2] !== undefined });
  }
  return groups;
}

/** One group of an ini file; text without any header is that group, as in a recording that keeps only the keys. */
export function iniGroup(text: string, name: string): ReadonlyMap<string, IniEntry> {
  const whole = /^[^\S\n]*\[/m.test(text) ? text : `[${name}]\n${text}`;
  return parseIni(whole).get(name) ?? new Map<string, IniEntry>();
}

/** Splits a command line the way a shell does: blanks separate, quotes join, a backslash takes the next character as it is. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:[^\s'"\\]+|'[^']*'?|"(?:[^"\\]|\\.)*"?|\\.?)+/g)) {
    words.push(
      match[0].replace(
        /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/g,
        (_, single?: string, double?: string, escaped?: string) =>
          single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
      ),
    );
  }
  return words;
}

/** A whole number in decimal digits, or undefined. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}\s*$/.test(text)) return undefined;
  return Number(text);
}
