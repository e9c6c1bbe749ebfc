import type { Probe } from '../../probe.ts';

export const legacyTls: Probe<'legacy-tls'> = {};
