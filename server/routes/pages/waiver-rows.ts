import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { mediumTitle } from '../../../shared/medium.ts';
import type { ScopeView, WaiverRow } from '../../pages/components/waivers.tsx';
import type { OrganizationLink } from '../../pages/model.ts';
import { stageOf } from '../../review/waiver-stage.ts';
import type { Actor } from '../../storage/audit.ts';
import type { Stores } from '../../storage/stores.ts';
import type { WaiverRecord } from '../../storage/waivers.ts';

/** What these actors are called: people by their name, everything else by what it is. */
export async function actorNames(
  { users }: Pick<Stores, 'users'>,
  actors: readonly Actor[],
): Promise<ReadonlyMap<Actor, string>> {
  const named = [...new Set(actors)].map(async (actor): Promise<[Actor, string]> => {
    const [kind, id = ''] = actor.split(':');
    if (kind !== 'user') return [actor, words[kind ?? ''] ?? 'the collector'];
    return [actor, (await users.byId(id))?.name ?? 'somebody whose account is gone'];
  });
  return new Map(await Promise.all(named));
}

const words: Readonly<Record<string, string>> = {
  device: 'staff, from the laptop',
  token: 'a program, by an API token',
  console: 'the command line',
};

/** Waivers as lists show them. */
export async function waiverRows(
  stores: Pick<Stores, 'users'>,
  records: readonly WaiverRecord[],
  organization: OrganizationLink,
  now: Date,
): Promise<readonly WaiverRow[]> {
  const names = await actorNames(
    stores,
    records.map(({ requestedBy }) => requestedBy),
  );
  return records.map((record) => ({
    id: record.id,
    organization,
    scope: scopeView(record),
    ...titlesOf(record),
    medium: record.medium,
    reason: record.reason,
    requestedBy: names.get(record.requestedBy) ?? '',
    requestedAt: record.requestedAt.toISOString(),
    stage: stageOf(record, now),
    expiresAt: record.expiresAt?.toISOString() ?? null,
    endsAt: record.endsAt?.toISOString() ?? null,
  }));
}

/** A check and its point in words; what this build no longer knows keeps its id. */
function titlesOf({
  check: id,
  point,
  medium,
}: Pick<WaiverRecord, 'check' | 'point' | 'medium'>): Pick<WaiverRow, 'checkTitle' | 'pointTitle'> {
  const check = checks[id as CheckId] as unknown as Check | undefined;
  const part = point === null ? null : (check?.points[point]?.title ?? point);
  return {
    checkTitle: check?.title ?? id,
    pointTitle: medium === null ? part : mediumTitle(medium),
  };
}

function scopeView({ scope, device }: WaiverRecord): ScopeView {
  if (scope.kind !== 'device') return scope;
  const { id, label, assetTag } = device ?? { id: scope.device, label: 'a laptop', assetTag: null };
  return { kind: 'device', device: { id, label, assetTag: assetTag ?? undefined } };
}
