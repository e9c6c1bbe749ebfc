import type { Probe } from '../../probe.ts';

export const platformIntegrity: Probe<'platform-integrity'> = {};
