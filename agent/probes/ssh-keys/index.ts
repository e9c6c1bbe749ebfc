import type { Probe } from '../../probe.ts';

export const sshKeys: Probe<'ssh-keys'> = {};
