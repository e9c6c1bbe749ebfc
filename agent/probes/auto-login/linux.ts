import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { attempt, firstReason, said } from '../../readings/linux/attempt.ts';
import { readConsoleAutologin, readUnasked } from '../../readings/linux/display-managers.ts';
import { readNamedDisplayManager } from '../../readings/linux/sessions.ts';

/** The display manager in use, and the text console beside it. A display manager nobody taught us is unknown. */
export const linux: PointProbes<'auto-login'> = {
  async off(sources) {
    const [screen, text] = await Promise.all([
      attempt(
        readNamedDisplayManager(sources).then(async (name) => {
          if (name === undefined) return false;
          const unasked = await readUnasked(sources, name);
          if (unasked === undefined) throw new SourceError('unsupported', 'this display manager is not read');
          return unasked.person;
        }),
      ),
      attempt(readConsoleAutologin(sources)),
    ]);
    if (said(screen, true) || said(text, true)) return known({ state: 'on' });
    const reason = firstReason(screen, text);
    if (reason !== undefined) throw new SourceError(reason, 'automatic login could not be read');
    return known({ state: 'off' });
  },
};
