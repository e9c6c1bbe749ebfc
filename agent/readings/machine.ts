import type { Platform } from '../../shared/answer.ts';
import type { Machine } from '../../shared/machine.ts';
import type { Sources } from '../probe.ts';

type Reader = (sources: Sources) => Promise<Machine>;

/** Only the reader of the system at hand is loaded. */
const readers: { readonly [P in Platform]: () => Promise<Reader> } = {
  darwin: async () => (await import('./darwin/machine.ts')).readMachine,
  linux: async () => (await import('./linux/machine.ts')).readMachine,
  win32: async () => (await import('./win32/machine.ts')).readMachine,
};

/** What kind of machine this is. Never throws: what could not be read is left out. */
export async function readMachine(sources: Sources): Promise<Machine> {
  return (await readers[sources.platform]())(sources);
}
