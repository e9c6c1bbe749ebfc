import type { Probe } from '../../probe.ts';

export const requiredApps: Probe<'required-apps'> = {};
