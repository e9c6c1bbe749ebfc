import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const osUpdates: Probe<'os-updates'> = { darwin };
