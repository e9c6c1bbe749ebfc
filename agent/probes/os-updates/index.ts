import type { Probe } from '../../probe.ts';

export const osUpdates: Probe<'os-updates'> = {};
