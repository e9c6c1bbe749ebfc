import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { backupProductIds } from '../data/product-ids.ts';
import { backupProductNames } from '../data/product-names.ts';
import { parameter } from '../parameter.ts';
import { onMac } from '../settings.ts';
import { agoWords, Hours, Names } from '../value.ts';
import { count } from '../words.ts';

const Product = z.enum(backupProductIds);

/** If this laptop is gone tomorrow, what is lost? */
export const backup = defineCheck({
  id: 'backup',
  title: 'Backup',
  rationale:
    'Laptops break, get lost and get encrypted by criminals; a recent copy elsewhere ends the story.',
  blindSpots:
    'Whether it can be restored, what is left out of it, and products that leave no trace on the machine.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.13' },
    { standard: 'iso-27001-2022', id: 'A.8.24' },
    { standard: 'cis-controls-8.1', id: '11.2' },
    { standard: 'cis-controls-8.1', id: '11.3' },
    { standard: 'nist-800-171-3', id: '03.08.09' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-11' },
    { standard: 'gdpr', id: '32(1)(c)' },
  ],
  points: {
    recent: definePoint({
      title: 'Recent',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      /** The newest finished backup of all products. A local snapshot or a sync client is not one. */
      value: z.strictObject({
        /** null = there is none. */
        ageHours: Hours.nullable(),
        /** Why there is none. */
        because: z.enum(['no-destination', 'never-finished', 'snapshots-only', 'sync-only']).optional(),
        product: Product.optional(),
      }),
      params: z.strictObject({
        maxAgeDays: parameter(z.int().min(1).max(365).default(7), {
          title: 'Oldest backup that counts',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxAgeDays }) => `a backup that is at most ${count(maxAgeDays, 'day')} old`,
      judge({ ageHours, because, product }, { maxAgeDays }) {
        if (ageHours === null) {
          const why = {
            'no-destination': 'no backup is set up',
            'never-finished': 'a backup is set up, but none has ever finished',
            'snapshots-only': 'only snapshots on this same machine, which are no backup',
            'sync-only': 'only a sync client, which is no backup',
          };
          return fail(because ? why[because] : 'there is no backup');
        }
        const by = product === undefined ? '' : ` (${backupProductNames[product]})`;
        const observed = `last finished ${agoWords(ageHours)}${by}`;
        return ageHours <= maxAgeDays * 24 ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Time Machine: add an encrypted backup disk and back up now.',
            link: 'com.apple.Time-Machine-Settings.extension',
          },
          'System Preferences > Time Machine: add an encrypted backup disk and back up now.',
        ),
        win32: {
          text: 'Connect the backup drive and run the backup your company uses; Control Panel > File History > Run now where that is it.',
          link: 'ms-settings:backup',
        },
        linux: {
          text: 'Open Backups (Deja Dup) or the backup program your company uses, choose a place off this machine, and back up now.',
        },
      },
      privilege: { darwin: 'full-disk-access', win32: 'session', linux: 'session' },
    }),
    encrypted: definePoint({
      title: 'Encrypted',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'cis',
      /** Of several targets the weakest. */
      value: z.strictObject({ encrypted: z.boolean() }),
      params: noParams,
      expected: () => 'the backup is encrypted',
      judge: ({ encrypted }) => (encrypted ? pass('encrypted') : fail('the backup is not encrypted')),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Time Machine: remove the disk, add it again and tick "Encrypt Backup".',
            link: 'com.apple.Time-Machine-Settings.extension',
          },
          'System Preferences > Time Machine: remove the disk, add it again and tick "Encrypt Backup".',
        ),
        win32: { text: 'Right-click the backup drive in the Explorer: Turn on BitLocker.' },
        linux: {
          text: 'Back up with a passphrase (Deja Dup: "Password-protect your backup"), or to a LUKS disk.',
        },
      },
      privilege: { darwin: 'full-disk-access', win32: 'root', linux: 'session' },
    }),
    'cloud-destination': definePoint({
      title: 'In an approved cloud',
      mode: 'off',
      severity: 'medium',
      value: z.strictObject({
        target: z.enum(['disk', 'share', 'cloud']),
        product: Product.optional(),
      }),
      params: z.strictObject({
        approved: parameter(Names.default([]), {
          title: 'Approved clouds',
          stricter: 'fewer',
          hint: 'By product, such as backblaze',
        }),
      }),
      expected: ({ approved }) =>
        approved.length === 0
          ? 'backs up to an approved cloud (none is approved yet)'
          : 'backs up to an approved cloud',
      judge({ target, product }, { approved }) {
        const by = product === undefined ? '' : ` (${backupProductNames[product]})`;
        if (target !== 'cloud')
          return fail(`backs up to ${target === 'disk' ? 'a disk' : 'a network share'}${by}`);
        return product !== undefined && approved.includes(product)
          ? pass(`backs up to an approved cloud${by}`)
          : fail(`backs up to a cloud that is not approved${by}`);
      },
      remedies: {
        darwin: { text: 'Use the cloud backup your company has approved. Ask your IT contractor.' },
        win32: { text: 'Use the cloud backup your company has approved. Ask your IT contractor.' },
        linux: { text: 'Use the cloud backup your company has approved. Ask your IT contractor.' },
      },
      privilege: { darwin: 'user', win32: 'session', linux: 'session' },
    }),
  },
});
