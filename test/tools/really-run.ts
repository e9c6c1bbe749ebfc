import type { Platform } from '../../shared/answer.ts';
import type { CheckId } from '../../shared/checks/index.ts';

/** What of a check a test has read from real programs, not from a recording, and the test that does. */
export interface ReallyRun {
  readonly what: string;
  readonly test: string;
}

const linux = (name: string) => `test/agent/live/linux-${name}.test.ts`;
const wine = 'test/agent/live/windows-agent.test.ts';

/** Per system, the checks that were more than replayed. What is not in here has only been judged from recordings. */
export const reallyRun: { readonly [P in Platform]: { readonly [Id in CheckId]?: readonly ReallyRun[] } } = {
  darwin: {},
  win32: {
    'screen-lock': [{ what: 'the inactivity limit, from the registry', test: wine }],
    'removable-media': [{ what: 'write rules and AutoRun, from the registry', test: wine }],
    'auto-login': [{ what: 'whole, from the registry', test: wine }],
    'remote-access': [{ what: 'Remote Desktop, from the registry', test: wine }],
  },
  linux: {
    'screen-lock': [
      {
        what: 'settings tools of GNOME, Cinnamon, Plasma 5 and Xfce, and the lockers of X',
        test: linux('desktop'),
      },
    ],
    'removable-media': [
      { what: 'what opens by itself, in GNOME', test: linux('desktop') },
      { what: 'lsblk over a stick of our making, plain and under LUKS', test: linux('disks') },
      { what: 'modprobe', test: linux('passwords') },
    ],
    'disk-encryption': [
      {
        what: 'lsblk over device trees of our making, cryptsetup over real LUKS 1 and 2 headers',
        test: linux('disks'),
      },
    ],
    firewall: [
      { what: 'nftables, iptables and ufw; firewalld where it is installed', test: linux('firewall') },
    ],
    'password-policy': [{ what: 'libpwquality and pam_faillock', test: linux('passwords') }],
    'admin-rights': [{ what: 'sudo’s rules', test: linux('passwords') }],
  },
};
