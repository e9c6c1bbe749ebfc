import type { Probe } from '../../probe.ts';

export const deviceManagement: Probe<'device-management'> = {};
