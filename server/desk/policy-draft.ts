import { presets } from '../../shared/policies/index.ts';
import type { Policy } from '../../shared/policy.ts';
import { policyDifference } from '../review/policy-difference.ts';
import type { Actor } from '../storage/audit.ts';
import { PolicyScheduled } from '../storage/policies.ts';
import type { Stores } from '../storage/stores.ts';
import { ChangedMeanwhile, Refusal } from './refusal.ts';

type PolicyStores = Pick<Stores, 'organizations' | 'policyDrafts'>;

/** The draft of an organization, or what it would begin from: the policy in force, and then `edit` is 0. */
export async function openDraft(stores: PolicyStores, organization: number) {
  const [draft, { policy: inForce }] = await Promise.all([
    stores.policyDrafts.find(organization),
    stores.organizations.policy(organization),
  ]);
  const policy = draft?.policy ?? inForce;
  return { draft, inForce, policy, edit: draft?.edit ?? 0, changes: policyDifference(inForce, policy) };
}

/** A policy that comes with Muster. Throws Refusal where there is none of that name. */
export function presetPolicy(id: string): Policy {
  const preset = presets.find((known) => known.id === id);
  if (preset === undefined) throw new Refusal('There is no such policy to begin from.');
  return preset.policy;
}

/** Puts a whole policy in the place of the draft whose state is `edit`; answers the new state. Throws ChangedMeanwhile. */
export async function replaceDraft(
  stores: PolicyStores,
  organization: number,
  policy: Policy,
  edit: number,
  actor: Actor,
  at: Date,
): Promise<number> {
  const { policy: inForce } = await stores.organizations.policy(organization);
  const next = { ...policy, version: inForce.version + 1 };
  const kept = await stores.policyDrafts.save(organization, next, edit, 'import', actor, at);
  if (kept === undefined) throw new ChangedMeanwhile();
  return kept;
}

/** How somebody wants a draft to be published. */
export interface PublicationAsked {
  /** The state of the draft that was looked at. */
  readonly edit: number;
  /** Null for at once. A date that is none is refused. */
  readonly effectiveFrom: Date | null;
  readonly reason: string;
  /** They know that it asks for less than the company's own text. */
  readonly loosened: boolean;
}

/**
 * Publishes the draft and answers its version. Throws Refusal with what is wrong by the names of `PublicationAsked`, and
 * ChangedMeanwhile where the draft changed or another version waits for its day.
 */
export async function publishDraft(
  stores: PolicyStores,
  organization: number,
  { edit, effectiveFrom, reason, loosened }: PublicationAsked,
  actor: Actor,
  at: Date,
): Promise<number> {
  const { changes } = await openDraft(stores, organization);
  const mustConfirm = changes.some(({ looser, companyText }) => looser && companyText);
  const wrong: Record<string, string> = {};
  if (effectiveFrom !== null && !(effectiveFrom > at)) {
    wrong['effectiveFrom'] = 'Choose a moment that is still to come.';
  }
  if (reason.trim().length < 10) wrong['reason'] = 'Say why, in ten characters or more.';
  else if (reason.length > 1_000) wrong['reason'] = 'Too long.';
  if (mustConfirm && !loosened) wrong['loosened'] = 'Say that you mean it, or go back to the draft.';
  if (Object.keys(wrong).length > 0) throw new Refusal('The draft cannot be published like this.', wrong);
  const terms = { effectiveFrom: effectiveFrom ?? undefined, reason: reason.trim() };
  try {
    const version = await stores.policyDrafts.publish(organization, edit, terms, actor, at);
    if (version !== undefined) return version;
  } catch (error) {
    if (!(error instanceof PolicyScheduled)) throw error;
  }
  throw new ChangedMeanwhile();
}
