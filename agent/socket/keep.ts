import type { Answer } from '../../shared/answer.ts';
import type { CheckId } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';
import type { Sources } from '../probe.ts';
import { writeAnswers } from '../state/answers.ts';
import { isPrivileged } from './client.ts';

/**
 * Keeps what a run of the service found for the points ordinary users cannot read, and nothing else, for them to ask about. A full
 * disk leaves the answers of the run before.
 */
export async function keepAnswers(
  directory: string,
  facts: Facts,
  { platform, now }: Pick<Sources, 'platform' | 'now'>,
): Promise<void> {
  const kept: Record<string, Record<string, Answer<unknown>>> = {};
  for (const [check, answers] of Object.entries(facts) as [CheckId, Record<string, Answer<unknown>>][]) {
    const points = Object.entries(answers).filter(
      ([point, answer]) => !('unknown' in answer) && isPrivileged(check, point, platform),
    );
    if (points.length > 0) kept[check] = Object.fromEntries(points);
  }
  try {
    await writeAnswers(directory, { takenAt: now.toISOString(), checks: kept });
  } catch {
    // The report is kept already; this is a courtesy.
  }
}
