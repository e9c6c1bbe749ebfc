import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMachine } from '../../../../agent/readings/machine.ts';
import { runChecks } from '../../../../agent/runner.ts';
import { recordSources } from '../../../../agent/sources/record.ts';
import { type Recording, RecordingFile, replaySources } from '../../../../agent/sources/recording.ts';
import { scrubLinux } from '../../../../agent/sources/scrub/linux.ts';
import { judge } from '../../../../shared/judge.ts';
import { basePolicy } from '../../../../shared/policy.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/linux');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .toSorted();
const recordingOf = (name: string): Recording =>
  RecordingFile.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')));

async function verdicts(recording: Recording) {
  const sources = replaySources(recording);
  const facts = await runChecks(sources, basePolicy());
  const findings = judge(facts, basePolicy(), { now: sources.now, machine: await readMachine(sources) });
  return findings.flatMap(({ check, points }) =>
    points.map(({ point, status, observed }) => `${check}/${point}: ${status}, ${observed}`),
  );
}

async function scrubbed(recording: Recording): Promise<Recording> {
  const scrub = await scrubLinux(replaySources(recording));
  const reads = recording.reads.map((read) => scrub.read(read)).filter((read) => read !== undefined);
  const { user } = replaySources(recording);
  return RecordingFile.parse({ ...recording, user: user && scrub.person(user), reads });
}

describe('what is kept is enough', () => {
  test.each(files)('%s comes to the same, scrubbed', async (name) => {
    const recording = recordingOf(name);
    expect(await verdicts(await scrubbed(recording))).toEqual(await verdicts(recording));
  });

  test('a recording that was scrubbed is scrubbed to itself', async () => {
    for (const name of files.filter((file) => /(?:on|odd)\.json$/.test(file))) {
      const once = await scrubbed(recordingOf(name));
      expect(await scrubbed(once), name).toEqual(once);
    }
  });
});

/** Things no recording may hold. Each stands in the reads below where a real machine would have its like. */
const canaries = [
  'ada',
  'Lovelace',
  'hopper',
  'Canary',
  'canary',
  '4d5e6f70',
  '203.0.113.77',
  '2001:db8:77::77',
  'de:ad:be:ef',
  '1204',
];
const uuid = '4d5e6f70-1111-2222-3333-444455556666';
const junk = [
  'ada.lovelace',
  '# Ada Lovelace <ada@canary.example>',
  `uuid = ${uuid}`,
  'minlen = canary-secret',
  'password requisite pam_unix.so user=ada.lovelace minlen=canary',
  'auth required pam_canary.so',
  '[Canary Corp]',
  'User=ada.lovelace',
  'autologin-user=ada.lovelace',
  'Id=canary.service',
  'Name=ada.lovelace',
  'allow id 1234:5678 serial "canary" name "Canary Stick" with-interface 08:06:50',
  'install usb_storage /opt/canary/ada.sh',
  'deb [signed-by=/usr/share/keyrings/canary.gpg] https://ada:canary@canary.example/ stable main',
  'URIs: https://canary.example/',
  '-A INPUT -s 203.0.113.77/32 -i canary0 -m comment --comment "for Ada Lovelace" -j canary-chain',
  ':canary-chain - [0:0]',
  'canary-zone (default)',
  '  interfaces: canary0',
  '  rich rules: rule family="ipv4" source address="203.0.113.77" accept',
  'yes:CanaryNet:WPA2:(none):pair_ccmp',
  'LISTEN 0 128 203.0.113.77:631 *:*',
  'ada.lovelace ALL=(ALL) NOPASSWD: /opt/canary/run',
  '%canary-admins ALL=(ALL) NOPASSWD: ALL',
  'Defaults secure_path="/opt/canary/bin"',
  '12 /home/ada.lovelace/bin/canary --secret canary',
  "timeout 300 '/home/ada.lovelace/canary.sh'",
  'exec-once = canary',
  'canary-tool 1.2.3',
  'ii  canary-tool 1.2.3',
  'Inst canary-tool [1] (2 Canary:canary-security [amd64])',
  'canary/home\taes-256-gcm',
  '36 1 8:1 / /mnt/canary rw,user=ada - cifs //canary.example/ada rw,username=ada',
  '/canary/swap file 1 0 -2',
  'XDG_CURRENT_DESKTOP=Canary Corp Desktop',
  'timeout: canary',
  'ExecStart=-/sbin/agetty --autologin ada.lovelace %I',
  'machine ada.lovelace login canary',
  ...[
    'minlen',
    'deny',
    'Autolock',
    'ENCRYPT_METHOD',
    'ImplicitPolicyTarget',
    'AutomaticLoginEnable',
    'allow-guest',
  ].map((key) => `${key} = canary`),
  ...['Storage', 'gpgcheck', 'enabled', 'type', 'port', 'MinProtocol', 'apply_updates', 'RuleFile'].map(
    (key) => `${key}=canary`,
  ),
  'ClamAV 1.0/27000/canary day',
  'Unattended-Upgrade::Allowed-Origins:: "CanaryCorp:stable";',
  'APT::Periodic::Canary "1";'.replace('Canary', 'x'),
  "'canary'",
  'canary',
  '/usr/lib/systemd/system/canary.service',
  'canary:connected',
  "timeout 60 'swaylock --text Canary'",
  'on-timeout = hyprlock --immediate ada',
  '$canary = swaylock',
].join('\n');

const person = { uid: 1_204, name: 'ada.lovelace' };
const show = (id: string, uid: number, name: string) => ({
  command:
    `loginctl show-session ${id} -p Id -p User -p Name -p Type -p Class -p Active -p State -p Remote -p Seat -p Desktop`.split(
      ' ',
    ),
  stdout: `Id=${id}\nUser=${uid}\nName=${name}\nType=wayland\nClass=user\nActive=yes\nState=active\nRemote=no\nSeat=seat0\nDesktop=gnome\n`,
  stderr: '',
  exitCode: 0,
});
const out = (command: string, stdout: string) => ({
  command: command.split(' '),
  stdout,
  stderr: 'Canary-Laptop: ada.lovelace 203.0.113.77 No such file or directory /home/ada.lovelace\n',
  exitCode: 0,
});

/** A machine as its owner sees it: who is there, its disks, its rules, all under real names. */
const own = [
  out(
    'loginctl list-sessions --no-legend',
    '2 1204 ada.lovelace seat0 tty2\n5 1205 grace.hopper seat0 tty3\n',
  ),
  show('2', 1_204, 'ada.lovelace'),
  show('5', 1_205, 'grace.hopper'),
  out(
    'getent passwd',
    'root:x:0:0:root:/root:/bin/bash\ncanary-svc:x:998:998::/opt/canary:/bin/sh\nada.lovelace:x:1204:1204:Ada Lovelace,Canary Corp:/home/ada.lovelace:/bin/bash\ngrace.hopper:x:1205:1205:Grace:/home/grace.hopper:/bin/zsh\n',
  ),
  { file: '/etc/login.defs', content: 'UID_MIN 1000\nUID_MAX 60000\n' },
  {
    file: '/etc/shadow',
    content:
      'root:!:1:0:99999:7:::\nada.lovelace:$y$j9T$canary$canary:1:0:99999:7:::\ncanary-svc:$6$canary:1:0:99999:7:::\n',
  },
  {
    file: '/etc/sudoers',
    content:
      'root ALL=(ALL) ALL\nada.lovelace canary-host=(grace.hopper) NOPASSWD: ALL\n@include /etc/sudoers.canary\n@includedir /etc/sudoers.d\n',
  },
  { directory: '/etc/sudoers.d', entries: ['README', 'ada.lovelace', 'canary-corp'] },
  { file: '/etc/sudoers.d/canary-corp', content: '%canary ALL=(ALL) ALL\n' },
  out('runuser -u grace.hopper -- id -Gn', 'grace.hopper sudo canary-team\n'),
  out('runuser -u grace.hopper -- pgrep -a -x -u 1205 swayidle|sway', '9 canary /home/grace.hopper/x\n'),
  {
    file: '/home/grace.hopper/.config/swayidle/config',
    content: "timeout 300 'swaylock -i canary'\n",
  },
  out(
    'lsblk -J -b -o NAME,TYPE,FSTYPE,MOUNTPOINTS,RM,HOTPLUG,TRAN,RO',
    JSON.stringify({
      blockdevices: [
        {
          name: 'sda',
          type: 'disk',
          fstype: null,
          mountpoints: ['/media/ada.lovelace/Canary Stick', '/srv/canary'],
          label: 'Canary',
          serial: 'canary',
          children: [
            {
              name: `luks-${uuid}`,
              type: 'crypt',
              fstype: 'LVM2_member',
              mountpoints: [null],
              children: [{ name: 'canary-vg-ada', type: 'lvm', fstype: 'ext4', mountpoints: ['/'] }],
            },
          ],
        },
      ],
    }),
  ),
  {
    file: '/proc/self/mountinfo',
    content: `1 1 8:1 / / rw - ext4 /dev/mapper/canary-vg-ada rw\n2 1 8:2 / /media/ada.lovelace/Canary\\040Stick rw - vfat /dev/sda rw,iocharset=canary\n3 1 0:9 / /home/ada.lovelace rw - ecryptfs /home/.ecryptfs/ada.lovelace rw,ecryptfs_sig=${uuid}\n`,
  },
  out(
    `cryptsetup luksDump /dev/mapper/luks-${uuid}`,
    `UUID: ${uuid}\nLabel: canary\nKeyslots:\n  0: luks2\n\tSalt: de ad be ef\n`,
  ),
  out(
    'firewall-cmd --zone=canary-zone --list-all',
    'canary-zone\n  target: default\n  sources: 203.0.113.77\n  services: canary\n',
  ),
  out(
    'nft -j list ruleset',
    JSON.stringify({
      nftables: [
        { metainfo: { version: '1', release_name: 'Canary' } },
        { set: { family: 'inet', name: 'canary', table: 'canary', elem: ['203.0.113.77'] } },
        {
          chain: {
            family: 'inet',
            table: 'canary',
            name: 'canary-in',
            type: 'filter',
            hook: 'input',
            prio: 0,
            policy: 'drop',
            comment: 'Ada Lovelace',
          },
        },
        {
          rule: {
            family: 'inet',
            table: 'canary',
            chain: 'canary-in',
            comment: 'for ada',
            expr: [
              { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'canary0' } },
              {
                match: {
                  op: '==',
                  left: { payload: { protocol: 'ip6', field: 'saddr' } },
                  right: { set: ['2001:db8:77::77', '203.0.113.77'] },
                },
              },
              {
                match: {
                  op: '==',
                  left: { payload: { protocol: 'ether', field: 'saddr' } },
                  right: 'de:ad:be:ef:00:01',
                },
              },
              { log: { prefix: 'canary ada' } },
              { jump: { target: 'canary-jump' } },
            ],
          },
        },
      ],
    }),
  ),
  out(
    'ip -j route get 192.0.2.1',
    '[{"dst":"192.0.2.1","gateway":"203.0.113.77","dev":"canary0","prefsrc":"203.0.113.77","uid":1204}]',
  ),
  out(
    'mdatp health --output json',
    '{"healthy":true,"orgId":"canary-tenant","machineGuid":"canary","realTimeProtectionEnabled":{"value":true,"managedBy":"canary"}}',
  ),
  { directory: '/etc/apt/sources.list.d', entries: ['canary-corp.list'] },
  { directory: '/home/user/.ssh', entries: ['id_canary', 'key-plain'] },
  { directory: '/usr/share/xsessions', entries: ['canary.desktop'] },
  { directory: '/sys/class/ieee80211', entries: ['canary0'] },
];

test('no name, number or place of a real machine is kept, in whatever read it turns up', async () => {
  const seen = new Map<string, object>();
  for (const name of files) {
    for (const read of recordingOf(name).reads) {
      const {
        stdout: _,
        stderr: __,
        exitCode: ___,
        content: ____,
        contentBase64: _____,
        entries: ______,
        error: _______,
        ...key
      } = read as Record<string, unknown>;
      seen.set(JSON.stringify(key), key);
    }
  }
  const everywhere = [...seen.values()].map((key) =>
    'command' in key
      ? { ...key, stdout: junk, stderr: junk, exitCode: 0 }
      : 'file' in key
        ? { ...key, content: junk }
        : { ...key, entries: junk.split('\n') },
  );
  const laptop = RecordingFile.parse({
    recording: 1,
    platform: 'linux',
    osVersion: '13',
    elevated: true,
    user: person,
    recordedAt: '2026-11-18T08:00:00Z',
    reads: [...own, ...everywhere],
  });
  const scrub = await scrubLinux(replaySources(laptop));
  const kept = laptop.reads.flatMap((read) => scrub.read(read) ?? []);
  expect(kept.length, 'this test sees what is kept').toBeGreaterThan(100);
  const leaks = [...kept, scrub.person(person)].flatMap((read) => {
    const text = JSON.stringify(read);
    return canaries.filter((canary) => text.includes(canary)).map((canary) => `${canary} in ${text}`);
  });
  expect(leaks).toEqual([]);
  const facts = await runChecks(replaySources(laptop), basePolicy());
  for (const canary of canaries) expect(JSON.stringify(facts)).not.toContain(canary);
});

test('what a recorder writes goes through it', async () => {
  const laptop = RecordingFile.parse({
    recording: 1,
    platform: 'linux',
    osVersion: '13',
    elevated: true,
    user: person,
    recordedAt: '2026-11-18T08:00:00Z',
    reads: own,
  });
  const live = replaySources(laptop);
  const recorder = recordSources(live, await scrubLinux(live));
  await runChecks(recorder.sources, basePolicy());
  const { user, reads } = recorder.recording();
  expect(user).toEqual({ name: 'user', uid: 1_000 });
  expect(reads.length).toBeGreaterThan(5);
  for (const canary of canaries) expect(JSON.stringify(reads)).not.toContain(canary);
});
