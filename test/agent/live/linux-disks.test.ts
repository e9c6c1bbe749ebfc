import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Sources } from '../../../agent/probe.ts';
import { linux as diskEncryption } from '../../../agent/probes/disk-encryption/linux.ts';
import { linux as removableMedia } from '../../../agent/probes/removable-media/linux.ts';
import { readLuksHeader } from '../../../agent/readings/linux/luks.ts';
import { runCommand } from '../../../agent/sources/exec.ts';
import { replaySources } from '../../../agent/sources/recording.ts';
import { identityOf } from '../../../agent/watch/identity.ts';
import { describeWith, folder, shell } from './linux-bench.ts';

interface Device {
  readonly number: string;
  /** The disk a partition is on. */
  readonly partOf?: string;
  /** What a mapped device lies on. */
  readonly on?: readonly string[];
  /** Name and UUID in the device mapper. */
  readonly mapped?: readonly [name: string, uuid: string];
  readonly fsType?: string;
  readonly usb?: boolean;
  /** As udev has read them. */
  readonly uuid?: string;
  readonly serial?: string;
}

type Mounted = readonly [device: string, target: string, fsType: string, source: string, options?: string];

/** A /sys, /proc and /dev as the kernel and udev would make them for these devices; lsblk reads them with --sysroot. */
function machine(
  root: string,
  devices: Readonly<Record<string, Device>>,
  mounted: readonly Mounted[],
  swaps: readonly string[] = [],
): void {
  const places = new Map<string, string>();
  const put = (path: string, text: string | number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  };
  const link = (path: string, to: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(relative(dirname(join(root, path)), join(root, to)), join(root, path));
  };
  const usb = '/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0';
  const nvme = '/sys/devices/pci0000:00/0000:00:06.0/nvme/nvme0';
  for (const [name, device] of Object.entries(devices)) {
    const parent = device.mapped ? '/sys/devices/virtual/block' : device.usb ? `${usb}/block` : nvme;
    const place = device.partOf ? `${places.get(device.partOf)}/${name}` : `${parent}/${name}`;
    places.set(name, place);
    put(`${place}/dev`, device.number);
    put(`${place}/size`, 2_097_152);
    put(`${place}/ro`, 0);
    if (device.partOf) put(`${place}/partition`, 1);
    else {
      put(`${place}/removable`, 0);
      link(`/sys/block/${name}`, place);
    }
    mkdirSync(join(root, place, 'holders'));
    mkdirSync(join(root, place, 'slaves'));
    link(`/sys/dev/block/${device.number}`, place);
    const udev = [
      device.fsType && `ID_FS_TYPE=${device.fsType}`,
      device.usb && 'ID_BUS=usb',
      device.uuid && `ID_FS_UUID_ENC=${device.uuid}`,
      device.serial && `ID_SERIAL_SHORT=${device.serial}`,
    ]
      .filter(Boolean)
      .join('\n');
    put(`/dev/${name}`, udev);
    if (device.mapped) {
      put(`${place}/dm/name`, device.mapped[0]);
      put(`${place}/dm/uuid`, device.mapped[1]);
      put(`/dev/mapper/${device.mapped[0]}`, udev);
    }
    if (device.usb && !device.partOf) {
      // The kernel writes the address of the device out: lsblk reads it from the link's text.
      symlinkSync('../../../6:0:0:0', join(root, place, 'device'));
      link('/sys/bus/scsi/devices/6:0:0:0', usb);
      for (const [key, value] of Object.entries({ vendor: 'ACME', model: 'STICK', rev: '1', type: 0 }))
        put(`${usb}/${key}`, value);
    }
    for (const below of device.on ?? []) {
      link(`${place}/slaves/${below}`, places.get(below) ?? '');
      link(`${places.get(below)}/holders/${name}`, place);
    }
  }
  const rows = mounted.map(
    ([device, target, fsType, source, options = 'rw'], at) =>
      `${30 + at} 1 ${devices[device]?.number} / ${target} ${options} - ${fsType} ${source} ${options}\n`,
  );
  put('/proc/self/mountinfo', rows.join('').trimEnd());
  put(
    '/proc/swaps',
    [
      'Filename\tType\tSize\tUsed\tPriority',
      ...swaps.map((path) => `${path}\tpartition\t1048572\t0\t-2`),
    ].join('\n'),
  );
}

/** The real lsblk over that machine, and the files of it. */
function sourcesOf(root: string): Sources {
  const nothing = replaySources({
    recording: 1,
    platform: 'linux',
    osVersion: '',
    elevated: true,
    user: null,
    recordedAt: '2026-11-20T08:30:00Z',
    reads: [],
  });
  return {
    ...nothing,
    command: (argv, options) =>
      argv[0] === 'lsblk'
        ? runCommand(['lsblk', '--sysroot', root, ...argv.slice(1)])
        : nothing.command(argv, options),
    file: async (path) =>
      path.startsWith('/proc/') ? readFileSync(join(root, path), 'utf8') : nothing.file(path),
  };
}

const disk = {
  nvme0n1: { number: '259:0' },
  nvme0n1p1: { number: '259:1', partOf: 'nvme0n1', fsType: 'vfat' },
} as const;
const luks = { nvme0n1p3: { number: '259:3', partOf: 'nvme0n1', fsType: 'crypto_LUKS' } } as const;
const crypt = (fsType: string, kind = 'LUKS2') =>
  ({
    'dm-0': { number: '254:0', on: ['nvme0n1p3'], mapped: ['c', `CRYPT-${kind}-0123-c`], fsType },
  }) as const;
const efi: Mounted = ['nvme0n1p1', '/boot/efi', 'vfat', '/dev/nvme0n1p1'];

describeWith(
  'the disks as the real lsblk tells them',
  ['lsblk'],
  () => {
    const read = async (root: string) => ({
      system: await diskEncryption.system(sourcesOf(root)),
      others: await diskEncryption['other-volumes'](sourcesOf(root)),
      media: await removableMedia.unencrypted(sourcesOf(root)),
    });

    test('LVM on LUKS', async () => {
      using root = folder();
      machine(
        root.path,
        {
          ...disk,
          ...luks,
          ...crypt('LVM2_member'),
          'dm-1': { number: '254:1', on: ['dm-0'], mapped: ['vg-root', 'LVM-a'], fsType: 'ext4' },
          'dm-2': { number: '254:2', on: ['dm-0'], mapped: ['vg-swap', 'LVM-b'], fsType: 'swap' },
        },
        [['dm-1', '/', 'ext4', '/dev/mapper/vg-root'], efi],
        ['/dev/dm-2'],
      );
      expect(await read(root.path)).toEqual({
        system: { value: { state: 'encrypted' } },
        others: { value: { volumes: 1, unencrypted: 0, swap: false } },
        media: { value: { now: 0 } },
      });
    });

    test('plain, and a stick that is mounted', async () => {
      using root = folder();
      machine(
        root.path,
        {
          ...disk,
          nvme0n1p2: { number: '259:2', partOf: 'nvme0n1', fsType: 'ext4' },
          sda: { number: '8:0', usb: true },
          sda1: { number: '8:1', partOf: 'sda', usb: true, fsType: 'exfat' },
        },
        [
          ['nvme0n1p2', '/', 'ext4', '/dev/nvme0n1p2'],
          efi,
          ['sda1', '/media/user/MY\\040STICK', 'exfat', '/dev/sda1'],
        ],
      );
      expect(await read(root.path)).toEqual({
        system: { value: { state: 'not-encrypted' } },
        others: { notApplicable: 'none-present' },
        media: { value: { now: 1 } },
      });
    });

    test('a stick under LUKS', async () => {
      using root = folder();
      machine(
        root.path,
        {
          ...disk,
          ...luks,
          ...crypt('ext4'),
          sda: { number: '8:0', usb: true },
          sda1: { number: '8:1', partOf: 'sda', usb: true, fsType: 'crypto_LUKS' },
          'dm-5': { number: '254:5', on: ['sda1'], mapped: ['stick', 'CRYPT-LUKS2-9-stick'], fsType: 'ext4' },
        },
        [
          ['dm-0', '/', 'ext4', '/dev/mapper/c'],
          efi,
          ['dm-5', '/media/user/VOLUME1', 'ext4', '/dev/mapper/stick'],
        ],
      );
      expect(await read(root.path)).toMatchObject({
        system: { value: { state: 'encrypted' } },
        media: { value: { now: 0 } },
      });
    });

    test('which stick it is, by its volume and its maker’s number; a card reader’s number is not enough', async () => {
      const of = async (
        name: string,
        volume: Partial<Device>,
        mapped: Readonly<Record<string, Device>> = {},
      ) => {
        using root = folder();
        const sda = { number: '8:0', usb: true, serial: 'ACME-0001' };
        const sda1 = { number: '8:1', partOf: 'sda', usb: true, fsType: 'vfat', ...volume };
        machine(root.path, { ...disk, sda, sda1, ...mapped }, []);
        return await identityOf(sourcesOf(root.path), name);
      };
      expect(await of('sda1', { uuid: '1234-ABCD' })).toEqual({
        id: 'ACME-0001 1234-ABCD',
        identified: true,
      });
      expect(await of('sda1', {})).toEqual({ id: 'place sda1', identified: false });
      const inner = {
        number: '254:5',
        on: ['sda1'],
        mapped: ['stick', 'CRYPT-LUKS2-9-stick'],
        fsType: 'ext4',
        uuid: 'inner-uuid',
      } as const;
      expect(await of('stick', { uuid: 'luks-uuid', fsType: 'crypto_LUKS' }, { 'dm-5': inner })).toEqual({
        id: 'ACME-0001 luks-uuid inner-uuid',
        identified: true,
      });
      expect(await of('sdb1', { uuid: '1234-ABCD' }), 'pulled in the meantime').toEqual({
        id: 'place sdb1',
        identified: false,
      });
    });

    test('dm-verity, which lsblk calls crypt', async () => {
      using root = folder();
      machine(
        root.path,
        { ...disk, nvme0n1p3: { number: '259:3', partOf: 'nvme0n1' }, ...crypt('ext4', 'VERITY') },
        [['dm-0', '/', 'ext4', '/dev/mapper/c'], efi],
      );
      expect((await read(root.path)).system).toEqual({ value: { state: 'not-encrypted' } });
    });

    test('a logical volume over an encrypted and a plain partition', async () => {
      using root = folder();
      machine(
        root.path,
        {
          ...disk,
          ...luks,
          ...crypt('LVM2_member'),
          nvme0n1p4: { number: '259:4', partOf: 'nvme0n1', fsType: 'LVM2_member' },
          'dm-1': {
            number: '254:1',
            on: ['dm-0', 'nvme0n1p4'],
            mapped: ['vg-root', 'LVM-a'],
            fsType: 'ext4',
          },
        },
        [['dm-1', '/', 'ext4', '/dev/mapper/vg-root'], efi],
      );
      expect((await read(root.path)).system).toEqual({ value: { state: 'not-encrypted' } });
    });
  },
  false,
);

describeWith(
  'LUKS headers as the real cryptsetup tells them',
  ['cryptsetup'],
  () => {
    const format = (path: string, more = '') =>
      shell(
        `truncate -s 20M ${path}; printf one | cryptsetup luksFormat --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 ${more} ${path} -`,
      );
    const header = (path: string) =>
      readLuksHeader(
        { command: (argv: readonly [string, ...string[]]) => runCommand(argv) } as Sources,
        path,
      );

    test('one key, then two, then a recovery token', async () => {
      using home = folder();
      const path = join(home.path, 'disk');
      format(path, '--type luks2');
      expect(await header(path)).toEqual({ slots: 1, hasRecoveryToken: false, encryptsNothing: false });
      writeFileSync(join(home.path, 'key'), 'one');
      writeFileSync(join(home.path, 'second'), 'two');
      shell(
        `cryptsetup luksAddKey --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file ${home.path}/key ${path} ${home.path}/second`,
      );
      expect((await header(path)).slots).toBe(2);
      shell(
        `printf '{"type":"systemd-recovery","keyslots":["1"]}' | cryptsetup token import --json-file - ${path}`,
      );
      expect((await header(path)).hasRecoveryToken).toBe(true);
    });

    test('LUKS1', async () => {
      using home = folder();
      const path = join(home.path, 'disk');
      format(path, '--type luks1');
      expect(await header(path)).toEqual({ slots: 1, hasRecoveryToken: false, encryptsNothing: false });
    });

    test('a cipher that encrypts nothing', async ({ skip }) => {
      if (!/device-mapper/.test(readFileSync('/proc/misc', 'utf8'))) skip('this kernel has no device mapper');
      using home = folder();
      const path = join(home.path, 'disk');
      format(path, '--type luks1 --cipher cipher_null-ecb --key-size 256');
      expect((await header(path)).encryptsNothing).toBe(true);
    });

    test('no LUKS at all', async () => {
      using home = folder();
      const path = join(home.path, 'disk');
      shell(`truncate -s 20M ${path}`);
      await expect(header(path)).rejects.toMatchObject({ reason: 'failed' });
    });
  },
  false,
);
