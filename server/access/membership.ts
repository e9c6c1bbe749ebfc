import type { Role } from '../permissions.ts';

const day = 86_400_000;

/** How long an auditor's look may last. */
const maxAuditorDays = 366;

/** The end of a last day (UTC), or null where none was chosen. */
export const endOf = (until: string): Date | null =>
  until === '' ? null : new Date(Date.parse(`${until}T00:00:00Z`) + day);

/** Why a role cannot have this last day, in words; undefined when it can. */
export function endProblem(role: Role, until: string, at: Date): string | undefined {
  const end = endOf(until);
  if (end !== null && end <= at) return 'The last day has passed already.';
  if (role !== 'auditor') return undefined;
  if (end === null) return 'An auditor looks for a limited time: choose the last day.';
  if (end.getTime() > at.getTime() + maxAuditorDays * day) {
    return 'An auditor looks for at most a year: choose an earlier last day.';
  }
  return undefined;
}
