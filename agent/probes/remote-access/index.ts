import type { Probe } from '../../probe.ts';

export const remoteAccess: Probe<'remote-access'> = {};
