import { CollectorError } from './client.ts';
import { deviceRequest, type RequestContext } from './device-request.ts';
import { keepPolicy, readKeptPolicy, type SignedPolicy, verifiedPolicy } from './kept-policy.ts';
import type { Outbox } from './outbox.ts';

interface PullContext extends RequestContext {
  readonly directory: string;
  readonly outbox: Outbox;
}

/**
 * Fetches the organization's policy where it has changed, and keeps it. Refuses one that the pinned key did not sign, and one
 * older than any that was kept before: both throw CollectorError, and the one kept stays in force.
 */
export async function pullPolicy(context: PullContext): Promise<SignedPolicy> {
  const { directory, enrollment, outbox } = context;
  const { kept } = await readKeptPolicy(directory, enrollment.collectorKey);
  const answer = await deviceRequest(context, {
    method: 'GET',
    path: '/api/v1/policy',
    ifNoneMatch: kept?.etag ?? undefined,
  });
  if (answer.status === 304) {
    if (kept === undefined) throw new CollectorError('impostor', 'the policy was left out of the answer');
    return kept;
  }
  const verified = verifiedPolicy(answer.body, enrollment.collectorKey);
  if (verified === undefined) {
    throw new CollectorError(
      'impostor',
      'the policy is not signed by the key this machine was enrolled with; it is refused',
    );
  }
  const { version, publishedAt } = verified.document;
  const newest = Math.max(Number(outbox.recall('policyVersion') ?? 0), kept?.document.version ?? 0);
  const replayed =
    version < newest || (version === kept?.document.version && publishedAt < kept.document.publishedAt);
  if (replayed) {
    throw new CollectorError(
      'impostor',
      `the policy is version ${version}, older than version ${newest} that was in force here; it is refused`,
    );
  }
  await keepPolicy(directory, answer.body, answer.etag);
  outbox.remember('policyVersion', String(version));
  return { ...verified, etag: answer.etag ?? null };
}
