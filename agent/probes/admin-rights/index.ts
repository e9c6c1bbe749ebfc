import type { Probe } from '../../probe.ts';
import { darwin } from './darwin.ts';

export const adminRights: Probe<'admin-rights'> = { darwin };
