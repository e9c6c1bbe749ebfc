/** How software is installed on a distribution. */
export type LinuxFamily = 'debian' | 'redhat' | 'suse' | 'arch' | 'other';

const families: Readonly<Record<Exclude<LinuxFamily, 'other'>, readonly string[]>> = {
  debian: [
    'debian',
    'ubuntu',
    'linuxmint',
    'pop',
    'zorin',
    'elementary',
    'neon',
    'tuxedo',
    'kali',
    'raspbian',
    'devuan',
  ],
  redhat: ['fedora', 'rhel', 'centos', 'almalinux', 'rocky', 'ol', 'nobara', 'ultramarine'],
  suse: ['opensuse-leap', 'opensuse-tumbleweed', 'opensuse-slowroll', 'opensuse', 'sles', 'sled'],
  arch: ['arch', 'manjaro', 'endeavouros', 'cachyos', 'garuda', 'artix'],
};

/** The family of an os-release ID. Only for choosing words and commands of a remedy, never for judging. */
export function linuxFamily(osName: string): LinuxFamily {
  const found = Object.entries(families).find(([, names]) => names.includes(osName));
  return found === undefined ? 'other' : (found[0] as LinuxFamily);
}
