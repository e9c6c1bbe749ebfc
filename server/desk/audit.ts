import { type AuditKind, auditActions } from '../audit-actions.ts';
import type { AuditQuery } from '../pages/audit/addresses.ts';
import type { AuditFilter } from '../storage/audit-search.ts';
import type { Stores } from '../storage/stores.ts';

const day = 86_400_000;
const dayOf = (text: string) => (text === '' ? null : new Date(`${text}T00:00:00Z`));

/** The actions of one kind. */
const actionsOf = (kind: AuditKind) =>
  Object.entries(auditActions).flatMap(([action, words]) => (words.kind === kind ? [action] : []));

/** What part of the log that is; undefined where it names a laptop nobody knows, so that nothing is found. */
export async function filterOf(
  stores: Stores,
  organization: number,
  asked: Omit<AuditQuery, 'before'>,
): Promise<AuditFilter | undefined> {
  const device = asked.device === '' ? undefined : await stores.devices.byLabel(organization, asked.device);
  if (asked.device !== '' && device === undefined) return undefined;
  const to = dayOf(asked.to);
  return {
    actor: asked.actor === '' ? null : asked.actor,
    actions: asked.kind === null ? null : actionsOf(asked.kind),
    subject: device?.id ?? null,
    from: dayOf(asked.from),
    to: to === null ? null : new Date(to.getTime() + day),
  };
}
