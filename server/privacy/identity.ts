import type { Actor } from '../storage/audit.ts';
import type { Person, Reveal } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';

/**
 * Tells who holds a laptop. That it was told, to whom and why, is written down before the answer is given: in the audit log without the reason, and
 * with it where the person sees it.
 */
export async function revealHolder(
  stores: Stores,
  asked: {
    readonly organization: number;
    readonly device: string;
    readonly actor: Actor;
    readonly reason: string;
  },
  at: Date,
): Promise<Person | undefined> {
  const { organization, device, actor } = asked;
  await stores.people.noteReveal(asked, at);
  await stores.audit.record({ organization, actor, action: 'identity.reveal', subject: device }, at);
  return stores.people.holder(organization, device);
}

/** Who was told who holds this laptop, and why, newest first: for the person's own page. Only since its present holder has it. */
export async function revealsOf(
  stores: Stores,
  organization: number,
  device: string,
): Promise<readonly Reveal[]> {
  const holder = await stores.people.holder(organization, device);
  if (holder === undefined) return [];
  const [reveals, holdings] = await Promise.all([
    stores.people.reveals(organization, device),
    stores.people.holdings(organization, holder.id),
  ]);
  const since = holdings.find((holding) => holding.device === device && holding.until === null)?.since;
  return since === undefined ? [] : reveals.filter(({ at }) => at >= since);
}
