import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readRelease } from '../../readings/win32/machine.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { settled } from '../../readings/win32/settled.ts';

const versions = [
  { version: 'tls-1.0', key: 'TLS 1.0' },
  { version: 'tls-1.1', key: 'TLS 1.1' },
] as const;

/** Windows 11 24H2. Microsoft announced other defaults for releases after 23H2, and did not say for which. */
const defaultUnclearFrom = 26_100;

/**
 * Only Enabled = 0 shuts it out; DisabledByDefault leaves it to programs that ask for it. Where nothing is set the system's
 * default holds: on up to Windows 11 23H2, not told for later ones.
 */
async function readClient(sources: Sources, key: string): Promise<'on' | 'off'> {
  const client = await readSettings(
    sources,
    `HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\${key}\\Client`,
  );
  const enabled = client.dword('Enabled');
  if (enabled !== undefined) return enabled === 0 ? 'off' : 'on';
  if (client.dword('DisabledByDefault') !== undefined) return 'on';
  if (Number((await readRelease(sources)).build) >= defaultUnclearFrom) {
    throw new SourceError('missing', `${key}: not set, and the default is not documented`);
  }
  return 'on';
}

/** Schannel, the system's own TLS. Windows 10 and 11. */
export const win32: PointProbes<'legacy-tls'> = {
  async off(sources) {
    const states = await Promise.all(versions.map(({ key }) => settled(readClient(sources, key))));
    if (!states.includes('on')) for (const state of states) if (state instanceof SourceError) throw state;
    return known({
      versions: versions.map(({ version }, index) => {
        const state = states[index];
        return { version, state: state === 'on' || state === 'off' ? state : 'unknown' };
      }),
    });
  },
};
