import { deviceCheckIds } from '../../agent/runner.ts';
import type { Observation } from '../../agent/sync/outbox.ts';
import type { Answer } from '../../shared/answer.ts';
import type { Check } from '../../shared/check.ts';
import { checks } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';

/** What a run could find: an answer for every point of the catalogue; another `state` is another finding. */
export function sampleObservation(state: number, hour = state): Observation {
  const unread: Answer<unknown> = { unknown: 'denied' };
  const facts: Facts = Object.fromEntries(
    deviceCheckIds.map((id) => [
      id,
      Object.fromEntries(
        Object.keys((checks[id] as unknown as Check).points).map((point) => [point, unread]),
      ),
    ]),
  );
  return {
    takenAt: new Date(Date.UTC(2026, 10, 1) + hour * 3_600_000),
    agent: '0.1.0',
    policy: { id: 'base', version: 1 },
    machine: { platform: 'linux', osName: 'debian', osVersion: `12.${state}` },
    facts,
  };
}
