import { known, unknown } from '../../../shared/answer.ts';
import { type PointProbes, type Sources, unparseable } from '../../probe.ts';
import { answered } from '../../readings/linux/answered.ts';
import { attempt } from '../../readings/linux/attempt.ts';
import { graphical, readLoginSessions } from '../../readings/linux/sessions.ts';
import { readSudoAsks } from '../../readings/linux/sudoers.ts';

/** Groups whose members become root. adm only reads logs. */
const administrators = new Set(['sudo', 'wheel', 'admin', 'root']);

export const linux: PointProbes<'admin-rights'> = {
  async 'not-admin'(sources) {
    if (sources.user === null) return unknown('no-session');
    const others = await attempt(otherPeople(sources));
    const names = 'value' in others && sources.elevated ? others.value : [];
    const groups = await Promise.all([
      answered(sources, ['id', '-Gn'], { as: 'user' }),
      ...names.map((name) => answered(sources, ['runuser', '-u', name, '--', 'id', '-Gn'])),
    ]);
    if (groups.some(({ stdout }) => isAdministrator(stdout))) return known({ administrator: true });
    // Somebody else may be signed in, and be an administrator.
    if ('reason' in others) return unknown(others.reason);
    if (others.value.length > 0 && !sources.elevated) return unknown('denied');
    return known({ administrator: false });
  },

  async elevation(sources) {
    return known({ asks: (await readSudoAsks(sources)) ? 'asks' : 'silent' });
  },
};

/** `id -Gn`: `user adm cdrom sudo`. Throws SourceError for nothing at all: everybody is in a group. */
export function isAdministrator(stdout: string): boolean {
  const groups = stdout.trim().split(/\s+/).filter(Boolean);
  if (groups.length === 0 || !groups.every((group) => /^[\p{L}\p{N}_][\p{L}\p{N}_.@\\+$-]*$/u.test(group))) {
    throw unparseable('id -Gn');
  }
  return groups.some((group) => administrators.has(group));
}

/**
 * Other people with a desktop besides the one at the screen; who only came by a text console to look after the machine does no daily
 * work there. Throws SourceError where logind says nothing.
 */
async function otherPeople(sources: Sources): Promise<string[]> {
  const people = graphical(await readLoginSessions(sources));
  const names = people.flatMap(({ uid, name }) => (uid === sources.user?.uid ? [] : [name]));
  return [...new Set(names)].filter((name) => name !== sources.user?.name && !name.startsWith('-'));
}
