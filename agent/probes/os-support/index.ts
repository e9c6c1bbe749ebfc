import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const osSupport: Probe<'os-support'> = { darwin };
