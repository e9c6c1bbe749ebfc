import { absentAsUndefined, firstOf, unparseable } from '../../../probe.ts';
import { answered } from '../../../readings/linux/answered.ts';
import type { InSession } from '../../../readings/linux/sessions.ts';
import {
  mergeXfconf,
  parseXfconfFile,
  parseXfconfQuery,
  type XfconfChannel,
} from '../../../readings/linux/xfconf.ts';
import { type Lock, locksAfter, neverLocks } from './lock.ts';
import type { LockerReader } from './lockers.ts';

/**
 * xfce4-screensaver 4.16 to 4.20: four switches that are on unless set, minutes until the saver (5 unless set) and from there to
 * the lock (0 unless set). Asked from xfconf, else read from its files.
 */
export const xfceScreensaver: LockerReader = async (_, person) =>
  xfceLock(
    await firstOf(
      () => readChannel(person),
      () => readChannelFiles(person),
    ),
  );

async function readChannel(person: InSession): Promise<XfconfChannel> {
  const { stdout } = await answered(person, ['xfconf-query', '-c', 'xfce4-screensaver', '-l', '-v']);
  return parseXfconfQuery(stdout);
}

async function readChannelFiles(person: InSession): Promise<XfconfChannel> {
  const path = 'xfce4/xfconf/xfce-perchannel-xml/xfce4-screensaver.xml';
  const [own, system] = await Promise.all(
    [`${person.home}/.config/${path}`, `/etc/xdg/${path}`].map(async (file) => {
      const text = await absentAsUndefined(person.file(file));
      return text === undefined ? new Map() : parseXfconfFile(text);
    }),
  );
  return mergeXfconf(own ?? new Map(), system ?? new Map());
}

/** Judges the channel's properties; throws SourceError for a value of another kind. */
export function xfceLock(channel: XfconfChannel): Lock {
  const origin = (path: string) =>
    channel.get(path) === undefined ? 'default' : channel.get(path)?.locked ? 'policy' : undefined;
  for (const path of [
    '/saver/enabled',
    '/saver/idle-activation/enabled',
    '/lock/enabled',
    '/lock/saver-activation/enabled',
  ]) {
    const value = channel.get(path)?.value ?? 'true';
    if (value === 'false') return neverLocks('switched-off', origin(path));
    if (value !== 'true') throw unparseable('xfce4-screensaver');
  }
  const minutes = (path: string, byDefault: number) => {
    const text = channel.get(path)?.value ?? String(byDefault);
    if (!/^\d{1,5}$/.test(text)) throw unparseable('xfce4-screensaver');
    return Number(text);
  };
  return locksAfter(
    minutes('/saver/idle-activation/delay', 5) * 60,
    minutes('/lock/saver-activation/delay', 0) * 60,
    'saver',
    { idle: origin('/saver/idle-activation/delay'), grace: origin('/lock/saver-activation/delay') },
  );
}
