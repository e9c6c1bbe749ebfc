import type { Purged } from '../storage/privacy/retention.ts';
import type { Stores } from '../storage/stores.ts';
import { type HoldScope, overBefore, type RetentionClass, retentionSchedule } from './retention.ts';

const everything = { search: '', state: 'active', sort: 'reference', descending: false } as const;

/** What an organization's legal holds keep from being deleted. */
export async function heldScopes(
  stores: Stores,
  organization: number,
  at: Date,
): Promise<ReadonlySet<HoldScope>> {
  const holds = await stores.records.list(organization, 'legal-holds', everything, at, 1_000, 0);
  return new Set(holds.flatMap(({ values }) => (values['scope'] ?? []) as readonly HoldScope[]));
}

/**
 * Deletes whatever an organization has kept long enough, but for what a legal hold names; each class that lost something leaves a receipt
 * with how much and how old, never with what. Doing it twice is harmless.
 */
export async function purge(stores: Stores, organization: number, at: Date): Promise<void> {
  const held = await heldScopes(stores, organization, at);
  const { retention, people, attestations, attestationContacts } = stores;
  const work: Readonly<Record<string, (before: Date) => Promise<Purged>>> = {
    results: (before) => retention.purgeReports(organization, before),
    changes: (before) => retention.purgeTransitions(organization, before),
    left: (before) => retention.purgeDevices(organization, before),
    holders: (before) => people.purge(organization, before),
    'statement-addresses': async (before) => {
      const asked = await attestations.askedBefore(organization, before);
      const deleted = await attestationContacts.forget(asked.people);
      return { deleted, oldest: deleted === 0 ? null : asked.oldest };
    },
    statements: (before) => attestations.purge(organization, before),
    waivers: (before) => retention.purgeWaivers(organization, before),
    asked: (before) => retention.purgeAsked(organization, before),
  };
  for (const of of retentionSchedule) {
    const delete_ = work[of.id];
    if (delete_ === undefined || isHeld(of, held)) continue;
    await retention.keepReceipt(organization, of.id, await delete_(overBefore(of, at)), at);
  }
  if (held.has('records')) return;
  const records = await retention.purgeRecords(organization, at);
  for (const id of records.ids) await stores.registerPersonal.forget(id);
  await retention.keepReceipt(organization, 'records', records, at);
}

const isHeld = ({ hold }: RetentionClass, held: ReadonlySet<HoldScope>) =>
  hold !== undefined && held.has(hold);

/** The purge of every organization, and of the audit log they share where none of them holds it. */
export async function purgeAll(stores: Stores, at: Date): Promise<void> {
  let auditHeld = false;
  for (const { number } of await stores.organizations.all()) {
    await purge(stores, number, at);
    auditHeld ||= (await heldScopes(stores, number, at)).has('audit');
  }
  const audit = retentionSchedule.find(({ id }) => id === 'audit');
  if (audit === undefined || auditHeld) return;
  await stores.retention.keepReceipt(
    null,
    audit.id,
    await stores.retention.purgeAudit(overBefore(audit, at)),
    at,
  );
}
