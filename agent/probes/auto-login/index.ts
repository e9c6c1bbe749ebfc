import type { Probe } from '../../probe.ts';

export const autoLogin: Probe<'auto-login'> = {};
