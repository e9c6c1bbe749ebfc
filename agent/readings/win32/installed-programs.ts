import type { Products } from '../../../shared/data/product-traces.ts';
import { byWindowsName } from '../../../shared/data/recognise.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { readSettings } from './registry.ts';
import { answered, readable, settled } from './settled.ts';

type ProductId<K extends keyof Products> = Products[K]['entries'][number]['id'];

/** A program that Settings > Installed apps lists for everyone on this machine. */
export interface InstalledProgram {
  readonly name: string;
  readonly version: string | undefined;
}

/** 64-bit and 32-bit programs. */
const roots = ['Microsoft', 'WOW6432Node\\Microsoft'].map(
  (view) => `HKLM\\SOFTWARE\\${view}\\Windows\\CurrentVersion\\Uninstall`,
);

/** What the lists hold. */
export interface InstalledPrograms {
  readonly programs: readonly InstalledProgram[];
  /** An entry could not be read: one more program may be installed than is listed here. */
  readonly failure: SourceError | undefined;
}

/** undefined = an entry without a name, which is no program (an update, a part of another one). */
async function readProgram(sources: Sources, key: string): Promise<InstalledProgram | undefined> {
  const entry = await readSettings(sources, key);
  const name = entry.string('DisplayName');
  if (name === undefined || name === '') return undefined;
  return { name, version: readable(() => entry.string('DisplayVersion')) };
}

/** Programs installed for the whole machine. What a person installed for themselves, and Store apps, are not listed here. */
export async function readInstalledPrograms(sources: Sources): Promise<InstalledPrograms> {
  const keys = (
    await Promise.all(
      roots.map(async (root) =>
        (await readSettings(sources, root)).subkeys.map((name) => `${root}\\${name}`),
      ),
    )
  ).flat();
  const entries = await Promise.all(keys.map((key) => settled(readProgram(sources, key))));
  return {
    programs: answered<InstalledProgram | undefined>(entries).filter((program) => program !== undefined),
    failure: entries.find((entry) => entry instanceof SourceError),
  };
}

/** The products of one kind among the programs, each once, with the program they were recognised by. */
export function identify<K extends keyof Products>(
  programs: readonly InstalledProgram[],
  kind: K,
): ReadonlyMap<ProductId<K>, InstalledProgram> {
  const found = new Map<ProductId<K>, InstalledProgram>();
  for (const program of programs) {
    const id = byWindowsName(kind, program.name);
    if (id !== undefined && !found.has(id)) found.set(id, program);
  }
  return found;
}

/** A program of this name, as a policy writes it: the whole name, or its beginning up to a space. */
export function isInstalled(programs: readonly InstalledProgram[], wanted: string): boolean {
  const begin = wanted.trim().toLowerCase();
  return programs.some(({ name }) => {
    const installed = name.toLowerCase();
    return installed === begin || installed.startsWith(`${begin} `);
  });
}
