import type { Probe } from '../../probe.ts';

export const wifiSecurity: Probe<'wifi-security'> = {};
