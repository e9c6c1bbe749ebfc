import { known } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { soleMatch } from '../../readings/darwin/lines.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { switchIn } from '../../readings/darwin/property-list.ts';

/** `systemsetup -getusingnetworktime`: `Network Time: On`. It refuses others than root with exit code 0. macOS 12 to 27. */
export function parseNetworkTime(stdout: string): boolean {
  return soleMatch(stdout, /^Network Time: (On|Off)$/, 'systemsetup')[1] === 'On';
}

export const darwin: PointProbes<'time-sync'> = {
  /** That timed runs proves nothing: it does on every Mac. The skew itself is measured by the collector. */
  async synchronized(sources) {
    if (await managedValue(sources, 'com.apple.timed', 'TMAutomaticTimeOnlyEnabled', switchIn))
      return known({ service: 'on' }, 'policy');
    const { stdout } = await sources.command(['/usr/sbin/systemsetup', '-getusingnetworktime']);
    return known({ service: parseNetworkTime(stdout) ? 'on' : 'off' }, 'user');
  },
};
