import type { Probe } from '../../probe.ts';

export const removableMedia: Probe<'removable-media'> = {};
