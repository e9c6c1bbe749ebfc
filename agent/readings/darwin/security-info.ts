import { type Sources, unparseable } from '../../probe.ts';
import { linesOf } from './lines.ts';

const what = 'mdmclient QuerySecurityInfo';

/**
 * The first block of `mdmclient QuerySecurityInfo`, an old-style property list:
 * `Daemon response: {` / `    SecurityInfo =     {` / `        "FDE_HasPersonalRecoveryKey" = 1;`. Values by their path
 * (`SecurityInfo/ManagementStatus/IsUserEnrollment`). Throws SourceError for a block without its end.
 */
export function parseSecurityInfo(stdout: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const path: string[] = [];
  let started = false;
  for (const line of linesOf(stdout).map((text) => text.trim())) {
    if (!started) {
      started = /^(?:Daemon response: )?\{$/.test(line);
      continue;
    }
    const opens = /^(?:"?([^"=]+?)"?\s*=\s*)?[{(]$/.exec(line);
    const value = /^"?([^"=]+?)"?\s*=\s*"?([^"]*?)"?;$/.exec(line);
    if (opens) path.push(opens[1] ?? '');
    else if (/^[})][;,]?$/.test(line)) {
      if (path.length === 0) return values;
      path.pop();
    } else if (value) values.set([...path, value[1]].join('/'), value[2] ?? '');
    if (path.length > 40) throw unparseable(what);
  }
  throw unparseable(what);
}

/**
 * A switch of mdmclient's SecurityInfo, answered with or without management. macOS 12 to 27, root. Throws SourceError, also
 * when the key is not there or neither 0 nor 1.
 */
export async function securityInfo(sources: Sources, key: string): Promise<boolean> {
  const value = (await readSecurityInfo(sources)).get(`SecurityInfo/${key}`);
  if (value !== '0' && value !== '1') throw unparseable(what);
  return value === '1';
}

async function readSecurityInfo(sources: Sources): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await sources.command(['/usr/libexec/mdmclient', 'QuerySecurityInfo']);
  return parseSecurityInfo(stdout);
}

/** Whether the enrollment is a person's own of their own Mac; not said = it is not. Throws SourceError. */
export async function isUserEnrollment(sources: Sources): Promise<boolean> {
  const values = await readSecurityInfo(sources);
  const status = 'SecurityInfo/ManagementStatus/';
  if (!values.keys().some((path) => path.startsWith(status))) throw unparseable(what);
  return values.get(`${status}IsUserEnrollment`) === '1';
}
