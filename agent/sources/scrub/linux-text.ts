import { type LinuxNames, redacted } from './linux-names.ts';

/** Rewriters that build what is kept out of what they know, so that nothing else can come along. */
export type Rewrite = (text: string, names: LinuxNames) => string;

/** Keeps the lines the function gives back, in their order. */
export function keptLines(text: string, keep: (line: string) => string | undefined): string {
  const lines = text.split('\n').flatMap((line) => {
    const kept = keep(line);
    return kept === undefined ? [] : [kept];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Keeps lines that look like this as they are. The pattern has to leave no room for anything else. */
export const linesLike =
  (pattern: RegExp): Rewrite =>
  (text) =>
    keptLines(text, (line) => (pattern.test(line) ? line : undefined));

/** The same, but a line of another form leaves its mark: without it the answer would say less than it did. */
export const onlyLinesLike =
  (pattern: RegExp): Rewrite =>
  (text) =>
    keptLines(text, (line) => (line.trim() === '' || pattern.test(line) ? line : redacted)).replace(
      /\n+$/,
      '\n',
    );

/** Keeps `key = value` of these keys where the value is a plain one. */
export function settings(keys: string, value: RegExp): Rewrite {
  const known = new Set(keys.split(' '));
  return (text) =>
    keptLines(text, (line) => {
      const [, key = '', equals, rest = ''] =
        /^\s*([\w.-]+)(\s*=\s*|\s+|$)(.*)$/.exec(line.replace(/\s+#.*$/, '')) ?? [];
      const bare = rest
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replace(/^'(.*)'$/, '$1');
      if (equals === undefined || !known.has(key)) return undefined;
      // Left out it would say that nothing is set.
      return `${key}${equals}${value.test(bare) ? rest.trim() : redacted}`;
    });
}

/** Words and numbers that settings take everywhere. */
const plainSetting =
  /^(?:|true|false|yes|no|on|off|enabled|disabled|auto|automatic|persistent|volatile|none|always|never|security|default|-?\d{1,10}(?:\.\d{1,6})?[KMGT]?|(?:\d{1,9}\s*(?:us|usec|ms|msec|s|sec|seconds?|m|min|minutes?|h|hr|hours?|d|days?|w|weeks?|months?|y|years?)\s*){1,6})$/i;

/** Keeps groups of an ini file, and in them `key=value` of these keys; a name of a person becomes `user`. */
export function iniSettings(
  groups: RegExp,
  keys: readonly string[],
  people: readonly string[] = [],
): Rewrite {
  return (text) => {
    let kept = !/^\s*\[/m.test(text);
    return keptLines(text, (line) => {
      const content = line.trim();
      const header = /^\[(.+?)\](\[\$i\])?$/.exec(content);
      if (header !== null) {
        kept = groups.test(header[1] ?? '');
        return kept ? content : undefined;
      }
      const [, key = '', locked = '', value = ''] = /^([\w-]+)\s*(\[\$i\])?\s*=\s*(.*)$/.exec(content) ?? [];
      if (!kept || key === '') return undefined;
      if (people.includes(key)) return `${key}=${value.trim() === '' ? '' : 'user'}`;
      if (!keys.includes(key)) return undefined;
      return `${key}${locked}=${plainSetting.test(value.trim()) ? value.trim() : redacted}`;
    });
  };
}

/** What a settings tool prints: a number, a boolean, a moment, or one of a few words. */
export const plainValue: Rewrite = (text) => {
  const value = text.trim();
  if (value === '') return text === '' ? '' : '\n';
  const plain =
    /^(?:(?:uint32|int32) )?-?\d{1,10}(?:\.\d{1,6})?$|^(?:true|false|on|off|yes|no)$|^'(?:[\dTZ:.+-]{0,40}|auto|local|remote|drive|google|gdrive|onedrive|goa|owncloud|rackspace|s3|swift|openstack|gcs|u1|file)'$/i;
  // Left empty it would say that nothing is set.
  return plain.test(value) ? `${value}\n` : '<redacted>\n';
};

const said: readonly RegExp[] = [
  /No such (?:schema|key)/,
  /Failed to init libxfconf/,
  /unable to open display/,
  /unknown column: MOUNTPOINTS?/,
  /has not been booted with systemd/,
  /You need to be root/,
  /you must be root/,
  /Operation not permitted/i,
  /Permission denied/i,
  /does not exist or access denied/,
  /^not running$/m,
  /Authorization failed/,
  /ip6?tables-legacy tables present/,
  /no hostkeys available/,
  /Network is unreachable/,
  /EFI variables are not supported/,
  /No repositories defined/,
  /No such file or directory/,
  /NetworkManager is not running/,
  /\d{1,6};\d{1,6}\s*$/,
  /All snaps up to date\./,
  /Ignoring repositories/,
  /database file .*does not exist|database file does not exist/,
  /^E:/m,
  /^pgrep: pattern that searches for process name longer than 15 characters will result in zero matches$/m,
  /^Try `pgrep -f' option to match against the complete command line\.$/m,
];

/** Of the error stream only the sentences that are known, without the names and paths around them. */
export function knownSentences(stderr: string): string {
  if (stderr.trim() === '') return '';
  const found = said.flatMap((sentence) => sentence.exec(stderr)?.[0].trim() ?? []);
  // That something was said is kept: with exit code 0 it may be all that tells of a failure.
  if (found.length === 0) return `${redacted}\n`;
  return `${found.map((text) => text.replace(/^database file .*does/, 'database file does')).join('\n')}\n`;
}

/** Addresses: any, loopback and whole prefix lengths are kept, everything else is one address of the documentation. */
export function address(text: string): string {
  const [host = '', length] = text.split('/');
  if (/^(?:0\.0\.0\.0|::|127\.\d+\.\d+\.\d+|::1)$/.test(host)) return text;
  const stand = host.includes(':') ? '2001:db8::1' : '192.0.2.1';
  return length !== undefined && /^\d{1,3}$/.test(length) ? `${stand}/${length}` : stand;
}
