import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readServices } from '../../readings/win32/services.ts';
import { settled } from '../../readings/win32/settled.ts';

/** The Windows time service: runs, and has somebody to ask. Windows 10 and 11. */
export const win32: PointProbes<'time-sync'> = {
  async synchronized(sources) {
    const services = await settled(readServices(sources));
    const type = await settled(
      readSettings(sources, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters').then(
        (settings) => settings.string('Type')?.toLowerCase(),
      ),
    );
    const stopped = !(services instanceof SourceError) && !services.isRunning('W32Time');
    if (stopped || type === 'nosync') return known({ service: 'off' });
    if (services instanceof SourceError) throw services;
    if (type instanceof SourceError) throw type;
    if (type !== 'ntp' && type !== 'nt5ds' && type !== 'allsync') {
      throw new SourceError(type === undefined ? 'missing' : 'unparseable', 'W32Time: no known type');
    }
    return known({ service: 'on' });
  },
};
