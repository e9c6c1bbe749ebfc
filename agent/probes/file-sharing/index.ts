import type { Probe } from '../../probe.ts';

export const fileSharing: Probe<'file-sharing'> = {};
