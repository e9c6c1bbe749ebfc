import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { factsDigestInput, PeerReport } from '../../shared/report.ts';
import { readIfThere, removeFile, replaceState, setAside } from '../state/file.ts';
import { type Outbox, sha256 } from './outbox.ts';

const ChainCopy = z.strictObject({ schema: z.literal('muster.chain/1'), jws: z.string().max(100_000) });

const fileOf = (directory: string) => join(directory, 'chain.json');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a second copy of the report that is about to leave, so that the chain survives the loss of the outbox. */
export async function copyChain(directory: string, jws: string): Promise<void> {
  const path = fileOf(directory);
  const makesSense = () => ChainCopy.safeParse(jsonOf(readFileSync(path, 'utf8'))).success;
  await replaceState(path, `${JSON.stringify({ schema: 'muster.chain/1', jws })}\n`, { makesSense });
}

export async function removeChainCopy(directory: string): Promise<void> {
  await removeFile(fileOf(directory));
}

/**
 * Goes on with the chain where an outbox that was lost left it: its last signed report is queued again, as it was, and the
 * collector counts it once. A damaged copy is set aside.
 */
export async function recoverChain(directory: string, outbox: Outbox): Promise<void> {
  if (!outbox.untouched) return;
  const text = await readIfThere(fileOf(directory));
  if (text === undefined) return;
  try {
    const { jws } = ChainCopy.parse(JSON.parse(text));
    const payload: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const report = PeerReport.parse(payload);
    const digest =
      'unchanged' in report
        ? report.unchanged
        : sha256(factsDigestInput(payload as { machine: unknown; facts: unknown }));
    outbox.recover({ ...report, jws, digest });
  } catch {
    await setAside(fileOf(directory), new Date());
  }
}
