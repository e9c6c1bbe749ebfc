import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/** Things about a person or a laptop that no report may tell; each is like nothing else, so that it can be searched for. */
export type Canaries = Readonly<Record<(typeof kinds)[number], string>>;

const kinds = [
  'user',
  'fullName',
  'host',
  'serial',
  'ssid',
  'mac',
  'ipv4',
  'ipv6',
  'path',
  'file',
  'key',
  'email',
] as const;

/** Canaries of one machine. `random` gives numbers from 0 to 1. */
export function makeCanaries(random: () => number): Canaries {
  const letters = (count: number) =>
    Array.from({ length: count }, () => 'bcdfghjkmnpqrstvwxz'[Math.floor(random() * 19)]).join('');
  const byte = () => Math.floor(random() * 254 + 1);
  const hex = () => byte().toString(16).padStart(2, '0');
  const user = `u${letters(9)}`;
  const file = `${letters(10)}.pdf`;
  return {
    user,
    fullName: `${letters(6)} ${letters(8)}`,
    host: `h-${letters(9)}`,
    serial: letters(11).toUpperCase(),
    ssid: `Net ${letters(9)}`,
    mac: [hex(), hex(), hex(), hex(), hex(), hex()].join(':'),
    ipv4: `203.0.113.${byte()}`,
    ipv6: `2001:db8:${hex()}${hex()}:${hex()}${hex()}::${hex()}`,
    path: `/home/${user}/${letters(8)}`,
    file,
    key: `AAAAC3NzaC1lZDI1NTE5${letters(30)}`,
    email: `${user}@${letters(8)}.example`,
  };
}

/** Every spelling a canary could travel in, in lower case. */
function spellings(canary: string): readonly string[] {
  const bytes = Buffer.from(canary, 'utf8');
  const variants = [canary, canary.toLowerCase(), canary.toUpperCase()].map((text) =>
    Buffer.from(text, 'utf8'),
  );
  const encoded = variants.flatMap((text) => [
    text.toString('hex'),
    // However many bytes stand before it, one of the three is what base64 makes of its middle.
    ...[0, 1, 2].flatMap((shift) => {
      const whole = Buffer.concat([Buffer.alloc(shift), text]).toString('base64url');
      return [whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + text.length) * 4) / 3) - 1)];
    }),
    ...['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(text).digest('hex').slice(0, 16)),
    createHash('sha256').update(text).digest('base64url').slice(0, 20),
  ]);
  return [
    canary,
    [...canary].toReversed().join(''),
    encodeURIComponent(canary),
    bytes.toString('utf16le').length === 0 ? canary : [...canary].join('\0'),
    canary.replace(/[^A-Za-z0-9]/g, ''),
    ...encoded,
  ]
    .map((text) => text.toLowerCase())
    .filter((text) => text.length >= 8);
}

/** What recorded bytes say: as they are, unpacked, and with every part of a signed message decoded. */
export function views(bytes: Buffer): readonly string[] {
  const texts = [bytes.toString('latin1')];
  for (
    let at = bytes.indexOf('\x1f\x8b\x08', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1')
  ) {
    try {
      texts.push(gunzipSync(bytes.subarray(at), { finishFlush: 2 }).toString('utf8'));
    } catch {
      // Three bytes that only look like it.
    }
  }
  const parts = texts.flatMap((text) => text.match(/[A-Za-z0-9_-]{24,}/g) ?? []);
  return [...texts, ...parts.map((part) => Buffer.from(part, 'base64url').toString('utf8'))].map((text) =>
    text.toLowerCase(),
  );
}

/** The kinds of canaries that these bytes tell, in whatever spelling. */
export function toldBy(bytes: Buffer, canaries: Canaries): readonly string[] {
  const said = views(bytes);
  return kinds.filter((kind) =>
    spellings(canaries[kind]).some((spelling) => said.some((text) => text.includes(spelling))),
  );
}
