import { ReportReceipt } from '../../shared/api.ts';
import { reportMediaType } from '../../shared/report.ts';
import { copyChain } from './chain-copy.ts';
import { type Collector, CollectorError } from './client.ts';
import type { DeviceKey } from './identity.ts';
import { type Outbox, type Pending, sha256 } from './outbox.ts';
import { composeReport, signReport } from './report.ts';

/** What a delivery came to. */
export interface Delivery {
  readonly delivered: number;
  /** The policy the collector has now, from its last receipt. */
  readonly policy: { readonly id: string; readonly version: number } | undefined;
  /** Why something still waits, in words for a person; undefined when the outbox is empty. */
  readonly problem: CollectorError | undefined;
}

export interface DeliveryContext {
  readonly directory: string;
  readonly device: string;
  readonly outbox: Outbox;
  readonly collector: Collector;
  readonly key: DeviceKey;
  readonly now: () => Date;
  /** Makes the collector prove who it is, before anything is sent to it. Throws CollectorError where it cannot. */
  readonly prove: () => Promise<unknown>;
}

/** A collector that lost more than this has to be restored, not fed. */
const maxReplayed = 500;

/**
 * Sends what waits, oldest first, each report signed when its turn comes and kept until the collector has it on disk. Never
 * throws for what the network or the collector does; what could not be sent stays.
 */
export async function deliver(context: DeliveryContext): Promise<Delivery> {
  const { outbox } = context;
  let delivered = 0;
  let policy: Delivery['policy'];
  // Each of these answers is met once for a report; a collector that repeats itself is not argued with.
  const met = new Set<string>();
  const stranger = await unproven(context);
  if (stranger !== undefined) {
    if (stranger.problem === 'device-revoked') outbox.remember('revokedAt', context.now().toISOString());
    noteFailure(outbox, stranger, context.now());
    return { delivered, policy, problem: stranger };
  }
  for (;;) {
    const pending = outbox.head();
    if (pending === undefined) return { delivered, policy, problem: undefined };
    const signed = await signedHead(context, pending);
    try {
      const receipt = await post(context, signed.signed.sequence, signed.signed.jws);
      outbox.accepted(signed, context.now());
      delivered += 1;
      policy = receipt.policy;
      met.clear();
    } catch (error) {
      const problem = await unsettled(context, signed, error, met);
      if (problem === undefined) continue;
      noteFailure(outbox, problem, context.now());
      return { delivered, policy, problem };
    }
  }
}

/** Why the collector must not be sent what waits; undefined when it has proved who it is, or when nothing waits. */
async function unproven({ outbox, prove }: DeliveryContext): Promise<CollectorError | undefined> {
  if (outbox.head() === undefined) return undefined;
  try {
    await prove();
    return undefined;
  } catch (error) {
    if (error instanceof CollectorError) return error;
    throw error;
  }
}

/** Undefined when what the collector asked for was done and the queue can go on, else why it cannot. */
async function unsettled(
  context: DeliveryContext,
  pending: Signed,
  error: unknown,
  met: Set<string>,
): Promise<CollectorError | undefined> {
  if (!(error instanceof CollectorError)) throw error;
  if (error.problem === undefined || met.has(error.problem)) return error;
  met.add(error.problem);
  try {
    return (await settle(context, pending, error)) ? undefined : error;
  } catch (second) {
    if (second instanceof CollectorError) return second;
    throw second;
  }
}

type Signed = Pending & { readonly signed: NonNullable<Pending['signed']> };

async function signedHead(
  { directory, device, outbox, key }: DeliveryContext,
  pending: Pending,
): Promise<Signed> {
  if (pending.signed !== null) {
    // Signed by a process that may have died before the copy was made.
    await copyChain(directory, pending.signed.jws);
    return { ...pending, signed: pending.signed };
  }
  const position = outbox.chain();
  const jws = signReport(composeReport(pending, device, position), key);
  outbox.sign(pending.id, position.sequence, jws);
  await copyChain(directory, jws);
  return { ...pending, signed: { sequence: position.sequence, jws } };
}

async function post({ collector }: DeliveryContext, sequence: number, jws: string): Promise<ReportReceipt> {
  const { body } = await collector.request({
    method: 'POST',
    path: '/api/v1/reports',
    body: jws,
    contentType: reportMediaType,
  });
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not even JSON: the schema says so.
  }
  const receipt = ReportReceipt.safeParse(json);
  if (!receipt.success) {
    throw new CollectorError(
      'impostor',
      'the answer is no receipt; a proxy or a sign-in page of this network?',
    );
  }
  if (receipt.data.sequence !== sequence || receipt.data.digest !== sha256(jws)) {
    throw new CollectorError('impostor', 'the receipt is for another report');
  }
  return receipt.data;
}

/** Does what the collector's refusal asks for. True = go on with the queue, false = the report has to wait. */
async function settle(context: DeliveryContext, pending: Signed, error: CollectorError): Promise<boolean> {
  const { outbox, now } = context;
  switch (error.problem) {
    case 'digest-unknown':
      if (pending.body === null) return false;
      outbox.unsign(pending.id, { forgetAccepted: true });
      return true;
    case 'clock-skew':
      outbox.unsign(pending.id, { takenAt: believable(pending.takenAt, now(), error.clockOffsetMs ?? 0) });
      return true;
    case 'sequence-gap':
      return sendAgain(context, error.expectedSequence, pending.signed.sequence - 1);
    case 'bad-report':
    case 'too-large':
      outbox.refused(pending, error.problem, now());
      return true;
    case 'device-revoked':
      outbox.remember('revokedAt', now().toISOString());
      return false;
    default:
      return false;
  }
}

/**
 * When it was, by the collector's clock: our clock is ahead, or it was when the facts were read and has been set since; then
 * nobody knows better than "by now".
 */
function believable(takenAt: string, now: Date, clockOffsetMs: number): Date {
  return new Date(Math.min(Date.parse(takenAt), now.getTime()) + clockOffsetMs - 1_000);
}

/** The collector lost what it had acknowledged (a restored backup): what it misses is sent again, as it was. */
async function sendAgain(context: DeliveryContext, from: number | undefined, last: number): Promise<boolean> {
  if (from === undefined || from > last || last - from > maxReplayed) return false;
  for (let sequence = from; sequence <= last; sequence += 1) {
    const report = context.outbox.sentReport(sequence);
    if (report === undefined) return false;
    await post(context, sequence, report.jws);
  }
  return true;
}

function noteFailure(outbox: Outbox, error: CollectorError, now: Date): void {
  const failures = Number(outbox.recall('failures') ?? 0) + 1;
  outbox.remember('failures', String(failures));
  outbox.remember('lastFailure', `${now.toISOString()} ${error.message}`);
}
