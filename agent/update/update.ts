import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions } from '../../shared/version.ts';
import { currentVersion, type Installation, keepOnly, switchTo, versionFolder } from './installation.ts';
import { recall, remember } from './memory.ts';
import { newestRelease, type ReleaseSource, UpdateRefused } from './releases.ts';

/** Starts programs: the archiver that every system has, and a version of the agent that is tried. */
export interface Programs {
  /** Resolves with the exit code; -1 where it did not end in time. */
  run(program: string, args: readonly string[], timeoutMs: number): Promise<{ code: number; stdout: string }>;
}

export interface UpdateOptions {
  readonly installation: Installation;
  readonly source: ReleaseSource;
  readonly programs: Programs;
  /** Id of this device: it decides, with the version, when it is this device's turn. */
  readonly device: string;
  /** How many devices in a hundred take a new version by now; the policy says it. */
  readonly percent: number;
  /** The version that runs. */
  readonly running: string;
}

export type UpdateOutcome =
  | { readonly kind: 'newest' }
  /** There is a newer one; the policy lets others go first. */
  | { readonly kind: 'not-yet'; readonly version: string }
  /** It is in place; the service starts again with it. */
  | { readonly kind: 'installed'; readonly version: string };

const minute = 60_000;

/** Part of Windows since 10 1803; by its whole path, so that no other of that name is started as the system. */
const archiver =
  process.platform === 'win32'
    ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'tar.exe')
    : 'tar';

/** A number from 0 to 99 that is this device's for this version: the same each time, spread evenly over devices. */
export function turnOf(device: string, version: string): number {
  return createHash('sha256').update(`${device} ${version}`).digest().readUInt32BE(0) % 100;
}

/**
 * Takes the newest release, when it is this device's turn: verified, unpacked beside the running version, tried (its version,
 * its selftest, a whole report), and only then put in place. The version before stays. Throws UpdateRefused, after which
 * everything is as it was.
 */
export async function takeUpdate(options: UpdateOptions): Promise<UpdateOutcome> {
  const { installation, source, programs, device, percent, running } = options;
  const release = await newestRelease(source);
  if (release === undefined || compareVersions(release.version, running) <= 0) return { kind: 'newest' };
  const { version } = release;
  const memory = await recall(source.memory);
  if (memory.failed.includes(version)) {
    throw new UpdateRefused(`version ${version} did not work on this machine; it is not tried again`);
  }
  if (turnOf(device, version) >= percent) return { kind: 'not-yet', version };

  const archive = join(source.memory, 'archive.tar.gz');
  const incoming = versionFolder(installation, 'incoming');
  const folder = versionFolder(installation, version);
  try {
    await release.download(archive);
    rmSync(incoming, { recursive: true, force: true });
    mkdirSync(incoming, { recursive: true, mode: 0o755 });
    const unpacked = await programs.run(archiver, ['-xzf', archive, '-C', incoming], 10 * minute);
    if (unpacked.code !== 0) throw new UpdateRefused('the release could not be unpacked; is the disk full?');
    rmSync(folder, { recursive: true, force: true });
    renameSync(incoming, folder);
    await tryOut(programs, folder, version);
  } catch (error) {
    rmSync(incoming, { recursive: true, force: true });
    if (!existsSync(folder) || currentVersion(installation) !== version) {
      rmSync(folder, { recursive: true, force: true });
    }
    if (error instanceof NotWorking) {
      await remember(source.memory, { ...memory, failed: [...memory.failed, version].slice(-20) });
    }
    throw error;
  } finally {
    rmSync(archive, { force: true });
  }
  await remember(source.memory, { ...memory, trial: { version, previous: running, starts: 0 } });
  switchTo(installation, version);
  keepOnly(installation, [version, running]);
  return { kind: 'installed', version };
}

/** A release that was rightly signed and does not work here. */
class NotWorking extends UpdateRefused {}

/** The new version does once what it is there for, before anything depends on it. */
async function tryOut(programs: Programs, folder: string, version: string): Promise<void> {
  const node = join(folder, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  const agent = join(folder, 'dist/agent/start.js');
  const said = await programs.run(node, [agent, '--version'], minute);
  if (said.code !== 0 || said.stdout.trim() !== version) {
    throw new NotWorking(`version ${version} does not start on this machine; the old one goes on`);
  }
  const tested = await programs.run(node, [agent, '--selftest'], 5 * minute);
  if (tested.code !== 0) {
    throw new NotWorking(`version ${version} fails its selftest on this machine; the old one goes on`);
  }
  const reported = await programs.run(node, [agent, '--report'], 5 * minute);
  // 75: the collector cannot be reached just now, which is not the release's fault.
  if (reported.code !== 0 && reported.code !== 75) {
    throw new NotWorking(`version ${version} cannot report from this machine; the old one goes on`);
  }
}
