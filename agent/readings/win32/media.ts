import { SourceError, type Sources } from '../../probe.ts';
import type { Medium } from '../medium.ts';
import { readVolumeState } from './bitlocker.ts';
import { readDrives } from './drives.ts';
import { settled } from './settled.ts';

/** Removable drives with a medium in them, and why one of them could not be told. Throws SourceError where none could be listed. */
export async function readMedia(
  sources: Sources,
): Promise<{ readonly media: readonly Medium[]; readonly failure: SourceError | undefined }> {
  const { drives } = await readDrives(sources);
  const mounted = drives.filter(({ kind, ready }) => (kind === 'removable' || kind === 'unknown') && ready);
  const media: Medium[] = [];
  let failure: SourceError | undefined;
  for (const { letter: device, kind, readOnly } of mounted) {
    if (readOnly === true) {
      // What is written on it decides nothing then, so BitLocker is not asked.
      if (kind === 'removable') media.push({ device, encrypted: false, writable: false });
      continue;
    }
    const state = await settled(readVolumeState(sources, device));
    if (state instanceof SourceError) failure ??= state;
    else if (state === 'encrypted' || state === 'locked')
      media.push({ device, encrypted: true, writable: true });
    else if (kind === 'removable' && readOnly === false)
      media.push({ device, encrypted: false, writable: true });
    else failure ??= new SourceError('missing', 'GetLogicalDrives: what a plain volume is, is not told');
  }
  return { media, failure };
}
