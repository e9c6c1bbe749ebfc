import type { Probe } from '../../probe.ts';
import { win32 } from './win32.ts';

export const backup: Probe<'backup'> = { win32 };
