import { products } from '../../../shared/data/products.ts';
import { trustedEntries } from '../../readings/linux/package-sources.ts';
import { isSecurityOffer, parseUpdateInfo } from '../../readings/linux/waiting-updates.ts';
import { redacted } from './linux-names.ts';
import { keptLines, type Rewrite } from './linux-text.ts';

/** Names of packages that the shipped catalogue knows; what else is installed stays where it is. */
const catalogued = new Set([
  ...Object.values(products).flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      'linux' in entry ? (JSON.stringify(entry.linux).match(/[a-z0-9][a-z0-9.+-]+/gi) ?? []) : [],
    ),
  ),
  // On every machine of their kind: a list with nothing in it would be no answer.
  ...['dpkg', 'rpm', 'flatpak'],
]);

export const packages: Rewrite = (text) =>
  keptLines(text, (line) => {
    const match = /^(ii |rc |[a-z]{2,3} )?\s*([\w.+-]+)(?::\w+)? [\w.+:~^-]{1,60}\s*$/.exec(line);
    return match !== null && catalogued.has(match[2] ?? '') ? line : undefined;
  });

/** `flatpak remote-ls`: ids of programs that the shipped catalogue knows. */
export const flatpakIds: Rewrite = (text) =>
  keptLines(text, (line) => {
    if (line.trim() === '' || /^[\w-]+(?:\.[\w-]+)+$/.test(line.trim()))
      return catalogued.has(line.trim()) ? line.trim() : undefined;
    return line.trim() === 'Application ID' ? undefined : redacted;
  });

/** `snap refresh --list`: names of programs that the shipped catalogue knows. */
export const snapNames: Rewrite = (text) =>
  keptLines(text, (line) => {
    if (/^Name\s+Version\s/.test(line)) return 'Name Version Rev Size Publisher Notes';
    if (/^All snaps up to date\.$/.test(line)) return line;
    const [name = ''] = line.split(/\s+/);
    return catalogued.has(name) ? `${name} 1 1 1MB publisher -` : undefined;
  });

/** `dnf updateinfo list`: how many packages wait and since when; which ones is left out. */
export const advisories: Rewrite = (text) => {
  const { count, issued } = parseUpdateInfo(text);
  return Array.from({ length: count }, (_, at) => {
    const day = issued[at]?.toISOString().slice(0, 10);
    return `FEDORA-2026-0 security Important package${at + 1}-1-1.x86_64${day === undefined ? '' : ` ${day} 00:00:00`}\n`;
  }).join('');
};

/** `pacman -Qu`: how many wait, and which of them are held back. */
export const newerPackages: Rewrite = (text) =>
  keptLines(text, (line) => {
    if (line.trim() === '') return undefined;
    if (!/^\S+ \S+ -> \S+/.test(line)) return redacted;
    return `package 1-1 -> 2-1${line.includes('[ignored]') ? ' [ignored]' : ''}`;
  });

export const mdatpHealth: Rewrite = (text) => {
  const parsed = JSON.parse(text.slice(Math.max(0, text.indexOf('{')))) as Record<string, unknown>;
  const kept = [
    'healthy',
    'realTimeProtectionEnabled',
    'definitionsStatus',
    'passiveMode',
    'passiveModeEnabled',
    'definitionsUpdatedMinutesAgo',
  ];
  const plain = (value: unknown): unknown => {
    if (typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value === 'string')
      return /^(?:upToDate|outOfDate|unavailable|updating|unknown|up_to_date|out_of_date)$/.test(value)
        ? value
        : '';
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name === 'value' || name === '$type')
        .map(([name, inner]) => [name, plain(inner)]),
    );
  };
  return `${JSON.stringify(Object.fromEntries(kept.flatMap((name) => (name in parsed ? [[name, plain(parsed[name])]] : []))))}\n`;
};

/** Which archive each pending package comes from; the package itself does not matter. */
export const pendingPackages: Rewrite = (text) =>
  keptLines(text, (line) => {
    if (/^\d+ upgraded, \d+ newly installed, \d+ to remove and \d+ not upgraded\.$/.test(line)) return line;
    if (!/^Inst\b/.test(line)) return undefined;
    return `Inst package [1] (2 Archive:${isSecurityOffer(line) ? 'stable-security' : 'stable'} [amd64])`;
  });

/** Words of the archives that distributions have themselves; a company's own archive is `other`. */
const archiveWord =
  /^(?:|origin|codename|label|suite|archive|component|site|o|n|l|a|\$\{distro_(?:id|codename)\}(?:ESM|ESMApps|-security|-updates|-proposed|-backports|-infra-security|-apps-security)*|Debian|Debian-Security|Ubuntu|stable|stable-security|oldstable|security|updates|main|\*)$/;

/** Settings of apt: numbers, words of time, and the archives of the distribution. */
export const aptSettings: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, key = '', value = ''] =
      /^((?:APT|Unattended-Upgrade|Acquire)[\w:-]{0,60}) "([^"]*)";$/.exec(line) ?? [];
    if (/^(?:\d{1,9}[smhd]?|always|true|false|yes|no|)$/.test(value)) return key === '' ? undefined : line;
    if (/^APT::Periodic::[\w-]{1,40}$|^(?:APT|Acquire)::[\w:-]{1,40}$/.test(key))
      return `${key} "${redacted}";`;
    if (!/^Unattended-Upgrade::(?:Allowed-Origins|Origins-Pattern)::$/.test(key)) return undefined;
    const kept = value.replace(/[^:,=]+/g, (word) => {
      if (archiveWord.test(word.replace(/ESM(?:Apps)?(?=$)/, '')) || archiveWord.test(word)) return word;
      // What matters of an archive is that it is the one for security.
      return /-security$/i.test(word) && !/ESM/i.test(value) ? 'stable-security' : 'other';
    });
    return `${key} "${kept}";`;
  });

/** How many sources there are, whether they are signed and trusted; which ones is left out. */
export function aptSources(text: string): string {
  return keptLines(text.trim(), (line) => {
    const content = line.trim();
    if (/^deb(?:-src)?\s/.test(content)) {
      const [, options = ''] = /\[([^\]]*)\]/.exec(content) ?? [];
      const kept = [
        trustedEntries(content) > 0 ? 'trusted=yes' : undefined,
        /\bsigned-by=/.test(options) ? 'signed-by=<redacted>' : undefined,
      ]
        .filter(Boolean)
        .join(' ');
      return `${content.split(/\s/)[0]} ${kept === '' ? '' : `[${kept}] `}http://192.0.2.1 stable main`;
    }
    if (content === '') return '';
    if (/^Signed-By:/i.test(content)) return 'Signed-By: <redacted>';
    if (/^(?:URIs|Suites|Components):/i.test(content)) return `${content.split(':')[0]}: x`;
    if (/^Types:/i.test(content)) return 'Types: deb';
    if (/^Trusted:/i.test(content)) return `Trusted: ${trustedEntries(content) > 0 ? 'yes' : 'no'}`;
    return /^Enabled:\s*(?:yes|no|true|false|on|off|1|0|with|without|enable|disable)$/i.test(content)
      ? content
      : undefined;
  });
}
