import type { z } from 'zod';
import { type Answer, known, notApplicable, unknown } from '../../../shared/answer.ts';
import type { removableMedia } from '../../../shared/checks/removable-media.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { readApproval } from '../../readings/approval.ts';
import { type Attempt, attempt, said } from '../../readings/linux/attempt.ts';
import { readDesktop } from '../../readings/linux/desktop.ts';
import { readFlag } from '../../readings/linux/gsettings.ts';
import { readMedia } from '../../readings/linux/media.ts';
import { type InSession, readDesktopPeople } from '../../readings/linux/sessions.ts';
import { type Block, readDriverBlock, readUsbGuardBlock } from '../../readings/linux/usb-storage.ts';
import { isExposed } from '../../readings/medium.ts';

type Points = typeof removableMedia.points;
type Value<Name extends keyof Points> = z.input<Points[Name]['value']>;

export const linux = {
  /** Mounted for writing, on a stick, card or external disk, with no encryption on the way down to it. */
  async unencrypted(sources: Sources): Promise<Answer<Value<'unencrypted'>>> {
    const [media, days] = await Promise.all([readMedia(sources), sources.history?.exposedDays()]);
    const now = Math.min(media.filter(isExposed).length, 1_000);
    return known(days === undefined ? { now } : { now, days });
  },

  async approved(
    sources: Sources,
    { media }: { media: readonly string[] },
  ): Promise<Answer<Value<'approved'>>> {
    return readApproval(sources, { media: await readMedia(sources) }, media);
  },

  async 'write-policy'(sources: Sources): Promise<Answer<Value<'write-policy'>>> {
    const blocks: Attempt<Block>[] = await Promise.all([
      attempt(readDriverBlock(sources)),
      attempt(readUsbGuardBlock(sources)),
    ]);
    const answers = blocks.flatMap((block) => ('value' in block ? [block.value] : []));
    if (answers.some((block) => block.blocks)) return known({ enforced: 'deny' }, 'policy');
    for (const block of blocks) if ('reason' in block) return unknown(block.reason);
    return known({ enforced: 'any', ineffectiveSetting: answers.some((block) => block.ineffective) });
  },

  async autorun(sources: Sources): Promise<Answer<Value<'autorun'>>> {
    const desktop = await readDesktopPeople(sources);
    if (desktop.kind === 'no-desktop') return notApplicable('no-desktop');
    if (desktop.kind === 'nobody') return unknown('no-session');
    const people = await Promise.all(desktop.people.map((person) => attempt(opensMedia(person))));
    if (people.some((opens) => said(opens, true))) return known({ opens: true });
    for (const person of people) if ('reason' in person) return unknown(person.reason);
    if (desktop.hidden) return unknown('denied');
    return people.length === 0 ? unknown('no-session') : known({ opens: false });
  },
};

/** Whether something runs or opens for the person when media are inserted. Throws SourceError. */
async function opensMedia(person: InSession): Promise<boolean> {
  switch ((await readDesktop(person))?.desktop) {
    case 'gnome':
      return opensByKeys(person, 'org.gnome.desktop.media-handling');
    case 'cinnamon':
      return opensByKeys(person, 'org.cinnamon.desktop.media-handling');
    case 'kde':
      // Plasma mounts at most (kded_device_automounterrc); it runs nothing and opens nothing.
      return false;
    case undefined:
      throw new SourceError('missing', 'which desktop it is was not found');
    default:
      throw new SourceError('unsupported', 'this desktop is not read');
  }
}

/** Nothing runs with autorun-never on, or where nothing is mounted by itself, whatever automount-open says. */
async function opensByKeys(person: InSession, schema: string): Promise<boolean> {
  const [never, automount] = await Promise.all([
    attempt(readFlag(person, schema, 'autorun-never')),
    attempt(readFlag(person, schema, 'automount')),
  ]);
  if (said(never, true) || said(automount, false)) return false;
  for (const answer of [never, automount]) {
    if ('reason' in answer) throw new SourceError(answer.reason, `gsettings get ${schema}`);
  }
  return true;
}
