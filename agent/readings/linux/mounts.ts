import { type Sources, unparseable } from '../../probe.ts';

/** One mounted file system. */
export interface Mount {
  readonly target: string;
  readonly fsType: string;
  /** `/dev/mapper/crypt1`, a ZFS data set, `overlay`, ... */
  readonly source: string;
  /** Nothing can be written: `ro` of the mount or of the file system. */
  readonly readOnly: boolean;
}

/** /proc/self/mountinfo: what really is mounted where, in order; the later of two at one place covers the earlier. */
export async function readMounts(sources: Sources): Promise<readonly Mount[]> {
  return parseMounts(await sources.file('/proc/self/mountinfo'));
}

/** `24 1 252:1 / / rw,relatime shared:24 - ext4 /dev/mapper/lvm1 rw,errors=remount-ro`. Throws SourceError for other text. */
export function parseMounts(text: string): Mount[] {
  const mounts = text.split('\n').flatMap((line): Mount[] => {
    if (line.trim() === '') return [];
    const fields = line.trim().split(' ');
    const dash = fields.indexOf('-');
    const [, , , , target, options] = fields;
    const [fsType, source, superOptions = ''] = dash < 0 ? [] : fields.slice(dash + 1);
    if (target === undefined || options === undefined || fsType === undefined || source === undefined) {
      throw unparseable('mountinfo');
    }
    const readOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
    return [{ target: unescaped(target), fsType, source: unescaped(source), readOnly }];
  });
  if (mounts.length === 0) throw unparseable('mountinfo');
  return mounts;
}

/** Blanks and the like stand as octal numbers: `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The file system a path lies on. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const below = mount.target === '/' || path === mount.target || path.startsWith(`${mount.target}/`);
    if (below && mount.target.length >= (best?.target.length ?? 0)) best = mount;
  }
  return best;
}

/** A swap area in use. */
export interface Swap {
  readonly path: string;
  readonly kind: 'partition' | 'file';
}

/** /proc/swaps: a header, then `/dev/dm-2 partition 8388604 0 -2`. Only the header = no swap. Throws SourceError. */
export async function readSwaps(sources: Sources): Promise<readonly Swap[]> {
  return parseSwaps(await sources.file('/proc/swaps'));
}

/** See `readSwaps`. */
export function parseSwaps(text: string): Swap[] {
  const [header, ...lines] = text.split('\n');
  if (!/^Filename\s+Type\s/.test(header ?? '')) throw unparseable('/proc/swaps');
  return lines.flatMap((line): Swap[] => {
    if (line.trim() === '') return [];
    const [path, kind] = line.trim().split(/\s+/);
    if (path === undefined || (kind !== 'partition' && kind !== 'file')) throw unparseable('/proc/swaps');
    return [{ path: unescaped(path), kind }];
  });
}
