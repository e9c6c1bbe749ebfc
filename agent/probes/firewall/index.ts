import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';
import { linux } from './linux.ts';
import { win32 } from './win32.ts';

export const firewall: Probe<'firewall'> = { darwin, linux, win32 };
