import { readFileSync } from 'node:fs';

const mountTable = '/proc/self/mountinfo';

/**
 * A text that changes when a file system on a device is mounted, unmounted or made writable. Reading the table costs a tenth of a
 * millisecond; waiting for the kernel to announce a change (POLLPRI) is something Node cannot do. Loop devices, which snaps mount by
 * the dozen, are left out.
 */
export function mountSignature(table = readFileSync(mountTable, 'utf8')): string {
  const lines = table.split('\n').filter((line) => {
    const dash = line.indexOf(' - ');
    const source = dash < 0 ? '' : (line.slice(dash + 3).split(' ')[1] ?? '');
    return source.startsWith('/dev/') && !source.startsWith('/dev/loop');
  });
  return lines.join('\n');
}
