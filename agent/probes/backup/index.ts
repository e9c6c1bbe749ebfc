import type { Probe } from '../../probe.ts';

export const backup: Probe<'backup'> = {};
