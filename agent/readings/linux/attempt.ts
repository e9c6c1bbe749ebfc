import type { Reason } from '../../../shared/answer.ts';
import { SourceError } from '../../probe.ts';

/** A reading that answered, or why it did not: for points where one answer decides although another is missing. */
export type Attempt<T> = { readonly value: T } | { readonly reason: Reason };

/** Makes the reading; a SourceError becomes its reason, anything else is a fault of ours and is thrown on. */
export async function attempt<T>(reading: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof SourceError) return { reason: error.reason };
    throw error;
  }
}

/** True only when the reading answered, and with this value. */
export function said<T>(answer: Attempt<T>, value: T): boolean {
  return 'value' in answer && answer.value === value;
}

/** Why the first of these readings that failed did so; undefined when all of them answered. */
export function firstReason(...answers: readonly Attempt<unknown>[]): Reason | undefined {
  for (const answer of answers) if ('reason' in answer) return answer.reason;
  return undefined;
}
