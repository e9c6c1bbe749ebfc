import { basePolicy, type Policy } from '../shared/policy.ts';
import type { DeviceWaiver } from '../shared/waiver.ts';
import { enrolledDirectory } from './state/directory.ts';

/** The policy to judge by, and what the person should know about the choice. */
export interface ChosenPolicy {
  readonly policy: Policy;
  /** What this machine is excused from, as the organization signed it; none where its policy is not the organization's. */
  readonly waivers: readonly DeviceWaiver[];
  /** Why it is not the organization's, where it should be. */
  readonly warning: string | undefined;
}

/**
 * The one place that decides by which policy this machine is judged: the organization's, as it was pulled and its signature still
 * holds, on a machine that is enrolled; else the base policy.
 */
export async function choosePolicy(directory = enrolledDirectory()): Promise<ChosenPolicy> {
  if (directory === undefined) return { policy: basePolicy(), waivers: [], warning: undefined };
  const [{ readEnrollment }, { readKeptPolicy, waiversFor }] = await Promise.all([
    import('./state/enrollment.ts'),
    import('./sync/kept-policy.ts'),
  ]);
  const fallback = (why: string): ChosenPolicy => ({
    policy: basePolicy(),
    waivers: [],
    warning: `${why}; judged by the base policy`,
  });
  try {
    const enrollment = await readEnrollment(directory);
    if (enrollment === undefined) return { policy: basePolicy(), waivers: [], warning: undefined };
    const { kept, damaged } = await readKeptPolicy(directory, enrollment.collectorKey);
    if (kept !== undefined) {
      return { policy: kept.policy, waivers: waiversFor(enrollment.device, kept), warning: undefined };
    }
    return fallback(
      damaged
        ? `the policy of ${enrollment.organization} on this machine was damaged or changed`
        : `the policy of ${enrollment.organization} has not arrived yet`,
    );
  } catch (error) {
    return fallback(
      error instanceof Error && error.name === 'BrokenState'
        ? error.message
        : 'the enrollment could not be read',
    );
  }
}
