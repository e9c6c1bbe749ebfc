import type { Probe } from '../../probe.ts';

export const adminRights: Probe<'admin-rights'> = {};
