import { known } from '../../../shared/answer.ts';
import { type PointProbes, unparseable } from '../../probe.ts';
import { requireSession } from '../../readings/darwin/person.ts';
import { administersSilently } from '../../readings/darwin/sudo-rules.ts';

/** The group of administrators. `id` counts groups within groups as well. */
const administrators = '80';

export const darwin: PointProbes<'admin-rights'> = {
  async 'not-admin'(sources) {
    requireSession(sources);
    const { stdout } = await sources.command(['/usr/bin/id', '-G', 'user']);
    if (!/^\d{1,10}(?: \d{1,10})*\n$/.test(stdout)) throw unparseable('id');
    return known({ administrator: stdout.trim().split(' ').includes(administrators) });
  },
  async elevation(sources) {
    requireSession(sources);
    return known({ asks: (await administersSilently(sources)) ? 'silent' : 'asks' });
  },
};
