import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, refusal } from './answered.ts';
import { attempt } from './attempt.ts';
import { appliesToPorts, type Inbound } from './packet-filter.ts';
import { readServices } from './services.ts';

/** Exit code of firewall-cmd for "not running". */
const notRunning = 252;

/**
 * Whether firewalld runs: `firewall-cmd --state` (`running`, exit code 0; 252 = not running), else its unit, for people whom
 * polkit turns away (253). Throws SourceError when neither says anything.
 */
export async function readFirewalldRuns(sources: Sources): Promise<boolean> {
  try {
    const result = await sources.command(['firewall-cmd', '--state']);
    if (result.exitCode === 0 && result.stdout.trim() === 'running') return true;
    if (result.exitCode === notRunning) return false;
    throw refusal('firewall-cmd', result);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // Not installed is an answer.
    if (error.code === 'ENOENT') return false;
    const services = await attempt(readServices(sources));
    if ('reason' in services) throw error;
    return services.value.unit('firewalld.service').active;
  }
}

/** What the default zone and every active zone let in, the most open of them. Throws SourceError when one cannot be read. */
export async function readZonesInbound(sources: Sources): Promise<Inbound> {
  const [fallback, active] = await Promise.all([
    answered(sources, ['firewall-cmd', '--get-default-zone']),
    answered(sources, ['firewall-cmd', '--get-active-zones']),
  ]);
  const zones = new Set([zoneName(fallback.stdout.trim()), ...parseActiveZones(active.stdout)]);
  const results = await Promise.all(
    [...zones].map(async (zone) => {
      const { stdout } = await answered(sources, ['firewall-cmd', `--zone=${zone}`, '--list-all']);
      return parseZone(stdout);
    }),
  );
  if (results.includes('open')) return 'open';
  return results.includes('partly-open') ? 'partly-open' : 'refused';
}

function zoneName(text: string): string {
  if (!/^[A-Za-z0-9_/-]{1,64}$/.test(text) || text.startsWith('-')) throw unparseable('firewall-cmd');
  return text;
}

/** `public (default)` and, indented below it, what it is bound to. */
export function parseActiveZones(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => /^\S/.test(line))
    .map((line) => zoneName(line.split(' ')[0] ?? ''));
}

/** `firewall-cmd --zone=public --list-all`: the target decides, then ports by the thousand and rules for everybody. */
export function parseZone(stdout: string): Inbound {
  const field = (name: string) => new RegExp(`^\\s+${name}:[ \\t]*(.*)$`, 'm').exec(stdout)?.[1]?.trim();
  const target = field('target');
  if (target === undefined || !/^(default|ACCEPT|DROP|REJECT|%%REJECT%%)$/.test(target)) {
    throw unparseable('firewall-cmd --list-all');
  }
  const rich = /^\s+rich rules:[ \t]*((?:.|\n)*)$/m.exec(stdout)?.[1]?.split('\n') ?? [];
  // libvirt's zone accepts what it forwards, and ends in a rule that rejects everything else.
  const refusesRest = rich.some((rule) => /^\s*rule priority="\d+" (?:reject|drop)\s*$/.test(rule));
  if (target === 'ACCEPT' && !refusesRest) return 'open';
  if (rich.some((rule) => /^\s*rule( priority="-?\d+")?( family="ipv[46]")? accept\s*$/.test(rule)))
    return 'open';
  const manyPorts = (field('ports') ?? '').split(/\s+/).some((port) => {
    const range = /^(\d+)-(\d+)\//.exec(port);
    return range !== null && appliesToPorts(Number(range[1]), Number(range[2])) === 'widely';
  });
  const wholeProtocol = (field('protocols') ?? '')
    .split(/\s+/)
    .some((name) => name === 'tcp' || name === 'udp');
  return manyPorts || wholeProtocol ? 'partly-open' : 'refused';
}
