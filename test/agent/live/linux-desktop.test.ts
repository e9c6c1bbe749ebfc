import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandResult, SourceError, type Sources } from '../../../agent/probe.ts';
import { linux as removableMedia } from '../../../agent/probes/removable-media/linux.ts';
import { linux as screenLock } from '../../../agent/probes/screen-lock/linux.ts';
import { runCommand } from '../../../agent/sources/exec.ts';
import { readBytes } from '../../../agent/sources/files.ts';
import { replaySources } from '../../../agent/sources/recording.ts';
import { linuxSession } from '../../../agent/sources/session/linux.ts';
import { describeWith, folder, shell } from './linux-bench.ts';

const ok = (stdout: string): CommandResult => ({
  stdout,
  stderr: '',
  exitCode: 0,
  stdoutBytes: Buffer.from(stdout),
});

interface Session {
  readonly home: string;
  /** XDG_CURRENT_DESKTOP. */
  readonly desktop: string;
  readonly displayManager?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What pgrep would find; left out, the real one is asked. */
  readonly programs?: string;
}

/** A person's session: who is signed in is told, the settings are read by the real tools from a home and a bus of its own. */
function session({ home, desktop, displayManager = 'gdm3', env = {}, programs }: Session): Sources {
  const uid = process.getuid?.() ?? 0;
  const nothing = replaySources({
    recording: 1,
    platform: 'linux',
    osVersion: '',
    elevated: false,
    user: null,
    recordedAt: '2026-11-20T08:30:00Z',
    reads: [],
  });
  const told = (argv: readonly string[]): string | undefined => {
    if (argv[1] === 'list-sessions') return '1 0 me seat0 tty2\n';
    if (argv[1] === 'show-session')
      return `Id=1\nUser=${uid}\nName=me\nType=x11\nClass=user\nActive=yes\nRemote=no\nSeat=seat0\n`;
    if (argv[0] === 'readlink') return `/lib/systemd/system/${displayManager}.service\n`;
    if (argv.includes('show-environment')) return `XDG_CURRENT_DESKTOP=${desktop}\n`;
    return argv[0] === 'pgrep' ? programs : undefined;
  };
  return {
    ...nothing,
    user: { name: 'user', uid },
    async command(argv, options) {
      const answer = told(argv);
      if (answer !== undefined) return ok(answer);
      const variables = {
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        XDG_RUNTIME_DIR: home,
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
        ...env,
      };
      const onBus = argv[0] === 'xfconf-query' && !('NO_BUS' in env);
      return runCommand(onBus ? ['dbus-run-session', '--', ...argv] : argv, {
        ...options,
        timeoutMs: 15_000,
        env: variables,
      });
    },
    async file(path) {
      return Buffer.from(await readBytes(path.replace(/^\/home\/user/, home))).toString('utf8');
    },
    async directory() {
      throw new SourceError('missing', 'not here', 'ENOENT');
    },
  };
}

const limits = { maxSeconds: 900 };
const lock = async (sources: Sources) => ({
  idle: await screenLock.idle(sources, limits),
  grace: await screenLock.grace(sources, { maxSeconds: 5 }),
});

/** Changes settings as a person would, through a bus of its own that writes them to the home. */
const inSession = (home: string, script: string) =>
  shell(`dbus-run-session -- bash -euc '${script}; sleep 0.3'`, {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_RUNTIME_DIR: home,
  });

describeWith(
  'root, and the settings of the person at the screen',
  ['gsettings', 'dconf', 'dbus-run-session', 'runuser'],
  () => {
    test('root becomes the person: its own settings say something else', async () => {
      using home = folder();
      shell(`chown nobody ${home.path}`);
      const asNobody = 'runuser -u nobody -- env -i PATH=/usr/bin:/bin';
      shell(
        `${asNobody} HOME=${home.path} XDG_RUNTIME_DIR=${home.path} dbus-run-session -- bash -c 'gsettings set org.gnome.desktop.screensaver lock-enabled false; sleep 0.3'`,
      );
      const low = {
        async command(argv: readonly [string, ...string[]]) {
          if (argv[1] === 'list-sessions') return ok('1 65534 nobody seat0 tty2\n');
          if (argv[1] === 'show-session') {
            return ok(
              'User=65534\nName=nobody\nType=wayland\nClass=user\nActive=yes\nRemote=no\nSeat=seat0\n',
            );
          }
          if (argv[0] === 'getent') return ok(`nobody:x:65534:65534::${home.path}:/usr/sbin/nologin\n`);
          return runCommand(argv, { timeoutMs: 10_000 });
        },
      };
      const live = await linuxSession(low, true, 0);
      const asked = ['gsettings', 'get', 'org.gnome.desktop.screensaver', 'lock-enabled'] as const;
      expect((await live.command(asked, { as: 'user' })).stdout).toBe('false\n');
      expect((await live.command(asked)).stdout).toBe('true\n');
      expect((await live.command(['id', '-un'], { as: 'user' })).stdout).toBe('nobody\n');
      expect((await live.command(['runuser', '-u', 'nobody', '--', 'id', '-u'])).stdout).toBe('65534\n');
      // Nothing of root's is left behind in the person's home.
      expect(shell(`find ${home.path} -not -user nobody`)).toBe('');
      await expect(live.command(['no-such-program'], { as: 'user' })).rejects.toMatchObject({
        code: 'ENOENT',
      });
    });
  },
);

describeWith(
  'GNOME settings',
  ['gsettings', 'dconf', 'dbus-run-session'],
  () => {
    test('nothing set: the schema answers', async () => {
      using home = folder();
      expect(await lock(session({ home: home.path, desktop: 'ubuntu:GNOME' }))).toEqual({
        idle: { value: { seconds: 300, by: 'saver' } },
        grace: { value: { seconds: 0 } },
      });
    });

    test('set by the person', async () => {
      using home = folder();
      inSession(
        home.path,
        'gsettings set org.gnome.desktop.session idle-delay 1200; gsettings set org.gnome.desktop.screensaver lock-delay 30',
      );
      expect(await lock(session({ home: home.path, desktop: 'GNOME' }))).toEqual({
        idle: { value: { seconds: 1230, by: 'saver' } },
        grace: { value: { seconds: 30 } },
      });
    });

    test('switched off by the person', async () => {
      using home = folder();
      inSession(home.path, 'gsettings set org.gnome.desktop.screensaver lock-enabled false');
      expect(await lock(session({ home: home.path, desktop: 'GNOME' }))).toMatchObject({
        idle: { value: { seconds: null, because: 'switched-off' } },
        grace: { value: { seconds: null } },
      });
    });

    test('held by the administrator, against what the person chose', async () => {
      using home = folder();
      inSession(home.path, 'gsettings set org.gnome.desktop.session idle-delay 0');
      const database = join(home.path, 'db');
      mkdirSync(join(database, 'local.d/locks'), { recursive: true });
      writeFileSync(
        join(database, 'local.d/company'),
        '[org/gnome/desktop/session]\nidle-delay=uint32 600\n',
      );
      writeFileSync(join(database, 'local.d/locks/company'), '/org/gnome/desktop/session/idle-delay\n');
      const profile = join(home.path, 'profile');
      writeFileSync(profile, `user-db:user\nfile-db:${database}/local\n`);
      const sources = session({ home: home.path, desktop: 'GNOME', env: { DCONF_PROFILE: profile } });
      // Files that were never compiled have no effect.
      expect((await lock(sources)).idle).toEqual({ value: { seconds: null, because: 'switched-off' } });
      shell(`dconf compile ${database}/local ${database}/local.d`);
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 600, by: 'saver' }, origin: 'policy' });
    });

    test('what opens by itself', async () => {
      using home = folder();
      const sources = session({ home: home.path, desktop: 'GNOME' });
      expect(await removableMedia.autorun(sources)).toEqual({ value: { opens: true } });
      inSession(home.path, 'gsettings set org.gnome.desktop.media-handling autorun-never true');
      expect(await removableMedia.autorun(sources)).toEqual({ value: { opens: false } });
    }, 30_000);
  },
  false,
);

describeWith(
  'Cinnamon, MATE and light-locker settings',
  ['gsettings', 'dconf', 'dbus-run-session'],
  () => {
    const has = (schema: string) => shell('gsettings list-schemas').split('\n').includes(schema);

    test('Cinnamon counts in seconds', async ({ skip }) => {
      if (!has('org.cinnamon.desktop.session')) skip('cinnamon-desktop-data is not installed');
      using home = folder();
      const sources = session({
        home: home.path,
        desktop: 'X-Cinnamon',
        programs: '9 cinnamon-screensaver\n',
      });
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 900, by: 'saver' } });
    });

    test('MATE counts in minutes', async ({ skip }) => {
      if (!has('org.mate.screensaver') || !has('org.mate.session'))
        skip('the schemas of MATE are not installed');
      using home = folder();
      const sources = session({ home: home.path, desktop: 'MATE', programs: '9 mate-screensaver\n' });
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 300, by: 'saver' } });
    });
  },
  false,
);

describeWith(
  'Plasma settings',
  ['kreadconfig5', 'kwriteconfig5'],
  () => {
    const write = (home: string, key: string, value: string) =>
      shell(`kwriteconfig5 --file kscreenlockerrc --group Daemon --key ${key} ${value}`, {
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
      });

    test('nothing set: an empty line, and the defaults hold', async () => {
      using home = folder();
      expect(await lock(session({ home: home.path, desktop: 'KDE', displayManager: 'sddm' }))).toEqual({
        idle: { value: { seconds: 305, by: 'saver' } },
        grace: { value: { seconds: 5 } },
      });
    });

    test('set by the person', async () => {
      using home = folder();
      mkdirSync(join(home.path, '.config'));
      write(home.path, 'Timeout', '20');
      write(home.path, 'LockGrace', '0');
      const sources = session({ home: home.path, desktop: 'KDE', displayManager: 'sddm' });
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 1200, by: 'saver' } });
      write(home.path, 'Autolock', '--type bool false');
      expect((await lock(sources)).idle).toMatchObject({ value: { seconds: null } });
    });

    test('held by the administrator', async () => {
      using home = folder();
      mkdirSync(join(home.path, '.config'));
      mkdirSync(join(home.path, 'xdg'));
      write(home.path, 'Timeout', '0');
      writeFileSync(join(home.path, 'xdg/kscreenlockerrc'), '[Daemon][$i]\nTimeout=10\n');
      const env = { XDG_CONFIG_DIRS: join(home.path, 'xdg') };
      const sources = session({ home: home.path, desktop: 'KDE', displayManager: 'sddm', env });
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 605, by: 'saver' } });
    });
  },
  false,
);

describeWith(
  'Xfce settings',
  ['xfconf-query', 'dbus-run-session'],
  () => {
    test('asked from xfconf, and read from its file without a bus', async () => {
      using home = folder();
      const programs = '9 xfce4-screensaver\n';
      const sources = session({ home: home.path, desktop: 'XFCE', programs });
      expect((await lock(sources)).idle).toEqual({ value: { seconds: 300, by: 'saver' }, origin: 'default' });
      inSession(
        home.path,
        'xfconf-query -c xfce4-screensaver -p /saver/idle-activation/delay -n -t int -s 12; xfconf-query -c xfce4-screensaver -p /lock/saver-activation/delay -n -t int -s 2; sleep 1',
      );
      const changed = { idle: { value: { seconds: 840, by: 'saver' } }, grace: { value: { seconds: 120 } } };
      expect(await lock(sources)).toEqual(changed);
      const file = session({ home: home.path, desktop: 'XFCE', programs, env: { NO_BUS: '1' } });
      expect(await lock(file)).toEqual(changed);
    }, 40_000);
  },
  false,
);

describeWith(
  'the X screen saver and xautolock',
  ['Xvfb', 'xset', 'xautolock', 'pgrep'],
  () => {
    test('a running xautolock, and xset', async () => {
      using home = folder();
      const display = `:${60 + (process.pid % 30)}`;
      const x = spawn('Xvfb', [display, '-noreset', '-nolisten', 'tcp'], { stdio: 'ignore' });
      const env = { DISPLAY: display };
      try {
        shell('for _ in $(seq 50); do xset q >/dev/null 2>&1 && break; sleep 0.1; done; xset s 240', env);
        const sources = session({ home: home.path, desktop: 'i3', env, displayManager: 'lightdm' });
        expect((await lock(sources)).idle).toMatchObject({ value: { seconds: null, because: 'no-locker' } });
        const locker = spawn('xautolock', ['-time', '7', '-locker', 'i3lock -n'], {
          stdio: 'ignore',
          env: { ...process.env, ...env },
        });
        try {
          shell('for _ in $(seq 50); do pgrep -x xautolock >/dev/null && break; sleep 0.1; done');
          expect((await lock(sources)).idle).toEqual({ value: { seconds: 420, by: 'locker' } });
        } finally {
          locker.kill();
        }
        const told = session({
          home: home.path,
          desktop: 'i3',
          env,
          displayManager: 'lightdm',
          programs: '9 xss-lock -- i3lock\n',
        });
        expect((await lock(told)).idle).toEqual({ value: { seconds: 240, by: 'locker' } });
        shell('xset s off', env);
        expect((await lock(told)).idle).toMatchObject({ value: { seconds: null } });
      } finally {
        x.kill();
      }
    }, 30_000);
  },
  false,
);
