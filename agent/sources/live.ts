import type { Platform } from '../../shared/answer.ts';
import { SourceError, type Sources } from '../probe.ts';
import { readListed } from './directory.ts';
import { runCommand } from './exec.ts';
import { readBytes } from './files.ts';
import { ownAnswer } from './own-answers.ts';

/** The doors to this machine, as it is now. `user` is the person at the screen. */
export async function liveSources(): Promise<Sources> {
  const { platform } = process;
  if (platform === 'win32') return (await import('./live-windows.ts')).liveWindows();
  if (platform === 'darwin' || platform === 'linux') return onUnix(platform);
  throw new SourceError('unsupported', `the agent does not run on ${platform}`);
}

async function onUnix(platform: 'darwin' | 'linux'): Promise<Sources> {
  const ownUid = process.geteuid?.() ?? -1;
  const elevated = ownUid === 0;
  const low = { command: runOnce() };
  const session =
    platform === 'linux'
      ? await (await import('./session/linux.ts')).linuxSession(low, elevated, ownUid)
      : await (await import('./session/darwin.ts')).darwinSession(low, elevated, ownUid);
  const bytes = async (path: string) => readBytes(await session.path(path));
  const file = async (path: string) => Buffer.from(await bytes(path)).toString('utf8');
  return {
    platform,
    osVersion: await osVersion(platform, file),
    elevated,
    user: session.user,
    now: new Date(),
    command: async (argv, options) =>
      (platform === 'linux' && options === undefined ? await ownAnswer(argv) : undefined) ??
      session.command(argv, options),
    file,
    fileBytes: bytes,
    directory: async (path) => readListed(await session.path(path)),
    registry: notHere,
    wmi: notHere,
    powershell: notHere,
    win32: notHere,
    systemInformation,
  };
}

async function systemInformation(name: string): Promise<unknown> {
  const { readSystemInformation } = await import('./system-information.ts');
  return readSystemInformation(name);
}

async function notHere(): Promise<never> {
  throw new SourceError('missing', 'only Windows has this', 'ENOENT');
}

async function osVersion(platform: Platform, file: (path: string) => Promise<string>): Promise<string> {
  try {
    if (platform === 'linux') {
      return /^VERSION_ID="?([^"\n]*)"?$/m.exec(await file('/etc/os-release'))?.[1] ?? '';
    }
    const plist = await file('/System/Library/CoreServices/SystemVersion.plist');
    return /<key>ProductVersion<\/key>\s*<string>([0-9.]+)</.exec(plist)?.[1] ?? '';
  } catch {
    return '';
  }
}

/** Who is at the screen is asked for by the session and by probes: the same command is run once. */
function runOnce(): typeof runCommand {
  const answers = new Map<string, ReturnType<typeof runCommand>>();
  return (argv, options = {}) => {
    const key = JSON.stringify([argv, options]);
    const answer = answers.get(key) ?? runCommand(argv, options);
    answers.set(key, answer);
    return answer;
  };
}
