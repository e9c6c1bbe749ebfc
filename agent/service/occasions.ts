import { type FSWatcher, watch } from 'node:fs';

/** What makes a check worth its while before it is due: the computer woke up, or a setting was changed. */
export interface Occasions {
  /** To be told of every look at the clock: a long time without one is sleep. */
  looked(now: Date): void;
  /** To be told of what the system says by itself: the computer woke up. */
  happened(now: Date): void;
  /** True once things have settled, and not soon after another check. */
  isDue(now: Date, lastCheckAt: Date | null): boolean;
  /** A check begins: what happens from now on is another occasion. */
  checking(): void;
  stop(): void;
}

export interface OccasionLimits {
  /** Longer than this without a look at the clock: the computer slept, or its clock was set. */
  readonly sleepMs: number;
  /** The network comes back, and who edits one file often edits another: so long nothing is done. */
  readonly settleMs: number;
  /** Never sooner than this after the last check. */
  readonly shortestGapMs: number;
}

/**
 * Where Linux keeps the settings of the whole machine that checks read. The folder's own files are watched, not what is in folders
 * below. `files`: in a folder where much else happens, only these.
 */
const linuxSettings: readonly { readonly folder: string; readonly files?: readonly string[] }[] = [
  {
    folder: '/etc',
    files: [
      'login.defs',
      'passwd',
      'group',
      'shadow',
      'sudoers',
      'crypttab',
      'nftables.conf',
      'os-release',
      'exports',
    ],
  },
  ...['pam.d', 'security', 'ssh', 'ssh/sshd_config.d', 'sudoers.d', 'ufw', 'firewalld/zones', 'usbguard']
    .concat([
      'dconf/db/local.d',
      'dconf/db/local.d/locks',
      'gdm3',
      'gdm',
      'lightdm',
      'lightdm/lightdm.conf.d',
    ])
    .concat(['sddm.conf.d', 'apt/apt.conf.d', 'apt/sources.list.d', 'yum.repos.d', 'dnf', 'systemd'])
    .map((name) => ({ folder: `/etc/${name}` })),
];

/** Settings files of this system that say by themselves when they change; none where the system keeps them elsewhere. */
const watchedSettings = process.platform === 'linux' ? linuxSettings : [];

/** Begins to watch. Never throws: what cannot be watched is checked when it is due. */
export function watchForOccasions(
  { sleepMs, settleMs, shortestGapMs }: OccasionLimits,
  settings: typeof linuxSettings = watchedSettings,
): Occasions {
  let happenedAt: number | undefined;
  let lastLookAt: number | undefined;
  const watchers: FSWatcher[] = [];
  for (const { folder, files } of settings) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (files === undefined || (name !== null && files.includes(name))) happenedAt = Date.now();
      });
      // The folder was removed, or there are too many watches on this machine.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // Not on this machine, or not for this account.
    }
  }
  return {
    looked(now) {
      if (lastLookAt !== undefined && Math.abs(now.getTime() - lastLookAt) > sleepMs)
        happenedAt = now.getTime();
      lastLookAt = now.getTime();
    },
    happened(now) {
      happenedAt = now.getTime();
    },
    isDue(now, lastCheckAt) {
      if (happenedAt === undefined) return false;
      const since = (at: number) => Math.abs(now.getTime() - at);
      if (lastCheckAt !== null && since(lastCheckAt.getTime()) < shortestGapMs) return false;
      return since(happenedAt) >= settleMs;
    },
    checking() {
      happenedAt = undefined;
    },
    stop() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
