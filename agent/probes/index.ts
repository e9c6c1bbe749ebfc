import type { Platform } from '../../shared/answer.ts';
import type { PlatformProbes } from '../probe.ts';

/** The probes of one system; only that system's code is loaded. */
export const probesOf: { readonly [P in Platform]: () => Promise<PlatformProbes> } = {
  darwin: async () => (await import('./darwin.ts')).darwin,
  linux: async () => (await import('./linux.ts')).linux,
  win32: async () => (await import('./win32.ts')).win32,
};
