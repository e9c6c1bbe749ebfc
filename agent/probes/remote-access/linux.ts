import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { orUndefined } from '../../readings/linux/answered.ts';
import { type Reach, reachOf, readListeners } from '../../readings/linux/listeners.ts';
import { readServices, type Services } from '../../readings/linux/services.ts';

const ssh = ['ssh.service', 'sshd.service', 'ssh.socket', 'sshd.socket'];
const desktops = [
  { service: 'rdp', units: ['xrdp.service', 'gnome-remote-desktop.service'], ports: [3389] },
  {
    service: 'vnc',
    units: ['vncserver-x11-serviced.service', 'x11vnc.service'],
    ports: [5900, 5901, 5902, 5903],
  },
] as const;

/** Ports of services that are not SSH. */
const otherServices = new Set([21, 139, 445, 631, 2049, 3389, 5900, 5901, 5902, 5903, 8200]);

/** `sshd -T` needs root and host keys: `port 22`, one line a port. */
async function sshPorts(sources: Sources): Promise<number[]> {
  const { stdout, exitCode } = await sources.command(['sshd', '-T']);
  if (exitCode !== 0) throw new SourceError('failed', 'sshd -T');
  return [...stdout.matchAll(/^port (\d{1,5})$/gim)].map((match) => Number(match[1]));
}

const isRunning = (services: Services | undefined, units: readonly string[]): boolean | undefined =>
  services && units.some((unit) => services.unit(unit).active);

/** What runs by systemd and what listens by ss. A socket listens as well as its service. */
export const linux: PointProbes<'remote-access'> = {
  async off(sources) {
    const [services, listeners] = await Promise.all([
      orUndefined(readServices(sources)),
      orUndefined(readListeners(sources)),
    ]);
    if (services === undefined && listeners === undefined) await readServices(sources);
    const sshRuns = isRunning(services, ssh);
    const ports = sshRuns === false ? [] : await orUndefined(sshPorts(sources));
    const ssh22 = reachOf(sshRuns, listeners, [22, ...(ports ?? [])]);
    // It may listen on a second port that only root is told of.
    const elsewhere = listeners?.some(({ port, loopback }) => !loopback && !otherServices.has(port));
    const hidden = ports === undefined && ssh22 === 'local-only' && elsewhere === true;
    const states: { service: 'ssh' | 'rdp' | 'vnc'; state: Reach }[] = [
      { service: 'ssh', state: hidden ? 'unknown' : ssh22 },
      ...desktops.map(({ service, units, ports: own }) => ({
        service,
        state: reachOf(isRunning(services, units), listeners, own),
      })),
    ];
    return known({ services: states });
  },
};
