import type { Probe } from '../../probe.ts';
import { win32 } from './win32.ts';

export const passwordManager: Probe<'password-manager'> = { win32 };
