import type { Probe } from '../../probe.ts';

export const timeSync: Probe<'time-sync'> = {};
