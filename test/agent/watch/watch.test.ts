import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SourceError, type Sources } from '../../../agent/probe.ts';
import { Recording, replaySources } from '../../../agent/sources/recording.ts';
import { readWatch } from '../../../agent/state/watch.ts';
import { watchSignature } from '../../../agent/watch/changes.ts';
import { tellsOfMount, watchDisks } from '../../../agent/watch/darwin.ts';
import { mountSignature } from '../../../agent/watch/linux.ts';
import { lookAtMedia } from '../../../agent/watch/note.ts';
import { startMediaWatch } from '../../../agent/watch/watch.ts';
import { temporaryDirectory } from '../run-agent.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
function machine(name: string): Sources {
  const { recording } = JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
  return replaySources(Recording.parse(recording));
}
const until = async (condition: () => boolean) => {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test.each([
  ['linux/removable-media/off.json', false, true],
  ['linux/removable-media/luks-stick.json', true, true],
  ['linux/removable-media/veracrypt-stick.json', true, true],
  ['linux/removable-media/read-only-stick.json', false, false],
  ['darwin/removable-media/off.json', false, true],
  ['darwin/removable-media/read-only-stick.json', false, false],
  ['win32/removable-media/usb-disk.json', false, true],
  ['win32/removable-media/stick-encrypted.json', true, true],
  ['win32/removable-media/stick-read-only.json', false, false],
])('%s: one medium, encrypted %s, writable %s', async (name, encrypted, writable) => {
  const { media, complete } = await lookAtMedia(machine(name));
  expect(media).toMatchObject([{ encrypted, writable }]);
  expect(complete).toBe(true);
});

test.each([
  'linux/removable-media/sata-bay.json',
  'linux/removable-media/system-on-usb.json',
  'darwin/removable-media/disk-image.json',
  'win32/removable-media/empty-reader.json',
])('%s: no medium', async (name) => {
  expect(await lookAtMedia(machine(name))).toEqual({ media: [], complete: true });
});

test('a medium that could not be told is said to be missing', async () => {
  expect((await lookAtMedia(machine('darwin/removable-media/volume-unread.json'))).complete).toBe(false);
  expect((await lookAtMedia(machine('win32/removable-media/stick-unknown.json'))).complete).toBe(false);
  const unlisted = machine('linux/removable-media/off.json');
  const command = async () => {
    throw new SourceError('failed', 'lsblk failed');
  };
  await expect(lookAtMedia({ ...unlisted, command })).rejects.toThrow(SourceError);
});

test('on Linux a stick is told by its disk’s serial number and its volume', async () => {
  const sources = machine('linux/removable-media/off.json');
  const identities = async (serial: string | null, uuid: string | null) => {
    const { media } = await lookAtMedia({
      ...sources,
      async command(argv, options) {
        if (argv.includes('NAME,UUID,SERIAL')) {
          const { stdout } = await sources.command(['lsblk', '-J', '-b', '-o', columns]);
          const rename = (node: Record<string, unknown>): unknown => ({
            name: node['name'],
            uuid: node['children'] === undefined ? uuid : null,
            serial: node['tran'] === 'usb' ? serial : null,
            children: (node['children'] as Record<string, unknown>[] | undefined)?.map(rename),
          });
          const tree = JSON.parse(stdout) as { blockdevices: Record<string, unknown>[] };
          const text = JSON.stringify({ blockdevices: tree.blockdevices.map(rename) });
          return { stdout: text, stderr: '', exitCode: 0, stdoutBytes: Buffer.from(text) };
        }
        return sources.command(argv, options);
      },
    });
    return media.map(({ id }) => id);
  };
  const columns = 'NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN,RO';
  expect(await identities('A1', '1234-ABCD')).toEqual(['A1 1234-ABCD']);
  expect(await identities(null, '1234-ABCD')).toEqual(['1234-ABCD']);
  expect((await identities(null, null))[0]).toMatch(/^place sd/);
});

test('the mount table: devices count, snaps and temporary file systems do not', () => {
  const root = '24 1 252:1 / / rw,relatime shared:24 - ext4 /dev/mapper/root rw';
  const stick = '90 24 8:17 / /media/user/A\\040B rw,nosuid shared:9 - vfat /dev/sdb1 rw';
  const snap = '91 24 7:1 / /snap/core ro shared:8 - squashfs /dev/loop1 ro';
  const temporary = '92 24 0:40 / /tmp rw shared:7 - tmpfs tmpfs rw';
  const before = mountSignature([root, temporary].join('\n'));
  expect(mountSignature([root, temporary, snap].join('\n'))).toBe(before);
  expect(mountSignature([root, temporary, stick].join('\n'))).not.toBe(before);
  expect(mountSignature([root, stick].join('\n'))).not.toBe(
    mountSignature([root, stick.replace(' rw,', ' ro,')].join('\n')),
  );
});

test.skipIf(process.platform !== 'linux')('this machine’s own mount table is read', () => {
  expect(mountSignature()).toMatch(/ - \S+ \/dev\//);
});

test('a change calls back once, an unreadable table too, and a stop is a stop', async () => {
  let text: string | undefined = 'a';
  let calls = 0;
  const signal = watchSignature(
    () => {
      if (text === undefined) throw new Error('gone');
      return text;
    },
    5,
    () => {
      calls += 1;
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(calls).toBe(0);
  text = 'b';
  await until(() => calls === 1);
  text = undefined;
  await until(() => calls === 2);
  signal.stop();
  text = 'c';
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(calls).toBe(2);
});

test('macOS: lines about disks call back, other lines do not, and the program is stopped', async () => {
  expect(tellsOfMount("***DiskDescriptionChanged ('disk4s1', DAVolumePath = 'file:///Volumes/X/')")).toBe(
    true,
  );
  expect(tellsOfMount('***Begin monitoring DiskArbitration activity')).toBe(false);
  expect(tellsOfMount('***DAIdle (no DADiskRef)')).toBe(false);
  using state = temporaryDirectory();
  const script = join(state.path, 'activity.mjs');
  writeFileSync(
    script,
    `process.stdout.write('***Begin monitoring DiskArbitration activity\\n***DAIdle (no DADiskRef)\\n***DiskDesc');
     setTimeout(() => process.stdout.write("riptionChanged ('disk4s1')\\n"), 50);
     setTimeout(() => {}, 60_000);
     process.on('SIGTERM', () => { require('node:fs').writeFileSync(${JSON.stringify(join(state.path, 'stopped'))}, ''); process.exit(); });`.replace(
      'require(',
      'process.getBuiltinModule(',
    ),
  );
  let calls = 0;
  const signal = watchDisks(() => {
    calls += 1;
  }, [process.execPath, script]);
  await until(() => calls === 1);
  signal.stop();
  await until(() => {
    try {
      return readFileSync(join(state.path, 'stopped'), 'utf8') === '';
    } catch {
      return false;
    }
  });
  expect(calls).toBe(1);
});

test('a look is due at once, after a change and once a day; one that failed breaks the watch', async () => {
  using state = temporaryDirectory();
  const media = await startMediaWatch(state.path, () => {});
  const now = new Date();
  expect(media.isDue(now)).toBe(true);
  media.looking(now);
  await media.looked(0);
  const since = readWatch(state.path)?.since;
  expect(media.isDue(now)).toBe(false);
  expect(media.isDue(new Date(now.getTime() + 86_400_000)), 'another day').toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await media.looked(75);
  expect(readWatch(state.path)?.since.getTime()).toBeGreaterThan(
    since?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  await media.end();
  expect(readWatch(state.path)?.endedAt).not.toBeNull();
});

test('after somebody has left, nothing is written any more', async () => {
  using state = temporaryDirectory();
  const media = await startMediaWatch(state.path, () => {});
  media.looking(new Date());
  rmSync(join(state.path, 'watch.json'));
  await media.looked(78);
  await media.end();
  expect(readWatch(state.path)).toBeUndefined();
});
