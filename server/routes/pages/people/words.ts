import type { PersonView } from '../../../pages/people/people.tsx';
import type { Member } from '../../../storage/members.ts';

/** What was just done, by the word the address carries. */
export const doneWords: Readonly<Record<string, string>> = {
  setting: 'The setting is saved.',
  role: 'The role is given.',
  taken: 'The role is taken away.',
  disabled: 'The account is disabled, and every session is ended.',
  enabled: 'The account is enabled again.',
  revoked: 'The token is revoked: it is refused from now on.',
};

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
