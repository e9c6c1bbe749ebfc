import type { Machine } from '../../shared/machine.ts';

const names: Readonly<Record<string, string>> = {
  macos: 'macOS',
  windows: 'Windows',
  ubuntu: 'Ubuntu',
  debian: 'Debian',
  fedora: 'Fedora',
  arch: 'Arch Linux',
  rhel: 'Red Hat Enterprise Linux',
  centos: 'CentOS',
  almalinux: 'AlmaLinux',
  rocky: 'Rocky Linux',
  linuxmint: 'Linux Mint',
  pop: 'Pop!_OS',
  manjaro: 'Manjaro',
  nixos: 'NixOS',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
};

/** A system as people call it: `macOS 15.5`, `Ubuntu 24.04`, `Windows 11 (26200)`. */
export function systemWords(machine: Machine): string {
  const name = names[machine.osName] ?? machine.osName;
  const version = machine.osVersion;
  if (version === undefined) return name;
  if (machine.osName === 'windows') {
    const build = Number(/^10\.0\.(\d+)/.exec(version)?.[1]);
    if (build >= 10_240) return `Windows ${build >= 22_000 ? 11 : 10} (${build})`;
  }
  return `${name} ${version}`;
}
