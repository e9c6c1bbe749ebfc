import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the service of this machine keeps its state, whoever asks. */
export function serviceDirectory(): string {
  if (process.platform === 'darwin') return '/Library/Application Support/Muster';
  if (process.platform === 'win32') {
    return join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'Muster');
  }
  return '/var/lib/muster';
}

function ownDirectory(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Muster');
  if (process.platform === 'win32') {
    return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData/Local'), 'Muster');
  }
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), 'muster');
}

/** Whether this process may write where the service keeps its state. */
function isService(): boolean {
  if (process.platform !== 'win32') return process.geteuid?.() === 0;
  if (/^(system|.*\$)$/i.test(process.env['USERNAME'] ?? '')) return true;
  // Once installed, administrators are its hands: the installer lets nobody else look into the folder.
  try {
    readdirSync(serviceDirectory());
    return true;
  } catch {
    return false;
  }
}

/**
 * The directory this process keeps its state in: `MUSTER_STATE`, else the service's for root, LocalSystem and, where Windows'
 * installer made it, administrators, else the person's
 * own. It need not exist yet.
 */
export function stateDirectory(): string {
  const given = process.env['MUSTER_STATE'];
  if (given !== undefined && given !== '') return given;
  return isService() ? serviceDirectory() : ownDirectory();
}

/**
 * The directory whose enrollment speaks for this machine: one's own, or the service's where only that is enrolled, so that
 * `agent --check` of an ordinary user judges by the same policy as the service does. Undefined when the agent is not enrolled.
 */
export function enrolledDirectory(): string | undefined {
  const given = process.env['MUSTER_STATE'];
  const candidates = given !== undefined && given !== '' ? [given] : [stateDirectory(), serviceDirectory()];
  return candidates.find((directory) => {
    try {
      accessSync(join(directory, 'enrollment.json'), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
}
