import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, printRow, wallTimes } from './measure.ts';

const node = process.execPath;
const agent = ['--max-semi-space-size=1', join(import.meta.dirname, '../../dist/agent/start.js'), '--check'];
const content = '/usr/share/xml/scap/ssg/content';

function located(program: string): string | undefined {
  return ['/usr/sbin', '/usr/bin']
    .map((directory) => join(directory, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Debian's newest data stream, in a copy that takes this release for its own: as it is shipped it calls every rule of a newer
 * release not applicable and looks at nothing, which is fast. Undefined where there is none.
 */
function dataStream(folder: string): string | undefined {
  const release = /^VERSION_ID="?(\d+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const names = existsSync(content) ? readdirSync(content) : [];
  const newest = names
    .filter((name) => /^ssg-debian\d+-ds\.xml$/.test(name))
    .toSorted()
    .at(-1);
  const known = /\d+/.exec(newest ?? '')?.[0];
  if (newest === undefined || known === undefined || release === undefined) return undefined;
  const path = join(folder, newest);
  const text = readFileSync(join(content, newest), 'utf8');
  writeFileSync(path, text.replaceAll(`^${known}.[0-9]+$`, `^${release}.[0-9]+$`));
  return path;
}

/** All checks against the two audit tools of the distributions, in wall time on this machine. */
export async function benchOthers(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-others-'));
  try {
    const check = () => median(wallTimes([{ name: 'all', argv: [node, ...agent] }], 5).get('all') ?? []);
    const against = (what: string, program: string, args: readonly string[], share: number) => {
      const own = check();
      // Tens of seconds, of which a second run would say nothing new.
      const theirs = median(wallTimes([{ name: what, argv: [program, ...args] }], 1, 0).get(what) ?? []);
      const ratio = theirs / own;
      printRow(
        `agent --check, against ${what}`,
        `1/${ratio.toFixed(0)} (${own.toFixed(0)} ms, ${(theirs / 1000).toFixed(1)} s)`,
        `at most 1/${share}`,
        ratio >= share,
      );
    };
    process.stdout.write('Agent, against other tools that audit a machine (wall time)\n');
    const lynis = located('lynis');
    if (lynis === undefined) printRow('lynis audit system --quick', 'skipped: lynis is not installed');
    else {
      const quiet = ['--no-colors', '--logfile', '/dev/null', '--report-file', join(folder, 'lynis')];
      against('lynis audit system --quick', lynis, ['audit', 'system', '--quick', ...quiet], 50);
    }
    const oscap = located('oscap');
    const stream = oscap === undefined ? undefined : dataStream(folder);
    if (oscap === undefined || stream === undefined) {
      printRow(
        'oscap xccdf eval',
        `skipped: ${oscap === undefined ? 'oscap' : 'ssg-debian'} is not installed`,
      );
    } else {
      const profile = 'xccdf_org.ssgproject.content_profile_standard';
      against('oscap xccdf eval (standard)', oscap, ['xccdf', 'eval', '--profile', profile, stream], 5);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
