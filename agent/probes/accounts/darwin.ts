import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { accountPolicies, minimumLength } from '../../readings/darwin/account-policies.ts';
import { accounts } from '../../readings/darwin/accounts.ts';
import { guestEnabled } from '../../readings/darwin/login-window.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { consoleUser, requireSession } from '../../readings/darwin/person.ts';
import { switchIn } from '../../readings/darwin/property-list.ts';
import { isSharedName } from '../../readings/shared-names.ts';

const mcx = 'com.apple.MCX';

/** Recordings say `user` and `user2` for people of their own and `generic` for a shared name; live, the name is the real one. */
function isGeneric(name: string, known: string | undefined): boolean {
  if (name === 'generic' || known === 'generic') return true;
  return !/^user\d*$/.test(name) && isSharedName(name);
}

export const darwin: PointProbes<'accounts'> = {
  /** No password is tried and no hash read: a rule of one character or more forbids blank ones from then on. */
  async 'password-required'(sources) {
    const { characters } = minimumLength(await accountPolicies(sources));
    return known({ blank: characters >= 1 ? 'rule-forbids' : 'allowed' });
  },
  async guest(sources) {
    const disabled = await managedValue(sources, mcx, 'DisableGuestAccount', switchIn);
    const enabled = await managedValue(sources, mcx, 'EnableGuestAccount', switchIn);
    if (disabled !== enabled && (disabled || enabled)) return known({ enabled: enabled === true }, 'policy');
    return known({ enabled: await guestEnabled(sources) }, 'user');
  },
  async unexpected(sources) {
    return known({ accounts: (await accounts(sources)).length });
  },
  async 'shared-name'(sources) {
    requireSession(sources);
    const person = await consoleUser(sources);
    if (person === null) throw new SourceError('no-session', 'nobody is at the screen', 'no-session');
    return known({ generic: isGeneric(person.name, sources.user?.name) });
  },
};
