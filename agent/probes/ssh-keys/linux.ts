import { known, unknown } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes } from '../../probe.ts';

/** `/home/user/.ssh`: an entry a private key, which says only whether a passphrase protects it. No folder = no keys. */
export const linux: PointProbes<'ssh-keys'> = {
  async protected(sources) {
    if (sources.user === null) return unknown('no-session');
    const entries = (await absentAsUndefined(sources.directory('/home/user/.ssh'))) ?? [];
    const counted = (kind: string) => entries.filter((entry) => entry === kind).length;
    const [safe, plain] = [counted('key-protected'), counted('key-plain')];
    return known({ protected: safe, plain, unknown: entries.length - safe - plain });
  },
};
