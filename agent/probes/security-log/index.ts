import type { Probe } from '../../probe.ts';

export const securityLog: Probe<'security-log'> = {};
