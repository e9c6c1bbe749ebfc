import { firstOf, type Sources, unparseable } from '../../probe.ts';
import { apfsContainers, bootContainer } from './disks.ts';
import { linesOf } from './lines.ts';

/** What FileVault does for the system volume. `waiting` = it will start or finish after a restart or a log-out. */
export interface FileVault {
  /** Switched on, also while it is still converting: only then is there a recovery key to ask for. */
  readonly on: boolean;
  readonly state: 'encrypted' | 'not-encrypted' | 'encrypting' | 'decrypting' | 'restart-pending';
}

const what = 'fdesetup status';

/**
 * Reads `fdesetup status`: `FileVault is On.`, with further lines before or after it that may take that back
 * (`Encryption in progress: Percent completed = 23`). The exit code (0, 1 off, 2 busy) is no answer. macOS 12 to 27.
 */
export function parseFileVaultStatus(stdout: string): FileVault {
  const lines = linesOf(stdout).map((line) => line.trim());
  const has = (form: RegExp) => lines.some((line) => form.test(line));
  const on = has(/^FileVault is On\.$/);
  const off = has(/^FileVault is Off\.$/);
  const onSoon = has(/^FileVault is On, but .+/);
  const offSoon = has(/^FileVault is Off, but .+/);
  const deferred = has(/^Deferred enablement appears to be active\b/);
  const encrypting = has(/^Encryption in progress\b/i);
  const decrypting = has(/^Decryption in progress\b/i);
  const told = on || onSoon;
  if (told && (off || offSoon)) throw unparseable(what);
  if (decrypting) return { on: told, state: 'decrypting' };
  if (encrypting) return { on: told, state: 'encrypting' };
  if (onSoon || offSoon) return { on: told, state: 'restart-pending' };
  if (deferred) return { on: false, state: 'restart-pending' };
  if (off) return { on: false, state: 'not-encrypted' };
  const known = /^(FileVault is On\.|FileVault master keychain appears to be installed\.?)$/;
  // A further line nobody has documented may be one that takes the "On." back.
  if (!on || !lines.every((line) => known.test(line))) throw unparseable(what);
  return { on: true, state: 'encrypted' };
}

async function fromStatus(sources: Sources): Promise<FileVault> {
  return parseFileVaultStatus((await sources.command(['/usr/bin/fdesetup', 'status'])).stdout);
}

async function fromIsActive(sources: Sources): Promise<FileVault> {
  const { stdout, exitCode } = await sources.command(['/usr/bin/fdesetup', 'isactive']);
  if (stdout.trim() === 'true' && exitCode === 0) return { on: true, state: 'encrypted' };
  if (stdout.trim() === 'false' && exitCode === 1) return { on: false, state: 'not-encrypted' };
  throw unparseable('fdesetup isactive');
}

async function fromVolumes(sources: Sources): Promise<FileVault> {
  const containers = await apfsContainers(sources);
  const boot = await bootContainer(sources, containers);
  const volumes = boot.volumes.filter(({ roles }) =>
    roles.some((role) => role === 'Data' || role === 'System'),
  );
  if (volumes.some(({ fileVault, converting }) => fileVault === undefined || converting === undefined))
    throw unparseable('diskutil apfs list');
  if (volumes.some(({ fileVault }) => !fileVault)) return { on: false, state: 'not-encrypted' };
  return volumes.some(({ converting }) => converting)
    ? { on: true, state: 'encrypting' }
    : { on: true, state: 'encrypted' };
}

/** FileVault of the system and its data volume: `fdesetup status`, else `isactive`, else the volumes. Throws SourceError. */
export function fileVault(sources: Sources): Promise<FileVault> {
  return firstOf(
    () => fromStatus(sources),
    () => fromIsActive(sources),
    () => fromVolumes(sources),
  );
}
