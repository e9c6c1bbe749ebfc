import { type Sources, unparseable } from '../../probe.ts';
import { wholeText } from './lines.ts';

const what = 'sudo -l';

/** Rules of one line: `(ALL) NOPASSWD: <redacted>, ALL`. A tag holds for all commands after it until another takes it back. */
function isSilent(rule: string): boolean {
  // A recording may keep no word of a rule that is neither ALL nor a tag.
  if (rule === '<redacted>') return false;
  const commands = /^\([^()]*\)\s+(.*)$/.exec(rule)?.[1];
  if (commands === undefined) throw unparseable(what);
  let silent = false;
  return commands.split(/,\s*/).some((item) => {
    let command = item.trim();
    for (let tag = /^([A-Z_]+):\s*/.exec(command); tag; tag = /^([A-Z_]+):\s*/.exec(command)) {
      if (tag[1] === 'NOPASSWD') silent = true;
      if (tag[1] === 'PASSWD') silent = false;
      command = command.slice(tag[0].length);
    }
    return silent && command === 'ALL';
  });
}

/**
 * Reads `sudo -n -l -U user`: defaults, then `User user may run the following commands on ...:` and one rule a line,
 * or `User user is not allowed to run sudo on ...`. True = becoming administrator asks for nothing. The exit code is no
 * answer. macOS 12 to 27, root. Throws SourceError.
 */
export function parseSudoRules(output: string): boolean {
  // Long lines are continued with a deeper indent.
  const lines = wholeText(output, what)
    .replace(/\n {5,}(?=\S)/g, ' ')
    .split(/\r?\n/);
  const head = lines.findIndex((line) => /^User \S+ may run the following commands on .*:$/.test(line));
  const refused = lines.some((line) => /^User \S+ is not allowed to run sudo on .*\.$/.test(line));
  if (head < 0 && !refused) throw unparseable(what);
  const defaults = lines.slice(0, head < 0 ? lines.length : head).join('\n');
  if (/(?:^|[\s,])!authenticate(?:$|[\s,])/m.test(defaults)) return true;
  if (head < 0) return false;
  const rules = lines
    .slice(head + 1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (rules.length === 0) throw unparseable(what);
  return rules.map(isSilent).includes(true);
}

/** Whether the person at the screen becomes administrator without being asked for a password. Throws SourceError. */
export async function administersSilently(sources: Sources): Promise<boolean> {
  const { stdout, stderr } = await sources.command(['/usr/bin/sudo', '-n', '-l', '-U', 'user']);
  return parseSudoRules(stdout.trim() === '' ? stderr : stdout);
}
