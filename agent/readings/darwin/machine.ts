import type { Machine } from '../../../shared/machine.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { osVersion } from './os-version.ts';

/** A Mac: its release where it could be read. Never throws. */
export async function readMachine(sources: Sources): Promise<Machine> {
  try {
    return { platform: 'darwin', osName: 'macos', osVersion: await osVersion(sources) };
  } catch (error) {
    if (error instanceof SourceError) return { platform: 'darwin', osName: 'macos' };
    throw error;
  }
}
