import type { Probe } from '../../probe.ts';

export const firewall: Probe<'firewall'> = {};
