import { z } from 'zod';
import { reviewDue } from '../ingest/review-due.ts';
import type { Actor } from '../storage/audit.ts';
import type { Device } from '../storage/devices.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

const dayMs = 86_400_000;
const maxLeaveDays = 367;

/** The reference of an agreement as somebody writes it; empty for none. */
export const Agreement = z
  .string()
  .trim()
  .max(120)
  .regex(/^[^\p{C}]*$/u);

const refuseGone = ({ revokedAt }: Device): void => {
  if (revokedAt !== null) throw new Refusal('This laptop is no longer in the fleet.');
};

/** Says until when nobody expects to hear from a laptop; null: it is back. Lists show it at once. Throws Refusal. */
export async function putOnLeave(
  stores: Stores,
  device: Device,
  until: Date | null,
  actor: Actor,
  at: Date,
): Promise<void> {
  refuseGone(device);
  const days = until === null ? 1 : (until.getTime() - at.getTime()) / dayMs;
  if (!(days > 0) || days > maxLeaveDays) {
    const words = 'Choose a day to come, a year from now at most.';
    throw new Refusal(words, { leaveUntil: words });
  }
  await stores.devices.leave(device.organization, device.id, until, actor, at);
  await reviewDue(stores, at);
}

/** Says whose machine it is, and by which agreement where it is a contractor's. Throws Refusal. */
export async function declareOwner(
  stores: Pick<Stores, 'devices'>,
  device: Device,
  { owner, agreement = '' }: { readonly owner: Device['owner']; readonly agreement?: string | undefined },
  actor: Actor,
  at: Date,
): Promise<void> {
  refuseGone(device);
  if (agreement !== '' && owner !== 'contractor') {
    const words = 'An agreement is for a contractor’s laptop.';
    throw new Refusal(words, { agreement: words });
  }
  await stores.devices.declare(device.organization, device.id, owner, actor, at, agreement);
}

/** Takes it out of the fleet for good: nothing it sends from now on is accepted. Throws Refusal. */
export async function retire(
  stores: Pick<Stores, 'devices'>,
  device: Device,
  actor: Actor,
  at: Date,
): Promise<void> {
  refuseGone(device);
  await stores.devices.revoke(device.organization, device.id, actor, at);
}
