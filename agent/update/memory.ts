import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, setAside, writeWhole } from '../state/file.ts';
import { currentVersion, type Installation, switchTo, versionFolder } from './installation.ts';

/** What is remembered of an update until the new version has proven itself. */
const Trial = z.strictObject({
  version: z.string(),
  previous: z.string(),
  /** Times the service was started with it and nothing was delivered. */
  starts: z.int().min(0),
});
const Memory = z.strictObject({
  trial: Trial.nullable(),
  /** Versions that did not work here; not tried again. */
  failed: z.array(z.string()).max(20),
});
type Memory = z.output<typeof Memory>;

/** A version that could not deliver after so many starts is given up. */
const maxStarts = 3;

/** Where updates remember what they saw, within the agent's state. */
export const updateMemory = (directory: string) => join(directory, 'updates');

const memoryFile = (folder: string) => join(folder, 'update.json');
const nothing: Memory = { trial: null, failed: [] };

/** What is remembered; a broken file is set aside, and nothing is known any more. */
export async function recall(folder: string): Promise<Memory> {
  const text = await readIfThere(memoryFile(folder));
  if (text === undefined) return nothing;
  try {
    return Memory.parse(JSON.parse(text));
  } catch {
    await setAside(memoryFile(folder), new Date());
    return nothing;
  }
}

/** Keeps it, whole or not at all. */
export const remember = (folder: string, memory: Memory) =>
  writeWhole(memoryFile(folder), `${JSON.stringify(memory, null, 1)}\n`);

/**
 * Called when the service starts: a new version that was started several times and never delivered is given up, and the one
 * before is put back. Answers the version that was put back, to be started; undefined where nothing changed.
 */
export async function giveUpIfStuck(
  installation: Installation,
  memoryFolder: string,
): Promise<string | undefined> {
  const memory = await recall(memoryFolder);
  const { trial } = memory;
  if (trial === null || currentVersion(installation) !== trial.version) return undefined;
  if (trial.starts < maxStarts || !existsSync(versionFolder(installation, trial.previous))) {
    await remember(memoryFolder, { ...memory, trial: { ...trial, starts: trial.starts + 1 } });
    return undefined;
  }
  await remember(memoryFolder, { trial: null, failed: [...memory.failed, trial.version].slice(-20) });
  switchTo(installation, trial.previous);
  return trial.previous;
}

/** Called after a report was delivered: the new version works, there is no way back any more. */
export async function settleUpdate(memoryFolder: string): Promise<void> {
  const memory = await recall(memoryFolder);
  if (memory.trial !== null) await remember(memoryFolder, { ...memory, trial: null });
}
