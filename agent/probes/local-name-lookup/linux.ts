import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, unparseable } from '../../probe.ts';

/** `Global: yes` or `Link 2 (eth0): resolve`; no link name is kept. */
const line = /^(?:Global|Link \d+ \([^()]+\)): (yes|no|resolve)$/;

/** `resolvectl llmnr`: globally, then for each link. It asks and answers where both say so; "resolve" asks without answering. */
export const linux: PointProbes<'local-name-lookup'> = {
  async llmnr(sources) {
    const { stdout, exitCode } = await sources.command(['resolvectl', 'llmnr']);
    if (exitCode !== 0) throw new SourceError('failed', 'resolvectl: the resolver does not answer');
    const [global, ...links] = stdout
      .trim()
      .split('\n')
      .map((text) => line.exec(text.trim())?.[1]);
    if (global === undefined || links.includes(undefined)) throw unparseable('resolvectl');
    // A link cannot do what is off for all; without a link nobody is asked yet, but would be on the next one.
    return known({ on: global !== 'no' && (links.length === 0 || links.some((link) => link !== 'no')) });
  },
};
