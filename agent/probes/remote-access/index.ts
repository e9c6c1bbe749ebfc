import type { Probe } from '../../probe.ts';
import { win32 } from './win32.ts';

export const remoteAccess: Probe<'remote-access'> = { win32 };
