import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readServices } from '../../readings/win32/services.ts';
import { settled } from '../../readings/win32/settled.ts';
import { flag, integer, object } from '../../readings/win32/values.ts';

type State = 'off' | 'local-only' | 'on' | 'unknown';

/** Ways in that are a service, and the ports they listen on. */
const doors = [
  { service: 'ssh', names: ['sshd'], ports: [22] },
  { service: 'vnc', names: ['tvnserver', 'uvnc_service', 'winvnc4', 'vncserver'], ports: [5900] },
  { service: 'winrm', names: ['WinRM'], ports: [5985, 5986] },
] as const;
const remoteDesktopPort = 3389;

interface Listener {
  readonly port: number;
  readonly loopback: boolean;
}

async function readListeners(sources: Sources): Promise<Listener[]> {
  const what = 'GetExtendedTcpTable';
  const { listeners } = object(await sources.win32(what, []), what);
  if (!Array.isArray(listeners)) throw unparseable(what);
  return listeners.map((item) => {
    const listener = object(item, what);
    return { port: integer(listener['port'], what, 0, 65_535), loopback: flag(listener['loopback'], what) };
  });
}

/**
 * A door is open when something listens for the network, or when its service runs and nothing shows that it listens to
 * this machine alone. It is shut when neither is so.
 */
function stateOf(running: boolean | SourceError, listening: readonly Listener[] | SourceError): State {
  // A service that runs may listen to this machine alone; one that is stopped may have a stand-in.
  if (listening instanceof SourceError) return 'unknown';
  if (listening.some(({ loopback }) => !loopback)) return 'on';
  if (listening.length > 0) return 'local-only';
  if (running instanceof SourceError) return 'unknown';
  return running ? 'on' : 'off';
}

/** true = connections are refused; undefined = set nowhere. Policy over the machine's own setting. */
async function deniesRemoteDesktop(sources: Sources): Promise<boolean | undefined> {
  const name = 'fDenyTSConnections';
  const policy = await readSettings(
    sources,
    'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services',
  );
  const own = await readSettings(sources, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server');
  const value = policy.dword(name, 1) ?? own.dword(name, 1);
  return value === undefined ? undefined : value === 1;
}

/** Switched on counts as on, with or without network level authentication, and before anything listens. */
function remoteDesktopState(
  denies: boolean | undefined | SourceError,
  listening: readonly Listener[] | SourceError,
): State {
  if (denies === false) return 'on';
  if (listening instanceof SourceError) return 'unknown';
  if (listening.some(({ loopback }) => !loopback)) return 'on';
  if (denies instanceof SourceError) return 'unknown';
  return listening.length > 0 ? 'local-only' : 'off';
}

/** Remote Desktop, OpenSSH, VNC servers and WinRM. Remote Assistance does not count. Windows 10 and 11. */
export const win32: PointProbes<'remote-access'> = {
  async off(sources) {
    const table = await settled(readListeners(sources));
    const services = await settled(readServices(sources));
    const on = (ports: readonly number[]) =>
      table instanceof SourceError ? table : table.filter(({ port }) => ports.includes(port));
    const states = [
      {
        service: 'rdp' as const,
        state: remoteDesktopState(await settled(deniesRemoteDesktop(sources)), on([remoteDesktopPort])),
      },
      ...doors.map(({ service, names, ports }) => ({
        service,
        state: stateOf(
          services instanceof SourceError ? services : names.some((name) => services.isRunning(name)),
          on(ports),
        ),
      })),
    ];
    return known({ services: states });
  },
};
