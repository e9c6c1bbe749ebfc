import type { Probe } from '../../probe.ts';

export const passwordManager: Probe<'password-manager'> = {};
