import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compareVersions } from '../../shared/version.ts';
import { LogFile, logPath } from '../service/log-file.ts';
import { openNative } from '../sources/win32/native.ts';
import { ownFolder } from '../sources/win32/permissions.ts';
import { registerService } from '../sources/win32/service-registration.ts';
import { serviceDirectory } from '../state/directory.ts';
import { readEnrollment } from '../state/enrollment.ts';
import {
  currentVersion,
  type Installation,
  keepOnly,
  switchTo,
  versionFolder,
} from '../update/installation.ts';
import { programs } from '../update/programs.ts';
import { agentService } from './agent-service.ts';
import { printNothing } from './no-output.ts';

/**
 * What the installer for Windows starts, as the system: `set-up.js install` after the files of a version are in place, and
 * `set-up.js enroll TOKEN`. What goes wrong is said in the service's log, as nobody sees what an installer's programs print.
 */
const log = new LogFile(logPath() ?? join(serviceDirectory(), 'agent.log'));
const say = (words: string) => log.write(`${new Date().toISOString()} ${words}`);

/** home/versions/0.1.0/dist/agent/set-up.js: where this very program is. */
function ownPlace(): { installation: Installation; version: string } {
  const folder = dirname(dirname(import.meta.dirname));
  const home = dirname(dirname(folder));
  return { installation: { home, root: join(home, 'release-root.json') }, version: basename(folder) };
}

const isWhole = (folder: string) => existsSync(join(folder, 'dist/agent/start.js'));

async function install(): Promise<void> {
  const { installation, version } = ownPlace();
  const native = await openNative();
  const foreign = ownFolder(native, serviceDirectory(), new Date());
  if (foreign !== undefined) say(`the state's folder belonged to somebody else; it is ${foreign} now`);
  for (const refused of registerService(native, agentService(installation.home))) {
    say(`this Windows did not take a setting of the service: ${refused}`);
  }
  const before = currentVersion(installation);
  // An agent that updated itself meanwhile is not set back by its own installer.
  const keepsNewer =
    before !== undefined &&
    compareVersions(before, version) > 0 &&
    isWhole(versionFolder(installation, before));
  if (!keepsNewer) switchTo(installation, version);
  try {
    keepOnly(installation, keepsNewer ? [version, before] : [version]);
  } catch {
    // Somebody still runs the version before; the next installation removes it.
  }
  // V8's code cache, made for the processor it will run on, in a folder that ordinary users cannot write to.
  const node = join(installation.home, 'current/bin/node.exe');
  const agent = join(installation.home, 'current/dist/agent/start.js');
  await programs.run(node, [agent, '--check', '--only', 'os-support'], 60_000);
  say(`version ${version} is installed`);
}

async function enroll(token: string): Promise<void> {
  if ((await readEnrollment(serviceDirectory())) !== undefined) {
    say('already enrolled; the token was not used');
    return;
  }
  const { enroll: enrollHere } = await import('../commands/enroll.ts');
  await enrollHere({ enroll: token, yes: true });
  say('enrolled by the installer');
}

printNothing();
const [verb, token = ''] = process.argv.slice(2);
try {
  if (verb === 'install') await install();
  else if (verb === 'enroll') await enroll(token);
  else throw new Error('set-up.js install, or set-up.js enroll TOKEN');
} catch (error) {
  // Messages of ours and of the system; none of them quotes a token.
  say(`set-up: ${verb} did not work: ${(error as Error).message}`);
  process.exitCode = 1;
}
log.close();
