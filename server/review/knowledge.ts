import type { Device } from '../storage/devices.ts';
import type { CollectorKnowledge } from './assess.ts';

/** What the collector itself knows of a device, as judging asks for it. */
export function knowledgeOf(device: Device): CollectorKnowledge {
  const { machine, agent, owner, receivedAt, divergedAt, clockSkewSeconds, leaveUntil } = device;
  return { machine, agent, owner, receivedAt, diverged: divergedAt !== null, clockSkewSeconds, leaveUntil };
}
