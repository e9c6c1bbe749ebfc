import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const accounts: Probe<'accounts'> = { darwin };
