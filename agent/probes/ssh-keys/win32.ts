import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes } from '../../probe.ts';
import { readSessions } from '../../readings/win32/sessions.ts';

/**
 * The `.ssh` folder of everyone signed in. The source looks at the files on the spot and lists what kind each private key is
 * of, never a name; an entry of any other kind is a key nobody could look at. Windows 10 and 11.
 */
export const win32: PointProbes<'ssh-keys'> = {
  async protected(sources) {
    const folders = await Promise.all(
      (await readSessions(sources)).map(({ sid }) =>
        absentAsUndefined(sources.directory(`%PROFILE:${sid}%\\.ssh`)),
      ),
    );
    const entries = folders.flatMap((folder) => folder ?? []);
    const count = (kind: string) => entries.filter((entry) => entry === kind).length;
    const counts = { protected: count('key-protected'), plain: count('key-plain') };
    return known({ ...counts, unknown: entries.length - counts.protected - counts.plain });
  },
};
