import { describe, expect, test } from 'vitest';
import {
  parseHypridle,
  parseLockCommand,
  parseSwayidle,
  parseSwayidleFile,
  parseXautolock,
  parseXscreensaver,
  parseXset,
} from '../../../../agent/readings/linux/lock-commands.ts';

describe('a command that locks', () => {
  test.each([
    'swaylock -f',
    '/usr/bin/swaylock',
    'pidof hyprlock || hyprlock',
    'sh -c "sleep 1; swaylock -f"',
    "bash -lc 'gtklock'",
    'playerctl pause; i3lock -n',
    'exec physlock',
  ])('%s', (command) => {
    expect(parseLockCommand(command).locker).toBe(true);
  });

  test.each([
    '',
    'pkill swaylock',
    'pidof hyprlock',
    'notify-send "swaylock soon"',
    'echo swaylock',
    'swaymsg output * power off',
    'brightnessctl -s set 10',
    'systemctl suspend',
    'loginctl lock-session',
    'swaylock-settings',
  ])('not: %s', (command) => {
    expect(parseLockCommand(command).locker).toBe(false);
  });

  test('asking logind is told apart', () => {
    expect(parseLockCommand('loginctl lock-session')).toMatchObject({ locker: false, asksLogind: true });
    expect(parseLockCommand('loginctl unlock-session').asksLogind).toBe(false);
  });

  test('a grace period is read', () => {
    expect(parseLockCommand('hyprlock --grace 30').graceSeconds).toBe(30);
    expect(parseLockCommand('swaylock --grace=5 -f').graceSeconds).toBe(5);
  });
});

test('swayidle: the earliest timeout that locks', () => {
  const words =
    '-w timeout 900 swaylock timeout 60 swaymsg dpms resume swaylock timeout 120 swaylock -f'.split(' ');
  expect(parseSwayidle(words)).toEqual({ seconds: 120, graceSeconds: 0 });
  expect(parseSwayidle('-w before-sleep swaylock'.split(' '))).toBeUndefined();
  expect(parseSwayidle('-w timeout 0 swaylock'.split(' '))).toBeUndefined();
  expect(parseSwayidle('-w timeout soon swaylock'.split(' '))).toBeUndefined();
});

test('swayidle: quotes and comments of its file', () => {
  expect(parseSwayidleFile(`#timeout 1 'swaylock'\ntimeout 300 'swaylock -f -c "000000"'\n`)).toEqual({
    seconds: 300,
    graceSeconds: 0,
  });
  expect(parseSwayidleFile('timeout 300 \'swaymsg "output * power off"\'\n')).toBeUndefined();
});

test('hypridle: blocks on one line, comments, variables, includes', () => {
  expect(
    parseHypridle(
      'general { lock_cmd = hyprlock }\nlistener { timeout = 90\non-timeout = loginctl lock-session\n}',
    ).lock,
  ).toEqual({ seconds: 90, graceSeconds: 0 });
  expect(parseHypridle('listener {\n  timeout = 90\n  # on-timeout = hyprlock\n}').lock).toBeUndefined();
  expect(parseHypridle('source = ~/more.conf\n')).toEqual({ lock: undefined, elsewhere: true });
  expect(
    parseHypridle('# lock_cmd = hyprlock\nlistener {\n timeout = 90\n on-timeout = loginctl lock-session\n}')
      .lock,
  ).toBeUndefined();
});

test('xautolock: ten minutes unless told, never without a locker', () => {
  expect(parseXautolock(['-locker', 'slock'])).toEqual({ seconds: 600, graceSeconds: 0 });
  expect(parseXautolock('-locker i3lock -n -time 3'.split(' '))).toEqual({ seconds: 180, graceSeconds: 0 });
  expect(parseXautolock('-time 3 -locker true -notifier i3lock'.split(' '))).toBeUndefined();
  expect(parseXautolock(['-time', '3'])).toBeUndefined();
});

test('xset and xscreensaver', () => {
  expect(parseXset('Screen Saver:\n  timeout:  300    cycle:  60\n')).toEqual({ timeout: 300, cycle: 60 });
  expect(parseXset('no display')).toBeUndefined();
  expect(parseXscreensaver('timeout: 1:00:05\nlock: True\nlockTimeout: 0:00:10\n')).toEqual({
    seconds: 3605,
    graceSeconds: 10,
  });
  expect(parseXscreensaver('timeout: 0:10:00\nlock: True\nmode: off\n')).toBeUndefined();
  expect(parseXscreensaver('lock: False\n')).toBeUndefined();
});
