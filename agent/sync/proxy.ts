import { isLoopback } from './loopback.ts';

/**
 * The proxy for a target, from HTTPS_PROXY and NO_PROXY as curl reads them (lower case first): a list of hosts, domains with or
 * without a leading dot, `host:port`, or `*`. Never for this machine itself. Undefined = connect directly.
 */
export function proxyFor(target: URL, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  const given = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? env['all_proxy'] ?? env['ALL_PROXY'] ?? '';
  if (given === '' || isLoopback(target.hostname)) return undefined;
  const exceptions = (env['no_proxy'] ?? env['NO_PROXY'] ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port || '443';
  for (const entry of exceptions) {
    if (entry === '*') return undefined;
    const [, name = '', only] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (only !== undefined && only !== port) continue;
    if (host === name || host.endsWith(`.${name}`)) return undefined;
  }
  try {
    const proxy = new URL(given.includes('://') ? given : `http://${given}`);
    return proxy.protocol === 'http:' ? proxy : undefined;
  } catch {
    return undefined;
  }
}
