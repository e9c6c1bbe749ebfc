import type { Sources } from '../probe.ts';
import { answered, isObject, parsedJson } from '../readings/linux/answered.ts';

/**
 * What tells one medium from another on this machine: serial numbers of the device and of the volume. Only ever hashed; where the
 * system names no volume, the place it is plugged in has to do, and it is not `identified`. Never throws.
 */
export async function identityOf(
  sources: Sources,
  device: string,
): Promise<{ readonly id: string; readonly identified: boolean }> {
  try {
    const id = await identify[sources.platform](sources, device);
    if (id !== undefined && id !== '') return { id, identified: true };
  } catch {
    // Pulled while it was looked at, or a system that does not tell.
  }
  return { id: `place ${device}`, identified: false };
}

const identify: Record<
  Sources['platform'],
  (sources: Sources, device: string) => Promise<string | undefined>
> = {
  linux: serialsOf,
  async darwin(sources, device) {
    const { stdout } = await sources.command(['/usr/sbin/diskutil', 'info', '-plist', device]);
    return /<key>(?:VolumeUUID|DiskUUID)<\/key>\s*<string>([0-9A-Fa-f-]{8,})</.exec(stdout)?.[1];
  },
  async win32(_, device) {
    const { openNative } = await import('../sources/win32/native.ts');
    const { volumeSerial } = await import('../sources/win32/volumes.ts');
    return volumeSerial(await openNative(), device);
  },
};

interface Path {
  readonly words: readonly unknown[];
  readonly volume: boolean;
}

/**
 * `lsblk -J -o NAME,UUID,SERIAL`: the volume's UUID, and the serial number of the disk at the top of its tree. The serial number alone
 * may be that of a card reader, the same for every card.
 */
async function serialsOf(sources: Sources, device: string): Promise<string | undefined> {
  const { stdout } = await answered(sources, ['lsblk', '-J', '-o', 'NAME,UUID,SERIAL']);
  const tree = parsedJson(stdout, 'lsblk');
  const find = (nodes: unknown, above: Path): Path | undefined => {
    for (const node of Array.isArray(nodes) ? nodes : []) {
      if (!isObject(node)) continue;
      const own = [node['serial'], node['uuid']].filter((value) => typeof value === 'string' && value !== '');
      const path = { words: [...above.words, ...own], volume: above.volume || Boolean(node['uuid']) };
      if (node['name'] === device) return path;
      const below = find(node['children'], path);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const path = find(isObject(tree) ? tree['blockdevices'] : undefined, { words: [], volume: false });
  return path?.volume === true ? path.words.join(' ') : undefined;
}
