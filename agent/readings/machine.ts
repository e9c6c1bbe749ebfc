import type { Machine } from '../../shared/machine.ts';
import type { Sources } from '../probe.ts';
import { readMachine as readMac } from './darwin/machine.ts';
import { readMachine as readLinux } from './linux/machine.ts';
import { readMachine as readWindows } from './win32/machine.ts';

/** What kind of machine this is. Never throws: what could not be read is left out. */
export async function readMachine(sources: Sources): Promise<Machine> {
  if (sources.platform === 'darwin') return readMac(sources);
  if (sources.platform === 'win32') return readWindows(sources);
  if (sources.platform === 'linux') return readLinux(sources);
  const names = { darwin: 'macos', linux: 'linux', win32: 'windows' } as const;
  const version = /^[0-9][0-9A-Za-z._-]{0,31}$/.test(sources.osVersion) ? sources.osVersion : undefined;
  return {
    platform: sources.platform,
    osName: names[sources.platform],
    ...(version !== undefined && { osVersion: version }),
  };
}
