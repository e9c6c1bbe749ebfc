import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const platformIntegrity: Probe<'platform-integrity'> = { darwin };
