import type { Probe } from '../../probe.ts';

export const cloudSync: Probe<'cloud-sync'> = {};
