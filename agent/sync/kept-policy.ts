import { join } from 'node:path';
import { z } from 'zod';
import type { Policy } from '../../shared/policy.ts';
import { PolicyDocument, policyFrom, policyType } from '../../shared/policy-document.ts';
import type { DeviceWaiver } from '../../shared/waiver.ts';
import { readIfThere, removeFile, setAside, writeWhole } from '../state/file.ts';
import { publicKeyFrom, verifyCompact } from './jws.ts';

/** The signed policy on disk, as it came; its signature is checked every time it is read. */
const KeptPolicy = z.strictObject({
  schema: z.literal('muster.kept-policy/1'),
  etag: z.string().max(200).nullable(),
  jws: z.string(),
});

const fileOf = (directory: string) => join(directory, 'policy.json');

/** A policy of the organization, with what its source says of it. */
export interface SignedPolicy {
  readonly document: PolicyDocument;
  readonly policy: Policy;
  readonly etag: string | null;
}

/** The waivers a signed policy brings for this device; those of any other device are none of its. */
export const waiversFor = (
  device: string,
  { document }: Pick<SignedPolicy, 'document'>,
): readonly DeviceWaiver[] => (document.device?.id === device ? document.device.waivers : []);

/** The policy in a signed document, or undefined when this collector key did not sign it or it makes no sense. */
export function verifiedPolicy(
  jws: string,
  collectorKey: string,
): { document: PolicyDocument; policy: Policy } | undefined {
  const payload = verifyCompact(jws.trim(), publicKeyFrom(collectorKey), policyType);
  if (payload === undefined) return undefined;
  try {
    const document = PolicyDocument.parse(JSON.parse(payload));
    return { document, policy: policyFrom(document) };
  } catch {
    return undefined;
  }
}

/**
 * The organization's policy as it was kept, or undefined when none was pulled yet. One that was tampered with is set aside where
 * this account may, and counts as none: `damaged` says so.
 */
export async function readKeptPolicy(
  directory: string,
  collectorKey: string,
): Promise<{ readonly kept: SignedPolicy | undefined; readonly damaged: boolean }> {
  const text = await readIfThere(fileOf(directory));
  if (text === undefined) return { kept: undefined, damaged: false };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not even JSON: the schema says so.
  }
  const file = KeptPolicy.safeParse(json);
  const verified = file.success ? verifiedPolicy(file.data.jws, collectorKey) : undefined;
  if (file.success && verified !== undefined) {
    return { kept: { ...verified, etag: file.data.etag }, damaged: false };
  }
  try {
    await setAside(fileOf(directory), new Date());
  } catch {
    // An ordinary user may look at the service's file, not move it.
  }
  return { kept: undefined, damaged: true };
}

export async function keepPolicy(directory: string, jws: string, etag: string | undefined): Promise<void> {
  const kept = { schema: 'muster.kept-policy/1', etag: etag ?? null, jws: jws.trim() };
  await writeWhole(fileOf(directory), `${JSON.stringify(kept)}\n`);
}

export async function removeKeptPolicy(directory: string): Promise<void> {
  await removeFile(fileOf(directory));
}
