import type { Probe } from '../../probe.ts';

export const wiredPreferred: Probe<'wired-preferred'> = {};
