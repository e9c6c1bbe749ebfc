import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Sources } from '../../../agent/probe.ts';
import { linux } from '../../../agent/probes/removable-media/linux.ts';
import { type Read, replaySources } from '../../../agent/sources/recording.ts';
import { openHistory } from '../../../agent/state/history.ts';
import { MediaLog } from '../../../agent/state/media.ts';
import { withApprovals } from '../../../agent/watch/approvals.ts';
import { identityOf } from '../../../agent/watch/identity.ts';
import { lookAtMedia } from '../../../agent/watch/note.ts';
import type { DeviceWaiver } from '../../../shared/waiver.ts';

const now = new Date('2026-11-20T08:30:00Z');
const columns = 'NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN,RO';
const mounts = [
  '28 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw',
  '90 28 8:17 / /media/user/A rw - vfat /dev/sdb1 rw',
  '91 28 8:33 / /media/user/B rw - vfat /dev/sdc1 rw',
  '',
];

interface Stick {
  readonly serial?: string;
  readonly uuid?: string;
}

/** A laptop with two sticks mounted, as lsblk shows it. */
function laptop(first: Stick, second: Stick): Sources {
  const fields = { type: 'part', mountpoints: [], rm: false, hotplug: false, tran: null, ro: false };
  const system = { ...fields, name: 'nvme0n1', type: 'disk', tran: 'nvme' };
  const root = { ...fields, name: 'nvme0n1p2', fstype: 'ext4', mountpoints: ['/'] };
  const disk = { ...fields, type: 'disk', rm: true, hotplug: true, tran: 'usb' };
  const volume = (name: string, place: string) => ({
    ...fields,
    name,
    fstype: 'vfat',
    mountpoints: [`/media/user/${place}`],
  });
  const shown = [
    { ...system, children: [root] },
    { ...disk, name: 'sdb', children: [volume('sdb1', 'A')] },
    { ...disk, name: 'sdc', children: [volume('sdc1', 'B')] },
  ];
  const identity = (name: string, { serial = '', uuid = '' }: Stick) => ({
    name,
    uuid: null,
    serial,
    children: [{ name: `${name}1`, uuid, serial: null }],
  });
  const lsblk = (list: string, devices: unknown): Read => ({
    command: ['/usr/bin/lsblk', '-J', ...(list === columns ? ['-b'] : []), '-o', list],
    stdout: JSON.stringify({ blockdevices: devices }),
    stderr: '',
    exitCode: 0,
  });
  return replaySources({
    recording: 1,
    platform: 'linux',
    osVersion: '24.04',
    elevated: true,
    user: null,
    recordedAt: now.toISOString(),
    reads: [
      { file: '/proc/self/mountinfo', content: mounts.join('\n') },
      { file: '/proc/swaps', content: 'Filename Type Size Used Priority\n' },
      lsblk(columns, shown),
      lsblk('NAME,UUID,SERIAL', [identity('sdb', first), identity('sdc', second)]),
    ],
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'approvals-'));
  vi.stubEnv('MUSTER_STATE', folder);
  writeFileSync(join(folder, 'enrollment.json'), '{}');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** What the report would say, and what the watch notes. */
async function told(sources: Sources, waivers: readonly DeviceWaiver[] | undefined, listed: string[] = []) {
  const history = await openHistory(folder, now);
  const chosen =
    waivers === undefined ? { waivers: [], warning: 'damaged' } : { waivers, warning: undefined };
  const answer = await linux.approved(withApprovals(sources, history, chosen, folder), { media: listed });
  return 'value' in answer ? answer.value : answer;
}
async function noted(sources: Sources): Promise<readonly (string | undefined)[]> {
  const log = await MediaLog.open(folder);
  log.note((await lookAtMedia(sources)).media, now, new Set());
  const found = log.days().map(({ number }) => number);
  log.markReported(log.standing([], new Set()).change, now);
  log.close();
  return found;
}
const waiver = (medium: string, expiresAt = '2026-12-01T00:00:00Z'): DeviceWaiver => ({
  id: '0199f3c0-0000-7000-8000-0000000000aa',
  check: 'removable-media',
  point: 'approved',
  medium,
  reason: 'Photos for the brochure.',
  startsAt: '2026-11-01T00:00:00Z',
  expiresAt,
});

const kingston = { serial: 'KINGSTON-CANARY', uuid: '1234-ABCD' };
const sandisk = { serial: 'SANDISK-CANARY', uuid: '9876-FEDC' };

test('a waiver or the policy approves one of two sticks, until it ends', async () => {
  const sources = laptop(kingston, sandisk);
  expect(await told(sources, [])).toEqual({ unapproved: 2, unknown: 0, approved: [] });
  const numbers = (await noted(sources)).map((number) => number ?? '');
  expect(new Set(numbers).size).toBe(2);
  const [one = ''] = numbers;
  expect(await told(sources, [waiver(one)])).toEqual({ unapproved: 1, unknown: 0, approved: [one] });
  expect(await told(sources, [], [one])).toEqual({ unapproved: 1, unknown: 0, approved: [one] });
  expect(
    await told(
      sources,
      numbers.map((number) => waiver(number)),
    ),
  ).toEqual({
    unapproved: 0,
    unknown: 0,
    approved: numbers.toSorted(),
  });
  expect(await told(sources, [waiver(one, now.toISOString())]), 'ended').toMatchObject({ unapproved: 2 });
  const { medium: _, ...wholePoint } = waiver(one);
  expect(await told(sources, [wholePoint]), 'an excuse approves nothing').toMatchObject({ unapproved: 2 });
});

test('the same number means nothing on another laptop', async () => {
  const sources = laptop(kingston, sandisk);
  const [one = ''] = await noted(sources);
  for (const file of ['', '-wal', '-shm']) rmSync(join(folder, `media.db${file}`), { force: true });
  expect(await told(sources, [waiver(one)])).toMatchObject({ unapproved: 2, approved: [] });
});

test('nobody can tell without a policy, nor of a stick without a volume of its own', async () => {
  const sources = laptop(kingston, sandisk);
  expect(await told(sources, undefined)).toEqual({ unapproved: 0, unknown: 2, approved: [] });
  // Two cards in readers of the same make: the serial number is the reader's.
  const readers = laptop({ serial: 'READER' }, { serial: 'READER' });
  expect(await noted(readers)).toEqual([undefined, undefined]);
  expect(await told(readers, [waiver('m000000000000')])).toEqual({ unapproved: 0, unknown: 2, approved: [] });
});

test('an account that may not see what tells sticks apart leaves it to the service', async () => {
  vi.stubEnv('MUSTER_STATE', join(folder, 'own'));
  const history = await openHistory(join(folder, 'own'), now);
  const sources = withApprovals(
    laptop(kingston, sandisk),
    history,
    { waivers: [waiver('m000000000000')], warning: undefined },
    join(folder, 'own'),
  );
  await expect(linux.approved(sources, { media: [] })).rejects.toMatchObject({ reason: 'denied' });
});

test('a recording approves nothing', async () => {
  expect(await linux.approved(laptop(kingston, sandisk), { media: ['m000000000000'] })).toEqual({
    value: { unapproved: 0, unknown: 2, approved: [] },
  });
});

test('a Mac and a stick that was pulled: the volume’s UUID, or nothing', async () => {
  const info = (text: string): Read => ({
    command: ['/usr/sbin/diskutil', 'info', '-plist', 'disk4s1'],
    stdout: `<plist version="1.0"><dict>${text}</dict></plist>`,
    stderr: '',
    exitCode: 0,
  });
  const of = (...reads: Read[]) =>
    identityOf(
      replaySources({
        recording: 1,
        platform: 'darwin',
        osVersion: '15.5',
        elevated: true,
        user: null,
        recordedAt: now.toISOString(),
        reads,
      }),
      'disk4s1',
    );
  const uuid = 'C1E2F3A4-0000-4000-8000-000000000001';
  expect(await of(info(`<key>VolumeUUID</key>\n\t<string>${uuid}</string>`))).toEqual({
    id: uuid,
    identified: true,
  });
  const place = { id: 'place disk4s1', identified: false };
  expect(await of(info('<key>VolumeName</key><string>HOLIDAY</string>'))).toEqual(place);
  expect(await of()).toEqual(place);
});
