import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readServices } from '../../readings/win32/services.ts';
import { settled } from '../../readings/win32/settled.ts';
import { integer, object } from '../../readings/win32/values.ts';

/** How many folders and printers are shared. What Windows shares for its own use (C$, ADMIN$) is not counted. */
async function readShares(sources: Sources): Promise<{ disk: number; printer: number }> {
  const what = 'NetShareEnum';
  const shares = object(await sources.win32(what, [1]), what);
  return { disk: integer(shares['disk'], what), printer: integer(shares['printer'], what) };
}

/** The server of the first SMB protocol; not set = off (Windows 10 1709 and later). */
async function readOldServer(sources: Sources): Promise<boolean> {
  const server = await readSettings(
    sources,
    'HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters',
  );
  return server.dword('SMB1', 1) === 1;
}

const state = (on: boolean | SourceError) => (on instanceof SourceError ? 'unknown' : on ? 'on' : 'off');

/** Shares, media sharing, mobile hotspot. Windows 10 and 11. */
export const win32: PointProbes<'file-sharing'> = {
  async off(sources) {
    const shares = await settled(readShares(sources));
    const services = await settled(readServices(sources));
    const running = (name: string) => (services instanceof SourceError ? services : services.isRunning(name));
    return known({
      kinds: [
        { kind: 'files', state: state(shares instanceof SourceError ? shares : shares.disk > 0) },
        { kind: 'printers', state: state(shares instanceof SourceError ? shares : shares.printer > 0) },
        { kind: 'media', state: state(running('WMPNetworkSvc')) },
        { kind: 'internet', state: state(running('icssvc')) },
        { kind: 'smb1', state: state(await settled(readOldServer(sources))) },
      ],
    });
  },
};
