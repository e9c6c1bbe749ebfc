import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, type Sources } from '../../probe.ts';
import { orUndefined } from '../../readings/linux/answered.ts';
import { type Listener, reachOf, readListeners } from '../../readings/linux/listeners.ts';
import { readServices, type Services } from '../../readings/linux/services.ts';

type State = 'off' | 'on' | 'unknown';

/** What only this machine can reach is shared with nobody. */
function sharing(
  running: boolean | undefined,
  listeners: readonly Listener[] | undefined,
  ports: readonly number[],
): State {
  const reach = reachOf(running, listeners, ports);
  return reach === 'local-only' ? 'off' : reach;
}

function worst(states: readonly State[]): State {
  return states.includes('on') ? 'on' : states.includes('unknown') ? 'unknown' : 'off';
}

const runs = (services: Services | undefined, units: readonly string[]): boolean | undefined =>
  services && units.some((unit) => services.unit(unit).active);

/** A running NFS server shares what /etc/exports lists, which may be nothing. */
async function nfs(
  sources: Sources,
  services: Services | undefined,
  listeners: readonly Listener[] | undefined,
): Promise<State> {
  const running = runs(services, ['nfs-server.service']);
  const open = listeners?.some(({ port, loopback }) => port === 2049 && !loopback) === true;
  if (running === false || (running === undefined && !open)) return sharing(running, listeners, [2049]);
  const exports = await orUndefined(
    absentAsUndefined(sources.file('/etc/exports')).then((text) => ({ text: text ?? '' })),
  );
  if (exports === undefined) return 'unknown';
  return hasExports(exports.text) ? 'on' : 'off';
}

/** Whether /etc/exports lists anything. A recording keeps only how many lines it has: `# 2 lines`. */
export function hasExports(text: string): boolean {
  const [, counted] = /^\s*(?:#\s*)?(\d+)(?:\s+(?:lines?|entry|entries|exports?))?\s*$/.exec(text) ?? [];
  if (counted !== undefined) return Number(counted) > 0;
  return text.split('\n').some((line) => line.replace(/#.*$/, '').trim() !== '');
}

/** CUPS runs on most desktops for their own printers; it shares once it listens beyond the machine, or cups-browsed announces it. */
async function printers(
  sources: Sources,
  services: Services | undefined,
  listeners: readonly Listener[] | undefined,
): Promise<State> {
  if (listeners !== undefined) {
    return listeners.some(({ port, loopback }) => port === 631 && !loopback) ? 'on' : 'off';
  }
  if (runs(services, ['cups.service']) === false) return 'off';
  const text = await orUndefined(sources.file('/etc/cups/cupsd.conf'));
  return text === undefined ? 'unknown' : listensBeyond(text) ? 'on' : 'off';
}

/** `Port 631` and `Listen *:631` wait for everybody; `Listen localhost:631` and a socket path do not. */
export function listensBeyond(text: string): boolean {
  return text.split('\n').some((line) => {
    const [directive = '', value = ''] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (/^port$/i.test(directive)) return true;
    return /^(?:ssl)?listen$/i.test(directive) && !/^(?:\/|localhost(?::|$)|127\.|\[::1\])/.test(value);
  });
}

/** What runs by systemd and what listens by ss. */
export const linux: PointProbes<'file-sharing'> = {
  async off(sources) {
    const [services, listeners] = await Promise.all([
      orUndefined(readServices(sources)),
      orUndefined(readListeners(sources)),
    ]);
    if (services === undefined && listeners === undefined) await readServices(sources);
    const files = worst([
      sharing(runs(services, ['smbd.service', 'smb.service']), listeners, [139, 445]),
      sharing(runs(services, ['vsftpd.service']), listeners, [21]),
      await nfs(sources, services, listeners),
    ]);
    return known({
      kinds: [
        { kind: 'files', state: files },
        { kind: 'printers', state: await printers(sources, services, listeners) },
        { kind: 'media', state: sharing(runs(services, ['minidlna.service']), listeners, [8200]) },
      ],
    });
  },
};
