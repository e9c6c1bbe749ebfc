import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';
import { linux } from './linux.ts';
import { win32 } from './win32.ts';

export const diskEncryption: Probe<'disk-encryption'> = { darwin, linux, win32 };
