import { SourceError, type Sources, unparseable } from '../../probe.ts';
import type { Medium } from '../medium.ts';
import { diskInfo, disks, mountedElsewhere } from './disks.ts';

/** undefined = no removable medium. Throws SourceError when it cannot be told. */
async function readMedium(sources: Sources, device: string): Promise<Medium | undefined> {
  const info = await diskInfo(sources, device);
  if (info.removable === undefined) throw unparseable('diskutil info');
  // `Internal` decides nothing: a card in the built-in slot is internal. A mounted disk image is no medium.
  if (!info.removable || info.diskImage) return undefined;
  if (info.writable === undefined) throw unparseable('diskutil info');
  return { device, encrypted: info.fileVault, writable: info.writable };
}

/** Removable volumes that are mounted, and why one of them could not be told. Throws SourceError where none could be listed. */
export async function readMedia(
  sources: Sources,
): Promise<{ readonly media: readonly Medium[]; readonly failure: SourceError | undefined }> {
  const media: Medium[] = [];
  let failure: SourceError | undefined;
  for (const { device } of mountedElsewhere(await disks(sources))) {
    try {
      const medium = await readMedium(sources, device);
      if (medium !== undefined) media.push(medium);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failure = error;
    }
  }
  return { media, failure };
}
