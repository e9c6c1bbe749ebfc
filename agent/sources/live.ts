import { hostname, release } from 'node:os';
import type { Platform } from '../../shared/answer.ts';
import { type CommandOptions, SourceError, type Sources } from '../probe.ts';
import { runCommand } from './exec.ts';
import { readBytes, readEntries } from './files.ts';

function platformHere(): Platform {
  const { platform } = process;
  if (platform === 'darwin' || platform === 'linux' || platform === 'win32') return platform;
  throw new SourceError('unsupported', `the agent does not run on ${platform}`);
}

async function notHere(): Promise<never> {
  throw new SourceError('missing', 'only Windows has this', 'ENOENT');
}

/** The doors to this machine, as it is now. `user` is the person at the screen. */
export async function liveSources(): Promise<Sources> {
  const platform = platformHere();
  const elevated = process.geteuid?.() === 0;
  const command = (argv: readonly [string, ...string[]], { stdin, timeoutMs }: CommandOptions = {}) =>
    runCommand(argv, { stdin, timeoutMs });
  const file = async (path: string) => Buffer.from(await readBytes(path)).toString('utf8');
  return {
    platform,
    osVersion: await osVersion(platform, file),
    elevated,
    user: null,
    now: new Date(),
    async command(argv, options = {}) {
      if (options.as === 'user') throw new SourceError('no-session', 'nobody is signed in', 'no-session');
      return command(argv, options);
    },
    file,
    fileBytes: readBytes,
    directory: readEntries,
    registry: notHere,
    wmi: notHere,
    powershell: notHere,
    win32: notHere,
    async systemInformation(name) {
      const { readSystemInformation } = await import('./system-information.ts');
      return readSystemInformation(name);
    },
  };
}

async function osVersion(platform: Platform, file: (path: string) => Promise<string>): Promise<string> {
  try {
    if (platform === 'linux') {
      return /^VERSION_ID="?([^"\n]*)"?$/m.exec(await file('/etc/os-release'))?.[1] ?? '';
    }
    if (platform === 'win32') return release();
    const plist = await file('/System/Library/CoreServices/SystemVersion.plist');
    return /<key>ProductVersion<\/key>\s*<string>([0-9.]+)</.exec(plist)?.[1] ?? '';
  } catch {
    return '';
  }
}

/** The name of this machine: only so that recordings can be scrubbed of it. */
export const thisHost = hostname;
