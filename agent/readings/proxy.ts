import type { Platform } from '../../shared/answer.ts';
import { SourceError, type Sources } from '../probe.ts';

/** What the system says about proxies for TLS. */
export interface SystemProxy {
  /** `proxy.example:3128`, as it was written; undefined = none is named. */
  readonly server: string | undefined;
  /** Hosts that are reached directly: `localhost`, `*.example`, `192.0.2.0/24`. */
  readonly exceptions: readonly string[];
  /** Where it says so, for a person. */
  readonly from: string;
  /** A script (PAC) or a search (WPAD) chooses the proxy; nobody runs it here. */
  readonly automatic: boolean;
}

/** The first of the system's places that says anything about proxies; undefined where none does. Never throws. */
export async function readSystemProxy(sources: Sources): Promise<SystemProxy | undefined> {
  for (const read of places[sources.platform]) {
    try {
      const found = await read(sources);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
  return undefined;
}

type Reader = (sources: Sources) => Promise<SystemProxy | undefined>;

const places: { readonly [P in Platform]: readonly Reader[] } = {
  linux: [environmentFile, gnome],
  darwin: [systemConfiguration],
  win32: [
    (sources) =>
      internetSettings(sources, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'),
    async (sources) =>
      sources.user?.sid === undefined
        ? undefined
        : internetSettings(
            sources,
            `HKU\\${sources.user.sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings`,
          ),
  ],
};

/** `/etc/environment` (pam_env): a session has it in its environment, a service has not. */
async function environmentFile(sources: Sources): Promise<SystemProxy | undefined> {
  const given = new Map<string, string>();
  for (const line of (await sources.file('/etc/environment')).split('\n')) {
    const [, name = '', value = ''] = /^\s*(?:export\s+)?(\w+)=["']?([^"'#]*)["']?\s*$/.exec(line) ?? [];
    given.set(name, value.trim());
  }
  const of = (name: string) => given.get(name) ?? given.get(name.toUpperCase());
  const server = of('https_proxy') ?? of('all_proxy');
  if (server === undefined || server === '') return undefined;
  return { server, exceptions: words(of('no_proxy') ?? ''), from: '/etc/environment', automatic: false };
}

/** `gsettings list-recursively org.gnome.system.proxy` as the person at the screen. */
async function gnome(sources: Sources): Promise<SystemProxy | undefined> {
  if (sources.elevated && sources.user === null) return undefined;
  const { stdout, exitCode } = await sources.command(
    ['gsettings', 'list-recursively', 'org.gnome.system.proxy'],
    sources.elevated ? { as: 'user' } : undefined,
  );
  if (exitCode !== 0) return undefined;
  const value = (key: string) =>
    new RegExp(`^org\\.gnome\\.system\\.${key.replaceAll('.', '\\.')} (.*)$`, 'm').exec(stdout)?.[1]?.trim();
  const text = (key: string) => /^'(.*)'$/.exec(value(key) ?? '')?.[1] ?? '';
  const from = 'the network settings of this desktop';
  if (text('proxy mode') === 'auto') return { server: undefined, exceptions: [], from, automatic: true };
  if (text('proxy mode') !== 'manual') return undefined;
  const host = text('proxy.https host');
  const port = Number(value('proxy.https port') ?? 0);
  if (host === '' || !(port > 0)) return undefined;
  const exceptions = [...(value('proxy ignore-hosts') ?? '').matchAll(/'([^']*)'/g)].map(
    ([, name = '']) => name,
  );
  return { server: `${host}:${port}`, exceptions, from, automatic: false };
}

/** `scutil --proxy`: what this Mac uses in the network it is in now. */
async function systemConfiguration(sources: Sources): Promise<SystemProxy | undefined> {
  const { stdout } = await sources.command(['/usr/sbin/scutil', '--proxy']);
  const value = (key: string) => new RegExp(`^\\s*${key} : (\\S+)\\s*$`, 'm').exec(stdout)?.[1];
  const from = 'the network settings of this Mac';
  const host = value('HTTPSProxy');
  if (value('HTTPSEnable') === '1' && host !== undefined) {
    const list = /ExceptionsList : <array> \{([^}]*)\}/.exec(stdout)?.[1] ?? '';
    const exceptions = [...list.matchAll(/^\s*\d+ : (\S+)\s*$/gm)].map(([, name = '']) => name);
    return { server: `${host}:${value('HTTPSPort') ?? '443'}`, exceptions, from, automatic: false };
  }
  const automatic = value('ProxyAutoConfigEnable') === '1' || value('ProxyAutoDiscoveryEnable') === '1';
  return automatic ? { server: undefined, exceptions: [], from, automatic } : undefined;
}

/** `proxy.example:8080`, or one a protocol: `http=a:80;https=b:443`. */
async function internetSettings(sources: Sources, path: string): Promise<SystemProxy | undefined> {
  const key = await sources.registry(path);
  const text = (name: string) => {
    const data = key.value(name)?.data;
    return typeof data === 'string' ? data : '';
  };
  const from = 'the proxy settings of Windows';
  if (key.value('ProxyEnable')?.data === 1) {
    const servers = text('ProxyServer').split(';');
    const server =
      servers.find((one) => one.startsWith('https='))?.slice('https='.length) ??
      servers.find((one) => !one.includes('='));
    if (server !== undefined && server !== '') {
      return { server, exceptions: text('ProxyOverride').split(';').filter(Boolean), from, automatic: false };
    }
  }
  return text('AutoConfigURL') === ''
    ? undefined
    : { server: undefined, exceptions: [], from, automatic: true };
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
