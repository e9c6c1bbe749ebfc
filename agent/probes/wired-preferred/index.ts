import type { Probe } from '../../probe.ts';
import { win32 } from './win32.ts';

export const wiredPreferred: Probe<'wired-preferred'> = { win32 };
