import type { Probe } from '../../probe.ts';

export const trashCleanup: Probe<'trash-cleanup'> = {};
