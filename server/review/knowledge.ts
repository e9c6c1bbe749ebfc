import type { Device } from '../storage/devices.ts';
import type { GrantedWaivers } from '../storage/waivers.ts';
import type { CollectorKnowledge } from './assess.ts';

/** What the collector itself knows of a device, as judging asks for it. */
export function knowledgeOf(device: Device, granted: GrantedWaivers): CollectorKnowledge {
  const {
    id,
    machine,
    agent,
    owner,
    receivedAt,
    divergedAt,
    clockSkewSeconds,
    leaveUntil,
    agreement,
    approval,
  } = device;
  return {
    machine,
    agent,
    owner,
    receivedAt,
    diverged: divergedAt !== null,
    clockSkewSeconds,
    leaveUntil,
    agreement: agreement !== '',
    approval,
    waivers: granted.of({ id, owner, platform: machine.platform }),
  };
}
