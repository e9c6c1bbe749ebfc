import { count } from '../../../shared/words.ts';
import { addresses } from '../addresses.ts';
import type { OrganizationLink, Viewer } from '../model.ts';
import { Icon } from './icon.tsx';

/** Laptops that hold a newer policy than the collector has: they hand in nothing until it is published above theirs. */
export interface HeldPolicyView {
  readonly organization: OrganizationLink;
  /** What the collector has in force, and the newest that is held. */
  readonly version: number;
  readonly held: number;
  readonly devices: number;
  /** The version that waits for its day, which must be withdrawn first. */
  readonly scheduled: number | null;
  readonly mayPublish: boolean;
}

/** Says what follows from a restore of an old backup, and mends it with one press. */
export function HeldPolicies({ held, viewer }: { held: readonly HeldPolicyView[]; viewer: Viewer }) {
  return held.map((one) => (
    <div class="notice silent" key={one.organization.id}>
      <Icon name="silent" />
      <div class="notice-body">
        <p>
          <strong>
            {count(one.devices, 'laptop')} of {one.organization.name} {one.devices === 1 ? 'waits' : 'wait'}{' '}
            with {one.devices === 1 ? 'its' : 'their'} reports.
          </strong>{' '}
          They hold version {one.held} of the policy and this collector has version {one.version}, as after a
          restore from an older backup. Laptops refuse an older policy, so that nobody can loosen it unseen.
          Published again under a higher number, it is taken at their next report.
        </p>
        {!one.mayPublish ? (
          <p class="muted">Whoever may change the policy can publish it again.</p>
        ) : one.scheduled !== null ? (
          <p>
            Version {one.scheduled} waits for its day:{' '}
            <a href={addresses.policy(one.organization.id)}>withdraw it first</a>.
          </p>
        ) : (
          <form method="post" action={addresses.policyAgain(one.organization.id)}>
            <input type="hidden" name="csrf" value={viewer.csrf} />
            <button type="submit" class="button">
              Publish version {one.version} again
            </button>
          </form>
        )}
      </div>
    </div>
  ));
}
