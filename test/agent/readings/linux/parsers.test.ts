import { describe, expect, test } from 'vitest';
import { isEncrypted, parseBlockDevices } from '../../../../agent/readings/linux/block-devices.ts';
import {
  parseIni,
  parseShellAssignments,
  shellWords,
} from '../../../../agent/readings/linux/configuration.ts';
import { desktopOf, parsePrograms, runningOf } from '../../../../agent/readings/linux/desktop.ts';
import { parseActiveZones, parseZone } from '../../../../agent/readings/linux/firewalld.ts';
import { parseCount } from '../../../../agent/readings/linux/gsettings.ts';
import { parseLuksHeader } from '../../../../agent/readings/linux/luks.ts';
import { mountOf, parseMounts, parseSwaps } from '../../../../agent/readings/linux/mounts.ts';
import { pamWords } from '../../../../agent/readings/linux/pam.ts';
import { parseAccounts, parseShadow } from '../../../../agent/readings/linux/people.ts';
import { parseServices } from '../../../../agent/readings/linux/services.ts';
import { parseLoginSession, parseSessionIds } from '../../../../agent/readings/linux/sessions.ts';
import { asksForPassword, logicalLines } from '../../../../agent/readings/linux/sudoers.ts';
import { parseUfw } from '../../../../agent/readings/linux/ufw.ts';
import { letsStorageIn } from '../../../../agent/readings/linux/usb-storage.ts';
import { mergeXfconf, parseXfconfFile } from '../../../../agent/readings/linux/xfconf.ts';

const unparseable = expect.objectContaining({ reason: 'unparseable' });

test('session ids stand in the first column of every layout', () => {
  expect(parseSessionIds('      2 1000 user seat0 tty2\n     c1 120 gdm seat0 tty1\n')).toEqual(['2', 'c1']);
  expect(parseSessionIds('2 1000 user seat0 1702 user    tty3 no -\n')).toEqual(['2']);
  expect(parseSessionIds('\nNo sessions.\n')).toEqual([]);
  expect(() => parseSessionIds('--help\n')).toThrow(unparseable);
});

test('a session needs its class, type and whether it is remote', () => {
  expect(parseLoginSession('Remote=yes\nClass=user\nUser=1000\nType=x11\n')).toMatchObject({
    remote: true,
    uid: 1000,
  });
  expect(() => parseLoginSession('User=1000\nClass=user\nType=x11\n')).toThrow(unparseable);
  expect(() => parseLoginSession('User=many\nClass=user\nType=x11\nRemote=no\n')).toThrow(unparseable);
});

test('desktops by their words', () => {
  expect(desktopOf('ubuntu:GNOME')?.desktop).toBe('gnome');
  expect(desktopOf('X-Cinnamon')?.desktop).toBe('cinnamon');
  expect(desktopOf('GNOME-Flashback:GNOME')?.desktop).toBe('other');
  expect(desktopOf('Pantheon')?.desktop).toBe('other');
  expect(desktopOf('')).toBeUndefined();
});

test('a script goes by its own name', () => {
  const programs = parsePrograms(
    '12 /usr/bin/python3 -O /usr/bin/cinnamon-screensaver\n13 swayidle -w\nrubbish\n',
  );
  expect(programs.map(({ name }) => name)).toEqual(['cinnamon-screensaver', 'swayidle']);
  expect(runningOf(programs, 'cinnamon-screen')).toBeDefined();
  expect(runningOf(programs, 'cinnamon')).toBeUndefined();
  expect(runningOf(programs, 'sway')).toBeUndefined();
});

test('units by the order they were asked in, aliases too', () => {
  const block = (id: string, load: string, active: string) =>
    `Id=${id}\nLoadState=${load}\nActiveState=${active}\nUnitFileState=\n`;
  const services = parseServices(
    `${block('ssh.service', 'loaded', 'active')}\n${block('ssh.service', 'loaded', 'active')}\n${block('ufw.service', 'not-found', 'inactive')}`,
    ['ssh.service', 'sshd.service', 'ufw.service'],
  );
  expect(services.unit('sshd.service').active).toBe(true);
  expect(services.unit('ufw.service').installed).toBe(false);
  expect(() => services.unit('cups.service')).toThrow(expect.objectContaining({ reason: 'missing' }));
  expect(() => parseServices('', [])).toThrow(unparseable);
});

test('numbers of gsettings', () => {
  expect([parseCount('uint32 300', 'x'), parseCount('5', 'x'), parseCount('int32 0', 'x')]).toEqual([
    300, 5, 0,
  ]);
  for (const text of ['', 'uint32', '-1', '@as []', "'5'", '5.5']) {
    expect(() => parseCount(text, 'x')).toThrow(unparseable);
  }
});

test('configuration files', () => {
  expect(parseShellAssignments(`ID="a b" # no\nV='1'\nN=2 # c\n#X=1\n`)).toEqual(
    new Map([
      ['ID', 'a b'],
      ['V', '1'],
      ['N', '2'],
    ]),
  );
  expect(shellWords(`a 'b c' "d \\"e\\"" f\\ g --h="i j"`)).toEqual(['a', 'b c', 'd "e"', 'f g', '--h=i j']);
  const groups = parseIni('x=0\n[A]\n# k=1\nk = 2\n[A]\nk=3\n[B][$i]\nk=4\n[C]\nk[$i]=5\n');
  expect(groups.get('A')?.get('k')).toEqual({ value: '3', locked: false });
  expect(groups.get('B')?.get('k')?.locked).toBe(true);
  expect(groups.get('C')?.get('k')).toEqual({ value: '5', locked: true });
});

test('PAM lines: continuations, brackets, comments', () => {
  expect(
    pamWords('auth [success=1 \\\n default=ignore] pam_unix.so nullok # x\n#auth\n-auth optional a.so\n'),
  ).toEqual([
    ['auth', '[success=1   default=ignore]', 'pam_unix.so', 'nullok'],
    ['-auth', 'optional', 'a.so'],
  ]);
});

test('accounts and their passwords', () => {
  const accounts = parseAccounts(
    'root:x:0:0::/:/bin/bash\nn:x:65534:65534::/:/bin/sh\nu::1000:1000::/home/u:\nd:x:70000:1::/:/bin/sh\n',
    { min: 1000, max: 60000 },
  );
  expect(accounts.map(({ interactive }) => interactive)).toEqual([true, false, true, false]);
  expect(accounts[2]?.passwordless).toBe(true);
  expect(() => parseAccounts('nothing', { min: 1, max: 2 })).toThrow(unparseable);
  expect(parseShadow('a::1:0:99999:7:::\nb:!:1::::::\nc:$y$x:1:0:90:7:::\n')).toEqual([
    { name: 'a', password: 'none', maxDays: null },
    { name: 'b', password: 'locked', maxDays: null },
    { name: 'c', password: 'set', maxDays: 90 },
  ]);
});

test('mounts, also with blanks in their names, and swap', () => {
  const mounts = parseMounts(
    '24 1 8:1 / / rw - ext4 /dev/sda1 rw\n25 24 8:2 / /media/user/MY\\040STICK rw,nosuid - vfat /dev/sdb1 ro\n',
  );
  expect(mounts[1]).toEqual({
    target: '/media/user/MY STICK',
    fsType: 'vfat',
    source: '/dev/sdb1',
    readOnly: true,
  });
  expect(mountOf(mounts, '/media/user/MY STICK/a')?.source).toBe('/dev/sdb1');
  expect(mountOf(mounts, '/media/user/MY')?.source).toBe('/dev/sda1');
  expect(() => parseMounts('24 1 8:1 / / rw ext4\n')).toThrow(unparseable);
  expect(parseSwaps('Filename\tType\tSize\n')).toEqual([]);
  expect(() => parseSwaps('')).toThrow(unparseable);
});

describe('lsblk', () => {
  const device = (name: string, type: string, fstype: string | null, children: unknown[] = []) => ({
    name,
    type,
    fstype,
    mountpoints: [null],
    children,
  });
  const tree = (...blockdevices: unknown[]) => parseBlockDevices(JSON.stringify({ blockdevices }));

  test('every way down has to be encrypted', () => {
    const top = device('lvm1', 'lvm', 'ext4');
    const crypt = device('sda', 'disk', 'crypto_LUKS', [device('crypt1', 'crypt', 'LVM2_member', [top])]);
    const both = tree(crypt, device('sdb', 'disk', 'LVM2_member', [top])).get('lvm1');
    const one = tree(crypt).get('lvm1');
    expect(both && isEncrypted(both)).toBe(false);
    expect(one && isEncrypted(one)).toBe(true);
  });

  test('crypt on BitLocker counts, on a plain partition it does not', () => {
    const on = (fstype: string | null) =>
      tree(device('sda', 'disk', fstype, [device('c', 'crypt', 'ext4')])).get('c');
    expect(['BitLocker', 'crypto_LUKS', 'ext4', null].map((fs) => isEncrypted(on(fs) as never))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    '',
    '{}',
    '{"blockdevices":[]}',
    '{"blockdevices":[{"name":1}]}',
    '{"blockdevices":[{"name":"a","type":"disk","ro":"maybe"}]}',
  ])('%j is no answer', (text) => {
    expect(() => parseBlockDevices(text)).toThrow(unparseable);
  });
});

test('LUKS headers', () => {
  expect(parseLuksHeader('Key Slot 0: ENABLED\nKey Slot 1: ENABLED\nKey Slot 2: DISABLED\n').slots).toBe(2);
  expect(parseLuksHeader('Keyslots:\n  0: luks2\n  1: luks2 (unbound)\nDigests:\n  0: pbkdf2\n')).toEqual({
    slots: 1,
    hasRecoveryToken: false,
    encryptsNothing: false,
  });
  expect(parseLuksHeader('Cipher name:   \tcipher_null\nKey Slot 0: ENABLED\n').encryptsNothing).toBe(true);
  expect(() => parseLuksHeader('Device /dev/sda is not a valid LUKS device.')).toThrow(unparseable);
});

test('firewalld zones and ufw', () => {
  expect(parseActiveZones('public (default)\n  interfaces: eth0\nhome\n  sources: 192.0.2.0/24\n')).toEqual([
    'public',
    'home',
  ]);
  expect(parseZone('z\n  target: DROP\n  ports: 22/tcp\n  protocols: \n')).toBe('refused');
  expect(parseZone('z\n  target: default\n  ports: \n  protocols: tcp\n')).toBe('partly-open');
  expect(() => parseZone('z\n  target: whatever\n')).toThrow(unparseable);
  const accepting = (rule: string) => parseZone(`z\n  target: ACCEPT\n  rich rules: \n\t${rule}\n`);
  expect(accepting('rule priority="32767" reject')).toBe('refused');
  expect(accepting('rule priority="32767" family="ipv4" reject')).toBe('open');
  expect(accepting('rule priority="32767" source address="192.0.2.1" reject')).toBe('open');
  expect(parseUfw('Status: inactive\n')).toEqual({ active: false });
  expect(parseUfw('Status: active\nDefault: reject (incoming), allow (outgoing)\n')).toEqual({
    active: true,
    inbound: 'refused',
  });
  const logged = 'Status: active\nDefault: deny (incoming)\n\nAnywhere ALLOW IN Anywhere (log)\n';
  expect(parseUfw(logged)).toEqual({ active: true, inbound: 'open' });
  expect(() => parseUfw('Status: aktiv\n')).toThrow(unparseable);
  expect(() => parseUfw('Status: active\n')).toThrow(unparseable);
});

test('USBGuard rules that let storage in', () => {
  expect(
    [
      'allow',
      'allow id 1:2',
      'allow with-interface 08:06:50',
      'allow with-interface { 03:01:01 08:*:* }',
      'allow with-interface *:*:*',
    ].map(letsStorageIn),
  ).not.toContain(false);
  expect(
    [
      '',
      '# allow',
      'block with-interface 08:*:*',
      'allow with-interface 03:00:01',
      'allow with-interface one-of { 03:00:01 09:00:00 }',
    ].map(letsStorageIn),
  ).not.toContain(true);
});

describe('sudoers', () => {
  const asks = (text: string) => asksForPassword(['root ALL=(ALL) ALL', ...logicalLines(text)]);
  test.each([
    '%sudo ALL=(ALL:ALL) NOPASSWD: ALL',
    'user ALL=NOPASSWD:SETENV: ALL',
    'ALL ALL=(ALL) /bin/ls, NOPASSWD: ALL',
    'Defaults:user !authenticate',
    '%wheel ALL = (ALL) \\\n NOPASSWD: ALL',
    'user ALL=(postgres) NOPASSWD: ALL, (root) ALL',
    'user ALL=(ALL, !root) NOPASSWD: ALL',
    'user ALL=(ALL) CWD=* NOPASSWD: ALL',
    'Cmnd_Alias LS = /bin/ls : ANY = ALL\nuser ALL=NOPASSWD: LS, ANY',
  ])('silent: %s', (text) => {
    expect(asks(text)).toBe(false);
  });
  test.each([
    '',
    '%sudo ALL=(ALL:ALL) ALL',
    '# user ALL=(ALL) NOPASSWD: ALL',
    'user ALL=NOPASSWD: /bin/ls, PASSWD: ALL',
    'root ALL=(ALL) NOPASSWD: ALL',
    '%sudo ALL=NOPASSWD: ALL\n%sudo ALL=(ALL) ALL',
    'Defaults targetpw',
    'user ALL=(postgres) NOPASSWD: ALL',
    'user ALL=(:disk) NOPASSWD: ALL',
    'Cmnd_Alias LS = /bin/ls\nuser ALL=NOPASSWD: LS',
  ])('asks: %s', (text) => {
    expect(asks(text)).toBe(true);
  });
});

test('xfconf files: nested properties, locked by the administrator', () => {
  const own = parseXfconfFile(
    '<channel name="c"><property name="a" type="empty"><property name="b" type="int" value="1"/></property></channel>',
  );
  const system = parseXfconfFile(
    '<?xml version="1.0"?><!-- <x> --><channel name="c" locked="*"><property name="a" type="empty"><property name="b" type="int" value="9"/></property></channel>',
  );
  expect(own.get('/a/b')).toEqual({ value: '1', locked: false });
  expect(mergeXfconf(own, system).get('/a/b')).toEqual({ value: '9', locked: true });
  for (const text of ['', '<channel name="c">', '<property name="a" value="1"/>']) {
    expect(() => parseXfconfFile(text)).toThrow(unparseable);
  }
});
