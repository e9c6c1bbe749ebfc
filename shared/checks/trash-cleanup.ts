import { z } from 'zod';
import { defineCheck, definePoint } from '../check.ts';
import { parameter } from '../parameter.ts';
import { Days, judgeParts, Switch } from '../value.ts';
import { count } from '../words.ts';

const partWords = { trash: 'trash', temporary: 'temporary files' } as const;

/** Is what people throw away really gone after a while? */
export const trashCleanup = defineCheck({
  id: 'trash-cleanup',
  title: 'Trash',
  rationale: 'Deleted files that stay in the trash are not deleted.',
  blindSpots: 'What lies in other folders, and whether it could be recovered from the disk.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.10' },
    { standard: 'cis-controls-8.1', id: '3.4' },
    { standard: 'cis-controls-8.1', id: '3.5' },
    { standard: 'nist-800-171-3', id: '03.08.03' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-08' },
    { standard: 'nist-800-171-3', id: '03.14.08' },
  ],
  points: {
    automatic: definePoint({
      title: 'Cleared by itself',
      mode: 'off',
      severity: 'low',
      value: z.strictObject({
        /** `days` goes with `on`: after how many days it is cleared. */
        parts: z
          .array(
            z.strictObject({ part: z.enum(['trash', 'temporary']), state: Switch, days: Days.optional() }),
          )
          .min(1)
          .max(2),
      }),
      params: z.strictObject({
        maxDays: parameter(z.int().min(1).max(3_650).default(30), {
          title: 'Cleared within',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxDays }) => `cleared within ${count(maxDays, 'day')}`,
      judge: ({ parts }, { maxDays }) =>
        judgeParts(
          parts.map(({ part, state, days }) => {
            if (state === 'off') return { words: `${partWords[part]} never cleared`, state: 'bad' };
            if (state === 'unknown' || days === undefined)
              return { words: partWords[part], state: 'unknown' };
            return {
              words: `${partWords[part]} cleared after ${count(days, 'day')}`,
              state: days <= maxDays ? 'good' : 'bad',
            };
          }),
          { good: `cleared within ${count(maxDays, 'day')}`, bad: (bad) => bad },
        ),
      remedies: {
        darwin: {
          text: 'Finder > Settings > Advanced: tick "Remove items from the Trash after 30 days".',
          command: 'defaults write com.apple.finder FXRemoveOldTrashItems -bool true',
        },
        win32: (_machine, { maxDays }) => ({
          text: `Settings > System > Storage > Storage Sense: turn it on, and have files in the recycle bin deleted after at most ${count(maxDays, 'day')}.`,
          link: 'ms-settings:storagepolicies',
        }),
        linux: (machine, { maxDays }) =>
          machine.desktop === 'kde'
            ? { text: `Dolphin > Configure > Trash: delete files older than ${count(maxDays, 'day')}.` }
            : {
                text: 'GNOME: Settings > Privacy & Security > File History & Trash: delete trash content and temporary files automatically.',
                command: `gsettings set org.gnome.desktop.privacy old-files-age ${maxDays} && gsettings set org.gnome.desktop.privacy remove-old-trash-files true && gsettings set org.gnome.desktop.privacy remove-old-temp-files true`,
              },
      },
      privilege: { darwin: 'session', win32: 'session', linux: 'session' },
    }),
  },
});
