import type { Probe } from '../../probe.ts';

export const osSupport: Probe<'os-support'> = {};
