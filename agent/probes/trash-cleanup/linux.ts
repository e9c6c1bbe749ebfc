import { known, unknown } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { readDesktop } from '../../readings/linux/desktop.ts';
import { readCount, readFlag } from '../../readings/linux/gsettings.ts';
import { readDesktopPeople } from '../../readings/linux/sessions.ts';

const schema = 'org.gnome.desktop.privacy';

export const linux: PointProbes<'trash-cleanup'> = {
  /** GNOME's housekeeping; on another desktop the same keys do nothing. */
  async automatic(sources) {
    const answer = await readDesktopPeople(sources);
    const person = answer.kind === 'people' ? answer.people[0] : undefined;
    if (person === undefined) return unknown('no-session');
    if ((await readDesktop(person))?.desktop !== 'gnome') return unknown('unsupported');
    const [trash, temporary, days] = await Promise.all([
      readFlag(person, schema, 'remove-old-trash-files'),
      readFlag(person, schema, 'remove-old-temp-files'),
      readCount(person, schema, 'old-files-age'),
    ]);
    return known({
      parts: [
        { part: 'trash', ...(trash ? { state: 'on', days } : { state: 'off' }) },
        { part: 'temporary', ...(temporary ? { state: 'on', days } : { state: 'off' }) },
      ],
    });
  },
};
