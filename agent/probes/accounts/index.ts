import type { Probe } from '../../probe.ts';

export const accounts: Probe<'accounts'> = {};
