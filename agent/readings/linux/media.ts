import { SourceError, type Sources } from '../../probe.ts';
import type { Medium } from '../medium.ts';
import { deviceAt, isMediumEncrypted, isRemovable } from './block-devices.ts';
import { readVolumes, systemDisks } from './volumes.ts';

/** What is mounted from sticks, cards and external disks; encrypted = no way down to it without encryption. Throws SourceError. */
export async function readMedia(sources: Sources): Promise<readonly Medium[]> {
  const volumes = await readVolumes(sources);
  const { devices, mounts } = volumes;
  const disks = systemDisks(volumes);
  for (const { source, target } of mounts) {
    const elsewhere = source.startsWith('/dev/') && deviceAt(devices, source) === undefined;
    if (elsewhere && /^\/(run\/)?media\//.test(target)) {
      throw new SourceError('missing', 'something is mounted that is not among the disks');
    }
  }
  return [...devices.values()].flatMap((device): Medium[] => {
    if (!isRemovable(device, disks)) return [];
    // What is mounted, and whether it can be written to, the kernel's own table says.
    const places = mounts.filter(({ source }) => deviceAt(devices, source) === device);
    if (places.length === 0 && device.mountPoints.length === 0) return [];
    const writable = places.length === 0 || places.some(({ readOnly }) => !readOnly);
    return [
      {
        device: device.name,
        encrypted: isMediumEncrypted(device),
        writable: writable && !device.readOnly,
      },
    ];
  });
}
