import { products } from '../../../shared/data/products.ts';
import { keptLines, type Rewrite } from './linux-text.ts';

/** Names of packages that the shipped catalogue knows; what else is installed stays where it is. */
const catalogued = new Set(
  Object.values(products).flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      'linux' in entry ? (JSON.stringify(entry.linux).match(/[a-z0-9][a-z0-9.+-]+/gi) ?? []) : [],
    ),
  ),
);

export const packages: Rewrite = (text) =>
  keptLines(text, (line) => {
    const match = /^(ii |rc |[a-z]{2,3} )?\s*([\w.+-]+)(?::\w+)? [\w.+:~^-]{1,60}\s*$/.exec(line);
    return match !== null && catalogued.has(match[2] ?? '') ? line : undefined;
  });

export const mdatpHealth: Rewrite = (text) => {
  const parsed = JSON.parse(text) as Record<string, unknown>;
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
    const archive = /^Inst \S+ (?:\[[^\]]*\] )?\(\S+ ([^)]*)\)/.exec(line)?.[1];
    if (archive === undefined) return undefined;
    const security = archive
      .split(/,\s*/)
      .map((each) => (/-security\b/.test(each) ? 'Archive:stable-security' : 'Archive:stable'));
    return `Inst package [1] (2 ${[...new Set(security)].join(', ')} [amd64])`;
  });

/** Words of the archives that distributions have themselves; a company's own archive is `other`. */
const archiveWord =
  /^(?:|origin|codename|label|suite|archive|component|site|o|n|l|a|\$\{distro_(?:id|codename)\}(?:ESM|ESMApps|-security|-updates|-proposed|-backports|-infra-security|-apps-security)*|Debian|Debian-Security|Ubuntu|stable|oldstable|security|updates|main|\*)$/;

/** Settings of apt: numbers, words of time, and the archives of the distribution. */
export const aptSettings: Rewrite = (text) =>
  keptLines(text, (line) => {
    const [, key = '', value = ''] =
      /^((?:APT|Unattended-Upgrade|Acquire)[\w:-]{0,60}) "([^"]*)";$/.exec(line) ?? [];
    if (/^(?:\d{1,9}[smhd]?|always|true|false|yes|no|)$/.test(value)) return key === '' ? undefined : line;
    if (!/^Unattended-Upgrade::(?:Allowed-Origins|Origins-Pattern)::$/.test(key)) return undefined;
    const kept = value.replace(/[^:,=]+/g, (word) =>
      archiveWord.test(word.replace(/ESM(?:Apps)?(?=$)/, '')) || archiveWord.test(word) ? word : 'other',
    );
    return `${key} "${kept}";`;
  });

export const counted =
  (word: string): Rewrite =>
  (text) =>
    keptLines(text, (line) => (line.trim() === '' || /^warning/i.test(line) ? undefined : word));

/** How many sources there are, whether they are signed and trusted; which ones is left out. */
export function aptSources(text: string): string {
  return keptLines(text, (line) => {
    const content = line.trim();
    if (/^deb(?:-src)?\s/.test(content)) {
      const [, options = ''] = /\[([^\]]*)\]/.exec(content) ?? [];
      const trusted = /\btrusted=(yes|no)\b/.exec(options)?.[0];
      const kept = [trusted, /\bsigned-by=/.test(options) ? 'signed-by=<redacted>' : undefined]
        .filter(Boolean)
        .join(' ');
      return `${content.split(/\s/)[0]} ${kept === '' ? '' : `[${kept}] `}http://192.0.2.1 stable main`;
    }
    if (content === '') return '';
    if (/^Signed-By:/i.test(content)) return 'Signed-By: <redacted>';
    if (/^(?:URIs|Suites|Components):/i.test(content)) return `${content.split(':')[0]}: x`;
    return /^(?:Types: (?:deb|deb-src|deb deb-src)|Trusted: (?:yes|no)|Enabled: (?:yes|no)|Allow-Insecure: (?:yes|no))$/i.test(
      content,
    )
      ? content
      : undefined;
  });
}
