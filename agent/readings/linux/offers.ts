import type { AppId } from '../../../shared/data/product-ids.ts';
import { byBundle } from '../../../shared/data/recognise.ts';
import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import type { InstalledPackage } from './packages.ts';

/** Programs of our list for which a store has an update waiting; undefined = this store is not installed here. */
export type Offers = ReadonlySet<AppId> | undefined;

/** Asks a store over the network: longer than most, and the answer is remembered between runs. */
const timeoutMs = 4_000;

/** `snap refresh --list`: a table below a line of names, or `All snaps up to date.` on stderr. Throws SourceError. */
export async function readSnapOffers(sources: Sources): Promise<Offers> {
  return ifInstalled(async () => {
    const argv = ['snap', 'refresh', '--list'] as const;
    const { stdout, stderr } = await answered(sources, argv, { timeoutMs });
    if (stdout.trim() === '' && !/^All snaps up to date\.$/m.test(stderr)) throw unparseable('snap');
    return apps('snaps', parseSnapNames(stdout));
  });
}

/** See `readSnapOffers`. Throws SourceError. */
export function parseSnapNames(stdout: string): string[] {
  const [header, ...lines] = stdout.split('\n').filter((line) => line.trim() !== '');
  if (header === undefined || /^All snaps up to date\.$/.test(header)) return [];
  if (!/^Name\s+Version\s/.test(header)) throw unparseable('snap');
  return lines.map((line) => line.split(/\s+/)[0] ?? '');
}

/** `flatpak remote-ls --updates --columns=application`: one id a line; empty = none waits. Throws SourceError. */
export async function readFlatpakOffers(sources: Sources): Promise<Offers> {
  return ifInstalled(async () => {
    const argv = ['flatpak', 'remote-ls', '--updates', '--columns=application'] as const;
    const { stdout } = await answered(sources, argv, { timeoutMs });
    return apps('flatpaks', parseFlatpakIds(stdout));
  });
}

/** See `readFlatpakOffers`. Throws SourceError. */
export function parseFlatpakIds(stdout: string): string[] {
  const ids = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'Application ID');
  if (ids.some((id) => !/^[\w-]+(?:\.[\w-]+)+$/.test(id))) throw unparseable('flatpak');
  return ids;
}

/**
 * Whether programs may have come as flatpaks. The list of packages says so where it is whole; where flatpak is not in it, only the
 * missing program itself proves that there is none.
 */
export async function mayHaveFlatpaks(
  sources: Sources,
  packages: readonly InstalledPackage[],
): Promise<boolean> {
  if (packages.some(({ name }) => name === 'flatpak')) return true;
  try {
    return (await readFlatpakOffers(sources)) !== undefined;
  } catch (error) {
    if (error instanceof SourceError) return true;
    throw error;
  }
}

async function ifInstalled(read: () => Promise<Offers>): Promise<Offers> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SourceError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const apps = (store: 'flatpaks' | 'snaps', names: readonly string[]): Offers =>
  new Set(names.map((name) => byBundle('apps', store, name)).filter((app) => app !== undefined));
