import type { Sources } from '../probe.ts';
import { isLoopback } from './loopback.ts';
import { proxyFor } from './proxy.ts';

/** The way to the collector. */
export interface FoundProxy {
  /** Undefined = a direct connection. */
  readonly proxy: URL | undefined;
  /** Who says so, for a person; undefined where nobody says anything. */
  readonly from: string | undefined;
  /** The system has a script or a search choose its proxy, which nobody runs here. */
  readonly automatic: boolean;
}

const direct: FoundProxy = { proxy: undefined, from: undefined, automatic: false };

/**
 * The proxy for a target: what the environment says, else what the system says. A proxy of the system is looked up for each
 * connection, because a laptop changes networks. Never throws.
 */
export async function findProxy(
  target: URL,
  env: Readonly<Record<string, string | undefined>>,
  open: () => Promise<Sources> = async () => (await import('../sources/live.ts')).liveSources(),
): Promise<FoundProxy> {
  if (isLoopback(target.hostname)) return direct;
  const said = ['https_proxy', 'all_proxy'].some((name) => env[name] || env[name.toUpperCase()]);
  if (said) return { proxy: proxyFor(target, env), from: 'the environment', automatic: false };
  try {
    const { readSystemProxy } = await import('../readings/proxy.ts');
    const found = await readSystemProxy(await open());
    if (found === undefined) return direct;
    const { server = '', exceptions, from, automatic } = found;
    // `<local>` of Windows: names without a dot.
    if (exceptions.includes('<local>') && !target.hostname.includes('.')) return { ...direct, from };
    // What the environment says beside it, only more.
    const own = [env['no_proxy'] ?? env['NO_PROXY'] ?? '', ...exceptions].join(',');
    return { proxy: proxyFor(target, { https_proxy: server, no_proxy: own }), from, automatic };
  } catch {
    // A system that does not tell: as if it said nothing.
    return direct;
  }
}
