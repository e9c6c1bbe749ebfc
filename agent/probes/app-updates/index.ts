import type { Probe } from '../../probe.ts';

export const appUpdates: Probe<'app-updates'> = {};
