import type { Probe } from '../../probe.ts';

export const screenLock: Probe<'screen-lock'> = {};
