import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { syncClientIds } from '../data/product-ids.ts';
import { nameOf, syncClientNames } from '../data/product-names.ts';
import { parameter } from '../parameter.ts';
import { Names } from '../value.ts';
import { list } from '../words.ts';

const SyncClient = z.enum(syncClientIds);

const Found = {
  clients: z.array(SyncClient).max(syncClientIds.length),
  /** A place where a client would show could not be read. */
  incomplete: z.boolean().default(false),
};

/** A policy may also list names that are none of ours: those are shown as they stand. */
const named = (clients: readonly string[]) =>
  list([...new Set(clients)].map((id) => nameOf(syncClientNames, id)));

/** `onedrive` on a list also stands for its kinds (`onedrive-business`). */
const isListed = (names: readonly string[], client: string) =>
  names.some((name) => client === name || client.startsWith(`${name}-`));

/** The list names one kind of it, and which kind this is was not told. */
const mayBeListed = (names: readonly string[], client: string) =>
  names.some((name) => name.startsWith(`${client}-`));

/** Do files leave for a cloud nobody agreed to? */
export const cloudSync = defineCheck({
  id: 'cloud-sync',
  title: 'Cloud storage',
  rationale: 'Files in a cloud nobody agreed to are out of the company’s hands.',
  blindSpots: 'Uploads by browser, clients that are not in the catalogue, and what lies in the folders.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.1' },
    { standard: 'iso-27001-2022', id: 'A.5.23' },
    { standard: 'iso-27001-2022', id: 'A.8.12' },
    { standard: 'cis-controls-8.1', id: '15.1' },
    { standard: 'cis-controls-8.1', id: '2.3' },
    { standard: 'nist-800-171-3', id: '03.01.20' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-04' },
    { standard: 'nist-800-171-3', id: '03.16.03' },
    { standard: 'nist-csf-2.0', id: 'GV.SC-04' },
  ],
  points: {
    approved: definePoint({
      title: 'Only approved clients',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'proposal',
      /** Clients that are set up or running for the person, not merely installed. */
      value: z.strictObject(Found),
      params: z.strictObject({
        approved: parameter(Names.default([]), {
          title: 'Approved clouds',
          stricter: 'fewer',
          hint: 'By product, such as onedrive or dropbox',
        }),
      }),
      expected: ({ approved }) => {
        const ids = approved.filter((id) => !id.startsWith('<'));
        return ids.length === 0 ? 'no sync client (none is approved)' : `only ${named(ids)}`;
      },
      judge({ clients, incomplete }, { approved }) {
        const foreign = clients.filter(
          (client) => !isListed(approved, client) && !mayBeListed(approved, client),
        );
        if (foreign.length > 0) return fail(`not approved: ${named(foreign)}`);
        const undecided = clients.filter((client) => !isListed(approved, client));
        if (undecided.length > 0)
          return cannotTell('missing', `${named(undecided)}: which kind of account could not be read`);
        if (incomplete) return cannotTell('missing', 'not every place where a client shows could be read');
        return pass(clients.length === 0 ? 'no sync client found' : named(clients));
      },
      remedies: {
        darwin: {
          text: 'Move what belongs to the company to an approved place, sign out of the client and remove it. iCloud Drive: System Settings > Apple Account > iCloud > Drive: off.',
          link: 'x-apple.systempreferences:com.apple.systempreferences.AppleIDSettings',
        },
        win32: {
          text: 'Move what belongs to the company to an approved place, unlink the account in the client’s settings and uninstall it.',
          link: 'ms-settings:appsfeatures',
        },
        linux: {
          text: 'Move what belongs to the company to an approved place, sign out of the client and remove it. GNOME: Settings > Online Accounts.',
        },
      },
      privilege: { darwin: 'full-disk-access', win32: 'session', linux: 'session' },
    }),
    'desktop-sync': definePoint({
      title: 'Desktop and Documents',
      mode: 'off',
      severity: 'medium',
      /** Clients that copy Desktop or Documents to their cloud. */
      value: z.strictObject(Found),
      params: z.strictObject({
        /** none: to no cloud but those in `approved`; company-tenant: also to a work account (OneDrive for Business). */
        allow: parameter(z.enum(['none', 'company-tenant']).default('none'), {
          title: 'Desktop and documents may go to',
          stricter: ['none', 'company-tenant'],
          values: {
            none: 'no cloud but the approved ones',
            'company-tenant': 'also a work account (OneDrive for Business)',
          },
        }),
        approved: parameter(Names.default([]), {
          title: 'Approved clouds',
          stricter: 'fewer',
          hint: 'By product, such as onedrive or dropbox',
        }),
      }),
      expected: ({ allow }) =>
        allow === 'none' ? 'stay on this machine, or in an approved cloud' : 'go to a work account only',
      judge({ clients, incomplete }, { allow, approved }) {
        const allowed = allow === 'company-tenant' ? [...approved, 'onedrive-business'] : approved;
        const foreign = clients.filter(
          (client) => !isListed(allowed, client) && !mayBeListed(allowed, client),
        );
        if (foreign.length > 0) return fail(`copied to ${named(foreign)}`);
        const undecided = clients.filter((client) => !isListed(allowed, client));
        if (undecided.length > 0)
          return cannotTell(
            'missing',
            `copied to ${named(undecided)}: which kind of account could not be read`,
          );
        if (incomplete) return cannotTell('missing', 'not every place where a client shows could be read');
        return pass(clients.length === 0 ? 'copied to no cloud' : `copied to ${named(clients)}`);
      },
      remedies: {
        darwin: {
          text: 'System Settings > Apple Account > iCloud > Drive: turn off "Desktop & Documents Folders".',
          link: 'x-apple.systempreferences:com.apple.systempreferences.AppleIDSettings',
        },
        win32: {
          text: 'OneDrive > Settings > Sync and backup > Manage backup: stop the backup of Desktop and Documents for the personal account.',
        },
        linux: { text: 'Take Desktop and Documents out of what the client syncs.' },
      },
      privilege: { darwin: 'session', win32: 'session', linux: 'session' },
    }),
  },
});
