import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';
import { win32 } from './win32.ts';

export const accounts: Probe<'accounts'> = { darwin, win32 };
