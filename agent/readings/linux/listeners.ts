import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';

/** A TCP port something waits on. */
export interface Listener {
  readonly port: number;
  /** Reachable from this machine alone: `127.x`, `[::1]`. */
  readonly loopback: boolean;
}

/** `ss -H -ltn` (iproute2): `LISTEN 0 4096 127.0.0.1:631 0.0.0.0:*`; empty = nothing listens. Throws SourceError. */
export async function readListeners(sources: Sources): Promise<readonly Listener[]> {
  const { stdout, stderr } = await answered(sources, ['ss', '-H', '-ltn']);
  // Without a netlink socket ss has nothing to list, and ends well all the same.
  if (stdout.trim() === '' && stderr.trim() !== '') throw new SourceError('failed', 'ss could not look');
  return parseListeners(stdout);
}

/** See `readListeners`. The local address may carry an interface (`127.0.0.53%lo:53`). Throws SourceError. */
export function parseListeners(stdout: string): Listener[] {
  return stdout.split('\n').flatMap((line): Listener[] => {
    if (line.trim() === '') return [];
    const [state, , , local = ''] = line.trim().split(/\s+/);
    const [, address = '', port] = /^(.+):(\d{1,5})$/.exec(local) ?? [];
    if (state !== 'LISTEN' || port === undefined) throw unparseable('ss');
    const host = address.replace(/%[^\]]*/, '').replace(/^\[|\]$/g, '');
    return [{ port: Number(port), loopback: /^(?:127\.|::1$|::ffff:127\.)/.test(host) }];
  });
}

export type Reach = 'off' | 'local-only' | 'on' | 'unknown';

/**
 * How far a service can be reached. A listener that others can reach is enough for `on`; that nothing can needs both the units
 * and the listeners to have answered. `running` is undefined where systemd did not tell, `listeners` where ss did not.
 */
export function reachOf(
  running: boolean | undefined,
  listeners: readonly Listener[] | undefined,
  ports: readonly number[],
): Reach {
  const here = listeners?.filter(({ port }) => ports.includes(port));
  if (here?.some(({ loopback }) => !loopback)) return 'on';
  if (here === undefined || running === undefined) return 'unknown';
  if (here.length > 0) return 'local-only';
  return running ? 'on' : 'off';
}
