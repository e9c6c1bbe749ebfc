import { type Sources, unparseable } from '../../probe.ts';
import { linesOf, wholeText } from './lines.ts';
import { told } from './told.ts';

/** Services of macOS that answer the network, by launchd's label. */
export type ServiceLabel =
  | 'com.openssh.sshd'
  | 'com.apple.screensharing'
  | 'com.apple.smbd'
  | 'com.apple.AEServer';

/**
 * Rows of `launchctl print-disabled system`: `"com.openssh.sshd" => enabled` from macOS 13 on, `=> false` before, where true
 * means disabled. True = switched on. A service without a row was never switched: off, as Apple ships it. Throws SourceError
 * for a list without its end.
 */
export function parseServiceRows(stdout: string): ReadonlyMap<string, boolean> {
  const lines = linesOf(stdout).map((line) => line.trim());
  const start = lines.indexOf('disabled services = {');
  const end = lines.indexOf('}', start);
  if (start < 0 || end < 0) throw unparseable('launchctl print-disabled');
  const rows = new Map<string, boolean>();
  for (const line of lines.slice(start + 1, end)) {
    const row = /^"([^"]+)" => (enabled|disabled|true|false)$/.exec(line);
    if (row?.[1] === undefined) throw unparseable('launchctl print-disabled');
    rows.set(row[1], row[2] === 'enabled' || row[2] === 'false');
  }
  return rows;
}

/** `launchctl print system/com.openssh.sshd`: 0 = loaded, 113 with `Could not find service` = not. Throws SourceError. */
export async function isLoaded(sources: Sources, label: string): Promise<boolean> {
  const { stdout, stderr, exitCode } = await sources.command(['/bin/launchctl', 'print', `system/${label}`]);
  if (exitCode === 0 && stdout.trim() !== '') return true;
  if (exitCode === 113 && /^Could not find service /m.test(`${stderr}\n${stdout}`)) return false;
  throw unparseable('launchctl print');
}

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|localhost|.*%lo0)$/;

/**
 * Ports that others can reach, from `netstat -an -p tcp`: local addresses of LISTEN lines, `*.22`, `192.0.2.7.22`. What only
 * this machine reaches (`127.0.0.1.22`, `::1.22`) is left out. Throws SourceError for a list without its head.
 */
export function parseOpenPorts(stdout: string): ReadonlySet<number> {
  const lines = linesOf(wholeText(stdout, 'netstat'));
  if (!lines.some((line) => /^Proto\s+Recv-Q\s+Send-Q\s+Local Address/.test(line)))
    throw unparseable('netstat');
  const ports = new Set<number>();
  for (const line of lines) {
    const local = /^tcp\S*\s+\d+\s+\d+\s+(\S+)\s+\S+\s+LISTEN\b/.exec(line)?.[1];
    const address = /^(.*)\.(\d{1,5})$/.exec(local ?? '');
    if (address?.[1] !== undefined && !loopback.test(address[1])) ports.add(Number(address[2]));
  }
  return ports;
}

/** Who holds a port: macOS itself, a program that forwards it to something else, another program, or nobody to be seen. */
export type Holder = 'system' | 'forwarder' | 'other' | 'unseen';

const ofTheSystem = /^(?:launchd|sshd(?:-session|-auth)?|screensharingd|ARDAgent)$/;
const forwarders = /^(?:com\.docker.*|VBoxHeadless|limactl|qemu.*|ssh)$/;

/**
 * `lsof ... -Fcn`: a `p` line begins a process, `c` names its program, `n*:22` is what it listens on. Only root sees the
 * programs of others; no output = nobody was seen. It ends with 1 whenever one of the ports it was asked for is held by
 * nobody it saw, also below a list of the others. Throws SourceError.
 */
export function parseHolders(stdout: string, exitCode: number): ReadonlyMap<number, Holder> {
  if (exitCode !== 0 && exitCode !== 1) throw unparseable('lsof');
  if (stdout !== '' && !/^p\d+\n(?:[pcfn].*\n)*$/.test(stdout)) throw unparseable('lsof');
  const holders = new Map<number, Holder>();
  const rank: readonly Holder[] = ['unseen', 'forwarder', 'other', 'system'];
  let program = '';
  for (const line of linesOf(stdout)) {
    if (line.startsWith('p')) program = '';
    else if (line.startsWith('c')) program = line.slice(1);
    else if (line.startsWith('n')) {
      const address = /^n\[?(.*?)\]?:(\d{1,5})$/.exec(line);
      if (address?.[1] === undefined || loopback.test(address[1]) || program === '') continue;
      const port = Number(address[2]);
      const holder = ofTheSystem.test(program) ? 'system' : forwarders.test(program) ? 'forwarder' : 'other';
      const before = holders.get(port) ?? 'unseen';
      if (rank.indexOf(holder) > rank.indexOf(before)) holders.set(port, holder);
    }
  }
  return holders;
}

/** Ports open to others; undefined = could not be told. */
export function openPorts(sources: Sources): Promise<ReadonlySet<number> | undefined> {
  return told(
    (async () => parseOpenPorts((await sources.command(['/usr/sbin/netstat', '-an', '-p', 'tcp'])).stdout))(),
  );
}

/** Who holds an open port; only asked for 22, 3283 and 5900. */
export async function holderOf(sources: Sources, port: number): Promise<Holder> {
  const argv = [
    '/usr/sbin/lsof',
    '-nP',
    '-iTCP:22',
    '-iTCP:3283',
    '-iTCP:5900',
    '-sTCP:LISTEN',
    '-Fcn',
  ] as const;
  const holders = await told(
    (async () => {
      const { stdout, exitCode } = await sources.command(argv);
      return parseHolders(stdout, exitCode);
    })(),
  );
  return holders?.get(port) ?? 'unseen';
}

/** What can be told about a service that answers on one port. */
export type ServiceState = 'on' | 'off' | 'unknown';

/** What an open port means that no service of macOS is known to have opened. */
export async function foreignPort(sources: Sources, port: number): Promise<ServiceState> {
  const holder = await holderOf(sources, port);
  // A port that a container or a tunnel forwards leads to something else than this Mac.
  if (holder === 'forwarder') return 'off';
  return holder === 'unseen' ? 'unknown' : 'on';
}

/**
 * Whether a service answers the network: launchd's row, what is loaded, and the port. The row counts more than what is
 * loaded (macOS 27 calls Screen Sharing loaded while it is off), and an open port always wants an explanation.
 */
export async function serviceState(
  sources: Sources,
  label: ServiceLabel,
  port: number,
): Promise<ServiceState> {
  const rows = await told(
    (async () =>
      parseServiceRows((await sources.command(['/bin/launchctl', 'print-disabled', 'system'])).stdout))(),
  );
  const enabled = rows?.get(label);
  if (enabled === true) return 'on';
  const loaded = await told(isLoaded(sources, label));
  const open = (await openPorts(sources))?.has(port);
  if (open === true) return loaded === true ? 'on' : foreignPort(sources, port);
  if (enabled === false) return 'off';
  if (rows !== undefined) return loaded === true && open === undefined ? 'on' : 'off';
  if (loaded === undefined) return 'unknown';
  if (!loaded) return 'off';
  return open === undefined ? 'on' : 'unknown';
}
