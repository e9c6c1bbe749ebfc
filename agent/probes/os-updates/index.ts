import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';
import { win32 } from './win32.ts';

export const osUpdates: Probe<'os-updates'> = { darwin, win32 };
