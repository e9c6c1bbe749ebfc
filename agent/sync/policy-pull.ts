import { CollectorProof, collectorProofType } from '../../shared/device-request.ts';
import { CollectorError } from './client.ts';
import { type DeviceAnswer, deviceRequest, type RequestContext } from './device-request.ts';
import { publicKeyFrom, verifyCompact } from './jws.ts';
import { keepPolicy, readKeptPolicy, type SignedPolicy, verifiedPolicy } from './kept-policy.ts';
import type { Outbox } from './outbox.ts';

interface PullContext extends RequestContext {
  readonly directory: string;
  readonly outbox: Outbox;
}

/**
 * Makes whoever answers prove that it is the collector this machine was enrolled with, and fetches the organization's policy
 * where it has changed. Throws CollectorError without a proof for this very request, for a policy that the pinned key did not
 * sign, and for one older than any that was kept before: the one kept stays in force, and nothing may be sent.
 */
export async function pullPolicy(context: PullContext): Promise<SignedPolicy> {
  const { directory, enrollment, outbox } = context;
  const { kept } = await readKeptPolicy(directory, enrollment.collectorKey);
  const answer = await deviceRequest(context, {
    method: 'GET',
    path: '/api/v1/policy',
    ifNoneMatch: kept?.etag ?? undefined,
  });
  const proven = provenEtag(answer, enrollment.collectorKey);
  if (proven === undefined) {
    throw new CollectorError(
      'impostor',
      `${new URL(enrollment.url).host} cannot prove that it is the collector this machine was enrolled with; no report is sent to it${
        answer.contentType.startsWith('text/html') ? '. A sign-in page of this network?' : ''
      }`,
    );
  }
  if (answer.status === 304) {
    if (kept !== undefined && kept.etag !== proven) {
      throw new CollectorError('impostor', 'the policy is said to be unchanged, and is not; it is refused');
    }
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
    // Whoever answered has the collector's key: it may have been restored from an old backup, and can be mended once it knows.
    if (version < newest) await sayHeld(context, newest);
    throw new CollectorError(
      'impostor',
      `the policy is version ${version}, older than version ${newest} that was in force here; it is refused. After a restore from a backup the collector publishes it again`,
    );
  }
  await keepPolicy(directory, answer.body, answer.etag);
  outbox.remember('policyVersion', String(version));
  return { ...verified, etag: answer.etag ?? null };
}

/** Tells the collector which version is held here. That it does not hear it changes nothing. */
async function sayHeld(context: PullContext, version: number): Promise<void> {
  try {
    await deviceRequest(context, { method: 'GET', path: `/api/v1/policy?held=${version}` });
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
  }
}

/** The ETag that the collector's key vouches for in the answer to this very request; undefined where it vouches for none. */
function provenEtag({ proof, nonce }: DeviceAnswer, collectorKey: string): string | undefined {
  const payload =
    proof === undefined ? undefined : verifyCompact(proof, publicKeyFrom(collectorKey), collectorProofType);
  if (payload === undefined) return undefined;
  try {
    const { jti, etag } = CollectorProof.parse(JSON.parse(payload));
    return jti === nonce ? etag : undefined;
  } catch {
    return undefined;
  }
}
