import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache/parts');

/** A package from the npm registry that goes into an installer and is not among this machine's own. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of its archive, as the registry publishes it. */
  readonly integrity: string;
}

/** Every part there is, pinned by version and content. */
export function pinnedParts(): ReadonlyMap<string, Part> {
  const pinned = JSON.parse(readFileSync(join(import.meta.dirname, 'parts.json'), 'utf8')) as Readonly<
    Record<string, Omit<Part, 'name'>>
  >;
  return new Map(Object.entries(pinned).map(([name, part]) => [name, { name, ...part }]));
}

/**
 * The unpacked folder of a part. Fetched once, and believed only when its content is what was pinned; throws in words
 * otherwise.
 */
export function partFolder(name: string): string {
  const part = pinnedParts().get(name);
  if (part === undefined) throw new Error(`${name} is not pinned in installers/parts.json`);
  const folder = join(cache, `${name.replace('/', '+')}-${part.version}`);
  if (existsSync(folder)) return folder;
  const incoming = `${folder}.incoming`;
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  const packed = execFileSync(
    'npm',
    ['pack', `${name}@${part.version}`, '--json', '--silent', '--pack-destination', incoming],
    { cwd: incoming, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const archive = join(incoming, filename.replace('@', '').replace('/', '-'));
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== part.integrity) {
    rmSync(incoming, { recursive: true, force: true });
    throw new Error(`${name} ${part.version} is not what was pinned: ${found} instead of ${part.integrity}`);
  }
  execFileSync('tar', ['-xzf', archive, '-C', incoming, '--no-same-owner']);
  renameSync(join(incoming, 'package'), folder);
  rmSync(incoming, { recursive: true, force: true });
  return folder;
}
