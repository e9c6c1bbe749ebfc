import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';
import { win32 } from './win32.ts';

export const screenLock: Probe<'screen-lock'> = { darwin, win32 };
