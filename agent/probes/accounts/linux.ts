import { known, unknown } from '../../../shared/answer.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { attempt } from '../../readings/linux/attempt.ts';
import { readUnasked } from '../../readings/linux/display-managers.ts';
import { readOsRelease } from '../../readings/linux/os-release.ts';
import { readAccounts, readShadow } from '../../readings/linux/people.ts';
import { readLoginSessions, readNamedDisplayManager, signedIn } from '../../readings/linux/sessions.ts';
import { isSharedName } from '../../readings/shared-names.ts';

export const linux: PointProbes<'accounts'> = {
  /** An empty password field is a finding only where somebody could sign in with it. */
  async 'password-required'(sources) {
    const [accounts, shadow] = await Promise.all([readAccounts(sources), readShadow(sources)]);
    const passwords = new Map(shadow.map(({ name, password }) => [name, password]));
    // People of a directory are listed without a line in /etc/shadow: their passwords are kept elsewhere.
    const people = accounts.filter(
      ({ interactive, name, passwordless }) => interactive && (passwordless || passwords.has(name)),
    );
    if (people.length === 0) return unknown('missing');
    const blank = people.filter(({ name, passwordless }) => passwordless || passwords.get(name) === 'none');
    return known(blank.length === 0 ? { blank: 'none' } : { blank: 'present', accounts: blank.length });
  },

  /** Only LightDM has a guest: off unless it is switched on, but for Ubuntu before 16.10. */
  async guest(sources) {
    const displayManager = await readNamedDisplayManager(sources);
    if (displayManager !== 'lightdm') return known({ enabled: false });
    const unasked = await readUnasked(sources, displayManager);
    return known({ enabled: unasked?.guest ?? (await isGuestOnByDefault(sources)) });
  },

  /**
   * Accounts a person can sign in with; root counts only with a password of its own. Without root there is only a list that may be
   * too long, which is enough where even that is short enough.
   */
  async unexpected(sources, { max }) {
    const accounts = (await readAccounts(sources)).filter(({ interactive }) => interactive);
    const shadow = await attempt(readShadow(sources));
    if ('reason' in shadow) {
      return accounts.length <= max ? known({ accounts: accounts.length }) : unknown(shadow.reason);
    }
    const passwords = new Map(shadow.value.map(({ name, password }) => [name, password]));
    // People of a directory are listed without a line in /etc/shadow, and are no local accounts.
    const enabled = accounts.filter(
      ({ name, shadowed }) => (passwords.has(name) || !shadowed) && passwords.get(name) !== 'locked',
    );
    return known({ accounts: enabled.length });
  },

  async 'shared-name'(sources) {
    const { user } = sources;
    if (user === null) return unknown('no-session');
    const people = signedIn(await readLoginSessions(sources));
    const own = people.some(({ uid, name }) =>
      user.uid === undefined ? name === user.name : uid === user.uid,
    );
    if (!own) return unknown('missing');
    return known({ generic: [user.name, ...people.map(({ name }) => name)].some(isGeneric) });
  },
};

/** Recordings say `user`, `user2`, ... for people; live, the name is the real one. */
const isGeneric = (name: string): boolean =>
  name === 'generic' || (!/^user\d*$/.test(name) && isSharedName(name));

/** Ubuntu let guests in until 16.04. Throws SourceError. */
async function isGuestOnByDefault(sources: Sources): Promise<boolean> {
  const { id, versionId } = await readOsRelease(sources);
  return id === 'ubuntu' && Number.parseFloat(versionId ?? '') < 16.1;
}
