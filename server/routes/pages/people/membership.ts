import type { PersonView } from '../../../pages/people/people.tsx';
import type { Role } from '../../../permissions.ts';
import type { Member } from '../../../storage/members.ts';

const day = 86_400_000;

/** How long an auditor's look may last. */
const maxAuditorDays = 366;

/** What was just done, by the word the address carries. */
export const doneWords: Readonly<Record<string, string>> = {
  setting: 'The setting is saved.',
  role: 'The role is given.',
  taken: 'The role is taken away.',
  disabled: 'The account is disabled, and every session is ended.',
  enabled: 'The account is enabled again.',
  revoked: 'The token is revoked: it is refused from now on.',
};

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

/** A member as the pages show one. */
export function personOf(member: Member, at: Date): PersonView {
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    disabled: member.disabled,
    secondFactor: member.secondFactor,
    invited: !member.hasSignIn,
    signedInAt: member.signedInAt?.toISOString() ?? null,
    roles: member.roles.map(({ role, expiresAt }) => ({
      role,
      until: expiresAt === null ? null : new Date(expiresAt.getTime() - 1).toISOString().slice(0, 10),
      ended: expiresAt !== null && expiresAt <= at,
    })),
  };
}
