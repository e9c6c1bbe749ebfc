import type { ComponentChildren } from 'preact';
import type { Severity, Status } from '../../../shared/check.ts';
import type { ListedState } from '../model.ts';
import { severityWords, stateWords, statusTones, statusWords, type Tone, toneOf } from '../words.ts';
import { Icon } from './icon.tsx';

/** An icon and a word in the color of a status. */
export function Toned({ tone, pill, children }: { tone: Tone; pill?: boolean; children: ComponentChildren }) {
  return (
    <span class={`status ${tone}${pill ? ' pill' : ''}`}>
      <Icon name={tone} />
      {children}
    </span>
  );
}

/** Where a device stands. */
export function StateBadge({ state }: { state: ListedState }) {
  return (
    <Toned tone={toneOf(state)} pill>
      {stateWords[state]}
    </Toned>
  );
}

/** What a check or a point came to. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Toned tone={statusTones[status]} pill>
      {statusWords[status]}
    </Toned>
  );
}

/** How much it matters; only the two upper degrees raise their voice. */
export function SeverityTag({ severity }: { severity: Severity }) {
  const strong = severity === 'critical' || severity === 'high';
  return <span class={strong ? 'tag strong' : 'tag'}>{severityWords[severity]}</span>;
}
