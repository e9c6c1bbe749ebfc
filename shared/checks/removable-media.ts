import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass, type Remedy } from '../check.ts';
import { MediumId } from '../medium.ts';
import { parameter } from '../parameter.ts';
import { isWindows10 } from '../settings.ts';
import { count, list } from '../words.ts';

/** From laxest to strictest. */
const levels = ['any', 'encrypted-only', 'read-only', 'deny'] as const;
const Level = z.enum(levels);
const levelWords = {
  any: 'any stick or card can be written to',
  'encrypted-only': 'only encrypted media can be written to',
  'read-only': 'removable media are read-only',
  deny: 'removable media are blocked',
} as const;

const media = (number: number, what: string) => count(number, `${what} medium`, `${what} media`);

/** The day on which an approval ends; at midnight it has ended with the day before. */
const lastDay = (until: string) => new Date(Date.parse(until) - 1).toISOString().slice(0, 10);

const askForApproval: Remedy = {
  text: 'Eject it, or ask for its approval: this command prints the number that stands for it on this computer. Then: agent --request-waiver removable-media/approved/NUMBER --reason "..."',
  command: 'agent --note-media --verbose',
};

/** Can data leave on a stick nobody can protect, and can a stick bring something in? */
export const removableMedia = defineCheck({
  id: 'removable-media',
  title: 'Removable media',
  rationale: 'Sticks and cards get lost, and what was on them is then anybody’s.',
  blindSpots:
    'Media that came and went while the agent was not running, phones and cameras that are no disk, one medium made to look like another, and what was copied.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.8' },
    { standard: 'iso-27001-2022', id: 'A.7.10' },
    { standard: 'iso-27001-2022', id: 'A.8.7' },
    { standard: 'iso-27001-2022', id: 'A.8.24' },
    { standard: 'cis-controls-8.1', id: '3.9' },
    { standard: 'cis-controls-8.1', id: '10.3' },
    { standard: 'nist-800-171-3', id: '03.08.05' },
    { standard: 'nist-800-171-3', id: '03.08.07' },
    { standard: 'nist-800-171-3', id: '03.13.08' },
    { standard: 'nist-800-171-3', id: '03.14.02' },
    { standard: 'nist-800-53-5', id: 'MP-7' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-01' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-01' },
  ],
  points: {
    unencrypted: definePoint({
      title: 'No unencrypted media in use',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({
        /** Unencrypted, writable removable volumes mounted now. */
        now: z.int().min(0).max(1_000),
        /** Days since the last report on which one was mounted; absent when nobody kept watch. */
        days: z.int().min(0).max(1_000).optional(),
      }),
      params: z.strictObject({
        max: parameter(z.int().min(0).max(100).default(0), {
          title: 'Unencrypted volumes allowed',
          stricter: 'lower',
        }),
      }),
      expected: ({ max }) => (max === 0 ? 'none' : `at most ${max}`),
      judge({ now, days = 0 }, { max }) {
        if (now > max) return fail(`${count(now, 'unencrypted volume')} mounted now`);
        if (days > 0 && max === 0)
          return fail(`an unencrypted volume was mounted on ${count(days, 'day')} since the last report`);
        return pass(now === 0 ? 'none mounted' : `${count(now, 'unencrypted volume')} mounted now`);
      },
      remedies: {
        darwin: {
          text: 'Copy what you need to an approved place and eject the volume; encrypt it in Disk Utility before you use it again.',
        },
        win32: {
          text: 'Copy what you need to an approved place and eject the drive; right-click it and choose "Turn on BitLocker" before you use it again.',
        },
        linux: {
          text: 'Copy what you need to an approved place and eject the volume; format it with LUKS (Disks > Format > LUKS) before you use it again.',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    approved: definePoint({
      title: 'Only approved media in use',
      mode: 'off',
      severity: 'medium',
      value: z.strictObject({
        /** Removable volumes mounted now that nobody approved. */
        unapproved: z.int().min(0).max(1_000),
        /** Volumes mounted now or since the last report of which it could not be told. */
        unknown: z.int().min(0).max(1_000),
        /** Those mounted now that are approved, by the numbers the organization approved them under. */
        approved: z.array(MediumId).max(50),
        /** Days since the last report on which an unapproved one was mounted; absent when nobody kept watch. */
        days: z.int().min(0).max(1_000).optional(),
      }),
      params: z.strictObject({
        media: parameter(z.array(MediumId).max(200).default([]), {
          title: 'Approved media',
          stricter: 'fewer',
          hint: 'The numbers that agent --note-media --verbose prints; each is of one medium on one laptop. A waiver approves one until a day.',
        }),
      }),
      expected: () => 'only media that the organization approved',
      judge({ unapproved, unknown, approved, days = 0 }, { media: listed }, { approvedMedia = [] }) {
        const standing = approved.map((id) => ({
          id,
          listed: listed.includes(id),
          until: approvedMedia.find((medium) => medium.id === id)?.until,
        }));
        // Approved when it was seen, and not any more: judged as one that never was.
        const lapsed = standing.filter((medium) => !medium.listed && medium.until === undefined);
        const without = unapproved + lapsed.length;
        if (without > 0) return fail(`${media(without, 'unapproved')} mounted now`);
        if (days > 0)
          return fail(`an unapproved medium was mounted on ${count(days, 'day')} since the last report`);
        if (unknown > 0)
          return cannotTell('missing', `${media(unknown, 'removable')} of which it could not be told`);
        if (standing.length === 0) return pass('none mounted');
        const words = standing.map(({ id, until }) =>
          until === undefined
            ? `${id} approved by the policy`
            : `${id} approved until ${lastDay(until)} by waiver`,
        );
        return pass(`${media(standing.length, 'approved')} mounted now: ${list(words)}`);
      },
      remedies: { darwin: askForApproval, win32: askForApproval, linux: askForApproval },
      // What tells one medium from another is kept by the account the service runs as.
      privilege: { darwin: 'root', win32: 'root', linux: 'root' },
    }),
    'write-policy': definePoint({
      title: 'What the system allows',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'proposal',
      value: z.strictObject({
        enforced: Level,
        /** A setting is there that has no effect where it stands. */
        ineffectiveSetting: z.boolean().default(false),
      }),
      params: z.strictObject({
        allow: parameter(Level.default('encrypted-only'), {
          title: 'Removable media',
          stricter: ['deny', 'read-only', 'encrypted-only', 'any'],
          values: levelWords,
        }),
      }),
      expected: ({ allow }) => `${levelWords[allow]}, or stricter`,
      judge({ enforced, ineffectiveSetting }, { allow }) {
        const observed = `${levelWords[enforced]}${ineffectiveSetting ? ' (a setting was made where it has no effect)' : ''}`;
        return levels.indexOf(enforced) >= levels.indexOf(allow) ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: {
          text: 'Only device management can restrict external storage on a Mac: ask your IT contractor.',
        },
        win32: {
          text: 'Group Policy > Computer Configuration > Administrative Templates > Windows Components > BitLocker Drive Encryption > Removable Data Drives: deny write access to drives not protected by BitLocker. Or in an administrator terminal:',
          command:
            'reg add "HKLM\\SYSTEM\\CurrentControlSet\\Policies\\Microsoft\\FVE" /v RDVDenyWriteAccess /t REG_DWORD /d 1 /f',
        },
        linux: {
          text: 'Your IT contractor can block USB storage altogether, as below, or allow single devices with USBGuard (blocking by default, with rules for what you need):',
          command: 'echo "install usb-storage /bin/false" | sudo tee /etc/modprobe.d/usb-storage.conf',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'root' },
    }),
    autorun: definePoint({
      title: 'Nothing opens by itself',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'ce',
      value: z.strictObject({ opens: z.boolean() }),
      params: noParams,
      expected: () => 'nothing runs or opens when media is inserted',
      judge: ({ opens }) =>
        opens
          ? fail('media may run or open something when inserted')
          : pass('nothing runs or opens by itself'),
      remedies: {
        win32: (machine) => ({
          text: `Settings > ${isWindows10(machine) ? 'Devices' : 'Bluetooth & devices'} > AutoPlay: off.`,
          link: 'ms-settings:autoplay',
        }),
        linux: (machine) => {
          const schema = { cinnamon: 'org.cinnamon.desktop.media-handling', mate: 'org.mate.media-handling' };
          const name =
            machine.desktop === 'cinnamon' || machine.desktop === 'mate'
              ? schema[machine.desktop]
              : undefined;
          return {
            text: 'Never start anything from media:',
            command: `gsettings set ${name ?? 'org.gnome.desktop.media-handling'} autorun-never true`,
          };
        },
      },
      privilege: { darwin: 'user', win32: 'session', linux: 'session' },
    }),
  },
});
