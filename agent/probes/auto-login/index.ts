import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const autoLogin: Probe<'auto-login'> = { darwin };
