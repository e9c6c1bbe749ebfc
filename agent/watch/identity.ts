import type { Sources } from '../probe.ts';
import { answered, isObject, parsedJson } from '../readings/linux/answered.ts';

/**
 * What tells one medium from another on this machine: serial numbers of the device and of the volume. Only ever hashed; where the
 * system names none, the place it is plugged in has to do. Never throws.
 */
export async function identityOf(sources: Sources, device: string): Promise<string> {
  try {
    const identity = await identify[sources.platform](sources, device);
    if (identity !== undefined && identity !== '') return identity;
  } catch {
    // Pulled while it was looked at, or a system that does not tell.
  }
  return `place ${device}`;
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

/** `lsblk -J -o NAME,UUID,SERIAL`: the volume's UUID, and the serial number of the disk at the top of its tree. */
async function serialsOf(sources: Sources, device: string): Promise<string | undefined> {
  const { stdout } = await answered(sources, ['lsblk', '-J', '-o', 'NAME,UUID,SERIAL']);
  const tree = parsedJson(stdout, 'lsblk');
  const find = (nodes: unknown, above: readonly string[]): readonly string[] | undefined => {
    for (const node of Array.isArray(nodes) ? nodes : []) {
      if (!isObject(node)) continue;
      const own = [node['serial'], node['uuid']].filter((value) => typeof value === 'string');
      const path = [...above, ...own];
      if (node['name'] === device) return path;
      const below = find(node['children'], path);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return find(isObject(tree) ? tree['blockdevices'] : undefined, [])?.join(' ');
}
