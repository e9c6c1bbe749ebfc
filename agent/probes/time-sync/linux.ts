import { known } from '../../../shared/answer.ts';
import { type PointProbes, unparseable } from '../../probe.ts';
import { answered } from '../../readings/linux/answered.ts';
import { parseAssignments } from '../../readings/linux/configuration.ts';

const words = new Set(['yes', 'no']);

/** `timedatectl show -p NTPSynchronized -p NTP`: `NTP=yes`, `NTPSynchronized=yes` (systemd 252 to 257). */
export const linux: PointProbes<'time-sync'> = {
  async synchronized(sources) {
    const { stdout } = await answered(sources, ['timedatectl', 'show', '-p', 'NTPSynchronized', '-p', 'NTP']);
    const values = parseAssignments(stdout);
    const service = values.get('NTP') ?? '';
    const synchronized = values.get('NTPSynchronized') ?? '';
    if (!words.has(service) || !words.has(synchronized)) throw unparseable('timedatectl');
    return known({
      service: service === 'yes' ? 'on' : 'off',
      synchronized: synchronized === 'yes' ? 'yes' : 'no',
    });
  },
};
