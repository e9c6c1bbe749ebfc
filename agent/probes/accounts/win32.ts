import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { type LocalAccount, readLocalAccounts, rid } from '../../readings/win32/accounts.ts';
import { ofAnybody, readTerminalSessions } from '../../readings/win32/sessions.ts';

const isEnabled = ({ enabled }: LocalAccount) => enabled;

/** Local accounts, told by the last part of their SIDs. Windows 10 and 11. */
export const win32: PointProbes<'accounts'> = {
  /** The flag says that a password may be blank, not that it is. A Microsoft account always has one. */
  async 'password-required'(sources) {
    const affected = (await readLocalAccounts(sources)).filter(
      (account) => isEnabled(account) && account.blankPasswordAllowed && !account.microsoftAccount,
    );
    return known({
      blank: affected.length > 0 ? 'allowed' : 'none',
      ...(affected.length > 0 && { accounts: affected.length }),
    });
  },
  async guest(sources) {
    const accounts = await readLocalAccounts(sources);
    return known({ enabled: accounts.some((account) => account.rid === rid.guest && account.enabled) });
  },
  async unexpected(sources) {
    return known({ accounts: (await readLocalAccounts(sources)).filter(isEnabled).length });
  },
  async 'shared-name'(sources) {
    const sessions = await readTerminalSessions(sources);
    if (sessions.length === 0) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
    return known({ generic: ofAnybody(sessions.map(({ genericName }) => genericName)) });
  },
};
