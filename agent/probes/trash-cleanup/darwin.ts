import { known } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { requireSession } from '../../readings/darwin/person.ts';
import { readPropertyList, switchIn } from '../../readings/darwin/property-list.ts';

export const darwin: PointProbes<'trash-cleanup'> = {
  /** The Finder's "after 30 days"; macOS empties /tmp by itself. */
  async automatic(sources) {
    requireSession(sources);
    const list = await readPropertyList(sources, '/Users/user/Library/Preferences/com.apple.finder.plist');
    const on = list && switchIn(list, 'FXRemoveOldTrashItems');
    return on
      ? known({ parts: [{ part: 'trash', state: 'on', days: 30 }] }, 'user')
      : known({ parts: [{ part: 'trash', state: 'off' }] }, on === undefined ? 'default' : 'user');
  },
};
