/**
 * Command output is free text: a power plan, a network, a role may carry somebody's words. What a probe reads by position is
 * written anew without the words around it.
 */

const lines = (text: string) => text.split(/\r?\n/);
const joined = (kept: readonly string[]) => kept.map((line) => `${line}\r\n`).join('');

/** Keeps the hexadecimal number at the end of a line. */
function powercfg(text: string): string {
  return joined(
    lines(text)
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const value = /(?:^|\s)(0x[0-9a-f]{8})\s*$/i.exec(line)?.[1];
        return value === undefined ? 'x' : `x: ${value}`;
      }),
  );
}

/** Keeps which lines hold a value, and the value where it is a number. */
function netAccounts(text: string): string {
  return joined(
    lines(text).flatMap((line) => {
      const value = /^\S.*?:\s+(\S.*?)\s*$/.exec(line)?.[1];
      return value === undefined ? [] : [`x:    ${/^\d+$/.test(value) ? value : 'word'}`];
    }),
  );
}

const wifiWords =
  /^(?:(?:WPA[23]?(?:-(?:Personal|Enterprise)(?: \d+ Bits)?)?)|OWE|WEP|Open|None|CCMP|GCMP(?:-256)?|TKIP|AES)$/i;

/** Keeps the radio type and the two values after it, and the mark that consent is missing. */
function netsh(text: string): string {
  const values = lines(text).flatMap((line) => /^\s+\S.*?\s*:\s(.*?)\s*$/.exec(line)?.[1] ?? []);
  const kept: string[] = text.includes('ms-settings:privacy-location')
    ? ['ms-settings:privacy-location']
    : [];
  values.forEach((value, index) => {
    if (!/^802\.11[a-z]*$/i.test(value)) return;
    const after = values.slice(index + 1, index + 3).map((word) => (wifiWords.test(word) ? word : 'word'));
    for (const word of [value, ...after]) kept.push(`    x : ${word}`);
  });
  return joined(kept);
}

/** Keeps version identifiers (a moment), or that there was text without one. */
function wbadmin(text: string): string {
  const found = text.match(/(?<!\d)\d\d\/\d\d\/\d{4}-\d\d:\d\d(?!\d)/g) ?? [];
  return found.length > 0 ? joined(found) : text.trim() === '' ? '' : 'x\r\n';
}

/** Programs whose output is read, by name and first argument that matters. */
export const rewriters: Readonly<Record<string, (text: string) => string>> = {
  'powercfg.exe': powercfg,
  'net.exe': netAccounts,
  'netsh.exe': netsh,
  'wbadmin.exe': wbadmin,
  'secedit.exe': () => '',
};

const kept = [
  'MinimumPasswordAge',
  'MaximumPasswordAge',
  'MinimumPasswordLength',
  'PasswordComplexity',
  'PasswordHistorySize',
  'LockoutBadCount',
  'ResetLockoutCount',
  'LockoutDuration',
];

/** The password rules of an exported security database, without the names of accounts that stand beside them. */
export function secedit(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) return new Uint8Array();
  const text = new TextDecoder('utf-16le').decode(bytes);
  const rules = lines(text).filter((line) => {
    const name = /^\s*(\w+)\s*=\s*-?\d+\s*$/.exec(line)?.[1];
    return name !== undefined && kept.includes(name);
  });
  return new Uint8Array(Buffer.from(`\uFEFF${joined(['[System Access]', ...rules])}`, 'utf16le'));
}
