import type { Platform } from '../../../shared/answer.ts';
import type { waiverOwners } from '../../../shared/waiver.ts';
import type { WaiverStage } from '../../review/waiver-stage.ts';
import { addresses } from '../addresses.ts';
import type { DeviceLink, OrganizationLink } from '../model.ts';
import { sentence } from '../words.ts';
import { DeviceName } from './fleet.tsx';
import { Toned } from './status.tsx';
import { Ago, Moment, Until } from './time.tsx';

/** Whom a waiver is for, as pages name it. */
export type ScopeView =
  | { readonly kind: 'device'; readonly device: DeviceLink }
  | { readonly kind: 'platform'; readonly platform: Platform }
  | { readonly kind: 'owner'; readonly owner: (typeof waiverOwners)[number] }
  | { readonly kind: 'organization' };

/** A waiver on one line of a list. */
export interface WaiverRow {
  readonly id: string;
  readonly organization: OrganizationLink;
  readonly scope: ScopeView;
  readonly checkTitle: string;
  /** Null for every point of the check. */
  readonly pointTitle: string | null;
  /** The one removable medium it approves; null for one that excuses. */
  readonly medium: string | null;
  readonly reason: string;
  /** The person's name, or in words where it was asked for on a laptop. */
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly stage: WaiverStage;
  readonly expiresAt: string | null;
  /** When it stopped or will stop to matter; null while it waits. */
  readonly endsAt: string | null;
}

export const platformWords: Record<Platform, string> = {
  darwin: 'every Mac',
  win32: 'every Windows laptop',
  linux: 'every Linux laptop',
};
export const ownerWords: Record<(typeof waiverOwners)[number], string> = {
  company: 'every company laptop',
  contractor: 'every contractor’s laptop',
  personal: 'every personal laptop',
};

/** Whom it is for. */
export function Scope({ organization, scope }: { organization: string; scope: ScopeView }) {
  switch (scope.kind) {
    case 'device':
      return <DeviceName organization={organization} device={scope.device} />;
    case 'platform':
      return <>{platformWords[scope.platform]}</>;
    case 'owner':
      return <>{ownerWords[scope.owner]}</>;
    case 'organization':
      return <>every laptop</>;
  }
}

/** What it is about: `Firewall: enabled`, or the check as a whole. */
export const aboutWords = ({ checkTitle, pointTitle }: Pick<WaiverRow, 'checkTitle' | 'pointTitle'>) =>
  pointTitle === null ? checkTitle : `${checkTitle}: ${pointTitle.toLowerCase()}`;

export const stageWords: Record<WaiverStage, string> = {
  waiting: 'To decide',
  'to-come': 'Approved, not begun',
  'in-force': 'In force',
  expired: 'Expired',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
};

/** Two weeks before it ends, a waiver calls for somebody. */
export const soonMs = 14 * 86_400_000;

/** Waivers, one on a line: what is excused, for whom, and the moment that matters at their stage. */
export function WaiverTable({
  rows,
  now,
  named,
  caption,
}: {
  rows: readonly WaiverRow[];
  now: string;
  /** Says of each whose it is: for lists over several organizations. */
  named?: boolean;
  caption: string;
}) {
  const waiting = rows.every(({ stage }) => stage === 'waiting');
  const over = rows.every(({ stage }) => ['expired', 'refused', 'withdrawn'].includes(stage));
  return (
    <table class={over ? 'stacks waivers over' : 'stacks waivers'}>
      <caption class="hidden-visually">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">For</th>
          <th scope="col">Asked for by</th>
          {over && <th scope="col">Outcome</th>}
          <th scope="col" class="number">
            {waiting ? 'Asked' : over ? 'Ended' : 'Ends'}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" class="whole">
              <a href={addresses.waiver(row.organization.id, row.id)}>{aboutWords(row)}</a>
              <span class="under sentence">{row.reason}</span>
            </th>
            <td class="sentence">
              <Scope organization={row.organization.id} scope={row.scope} />
              {named && <span class="under one-line">{row.organization.name}</span>}
            </td>
            <td class="muted whole by sentence" data-label="Asked for by">
              {row.requestedBy}
            </td>
            {over && <td class="outcome">{stageWords[row.stage]}</td>}
            <td class="when number right">
              <When row={row} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function When({ row, now }: { row: WaiverRow; now: string }) {
  const { stage, endsAt, requestedAt } = row;
  if (stage === 'waiting' || endsAt === null) return <Ago at={requestedAt} now={now} />;
  if (stage !== 'in-force' && stage !== 'to-come') return <Moment at={endsAt} />;
  const soon = Date.parse(endsAt) - Date.parse(now) < soonMs;
  return soon ? (
    <Toned tone="attention">
      <Until at={endsAt} now={now} />
    </Toned>
  ) : (
    <Until at={endsAt} now={now} />
  );
}

/** `waived until 12 Feb 2027 because ...`, beside the status it does not change. */
export function WaiverNote({
  organization,
  waiver,
}: {
  organization: string;
  waiver: { readonly id: string; readonly until: string; readonly reason: string };
}) {
  return (
    <p class="waived">
      <a href={addresses.waiver(organization, waiver.id)}>Waived</a> until <Moment at={waiver.until} />{' '}
      because: {sentence(waiver.reason)}
    </p>
  );
}
