import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes } from '../../probe.ts';
import { requireSession } from '../../readings/darwin/person.ts';

export const darwin: PointProbes<'ssh-keys'> = {
  /**
   * The source lists no names: one entry for each private key, saying whether it has a passphrase. An entry of any other kind is
   * a key nobody could look at.
   */
  async protected(sources) {
    requireSession(sources);
    const keys = (await absentAsUndefined(sources.directory('/Users/user/.ssh'))) ?? [];
    const count = (kind: string) => keys.filter((entry) => entry === kind).length;
    const counts = { protected: count('key-protected'), plain: count('key-plain') };
    return known({ ...counts, unknown: keys.length - counts.protected - counts.plain });
  },
};
