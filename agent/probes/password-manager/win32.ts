import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { Probe } from '../../probe.ts';
import { identify, isInstalled, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';

const products = {
  '1password': /^1Password\b/i,
  bitwarden: /^Bitwarden\b/i,
  dashlane: /^Dashlane\b/i,
  enpass: /^Enpass\b/i,
  keepass: /^KeePass(?:XC)?\b/i,
  keeper: /^Keeper\b/i,
  lastpass: /^LastPass\b/i,
  nordpass: /^NordPass\b/i,
  passbolt: /^Passbolt\b/i,
  'proton-pass': /^Proton Pass\b/i,
  psono: /^Psono\b/i,
  roboform: /^(?:AI )?RoboForm\b/i,
  'sticky-password': /^Sticky Password\b/i,
  'password-depot': /^Password Depot\b/i,
  'password-safe': /^Password Safe\b/i,
} as const;

/** Programs installed for everyone on the machine. Windows 10 and 11. */
export const win32: NonNullable<Probe<'password-manager'>['win32']> = {
  async present(sources, { also }) {
    const programs = await readInstalledPrograms(sources);
    const asked = fingerprint(also);
    if (identify(programs, products).length > 0) return known({ found: 'catalogue', asked });
    return known({ found: also.some((name) => isInstalled(programs, name)) ? 'named' : 'none', asked });
  },
};
