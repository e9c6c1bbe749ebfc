import type { Probe } from '../../probe.ts';

export const diskEncryption: Probe<'disk-encryption'> = {};
