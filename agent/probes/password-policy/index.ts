import type { Probe } from '../../probe.ts';

export const passwordPolicy: Probe<'password-policy'> = {};
