import type { Probe } from '../../probe.ts';
import { win32 } from './win32.ts';

export const fileSharing: Probe<'file-sharing'> = { win32 };
