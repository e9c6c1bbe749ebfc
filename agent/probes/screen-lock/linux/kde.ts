import type { Origin } from '../../../../shared/answer.ts';
import { firstOf, SourceError, unparseable } from '../../../probe.ts';
import { answered } from '../../../readings/linux/answered.ts';
import { attempt } from '../../../readings/linux/attempt.ts';
import { parseIni } from '../../../readings/linux/configuration.ts';
import type { InSession } from '../../../readings/linux/sessions.ts';
import { cannotTell, type Lock, locksAfter, neverLocks } from './lock.ts';

/** A key as it stands; undefined = not set, and the default of kscreenlockersettings.kcfg holds. */
interface Setting {
  readonly text: string | undefined;
  readonly origin?: Origin;
}

/**
 * Plasma 5 and 6, group Daemon of kscreenlockerrc: locks after Timeout minutes (fractions since 6.3, default 5) when Autolock
 * is on, and lets LockGrace seconds (default 5) pass without a password. RequirePassword (6.1) off = never asks.
 */
export async function kdeLock(person: InSession): Promise<Lock> {
  const [autolock, timeout, grace, password, onResume] = await Promise.all(
    ['Autolock', 'Timeout', 'LockGrace', 'RequirePassword', 'LockOnResume'].map((key) =>
      attempt(readDaemonKey(person, key)),
    ),
  );
  if (
    autolock === undefined ||
    timeout === undefined ||
    grace === undefined ||
    password === undefined ||
    onResume === undefined
  )
    throw new Error('a Plasma key was not asked for');
  if ('value' in password && !isOn(password.value.text)) {
    return neverLocks('no-password', password.value.origin);
  }
  const graceSeconds = await attempt(number(grace, 5, 'LockGrace'));
  // -1 stands for a locker that never asks.
  if ('value' in graceSeconds && graceSeconds.value < 0) return neverLocks('no-password');
  if ('reason' in password) return cannotTell(password.reason);
  const lock = await daemonLock(autolock, timeout, graceSeconds);
  // Waking up without a password: the screen was dark and nobody asked.
  if ('value' in onResume && !isOn(onResume.value.text)) {
    return { ...lock, grace: neverLocks('no-password', onResume.value.origin).grace };
  }
  if ('reason' in onResume) return { ...lock, grace: cannotTell(onResume.reason).grace };
  return lock;
}

type Read = Awaited<ReturnType<typeof attempt<Setting>>>;

async function daemonLock(
  autolock: Read,
  timeout: Read,
  grace: Awaited<ReturnType<typeof attempt<number>>>,
): Promise<Lock> {
  const minutes = await attempt(number(timeout, 5, 'Timeout'));
  const graceAnswer =
    'value' in grace ? locksAfter(0, grace.value, 'saver').grace : cannotTell(grace.reason).grace;
  const never = {
    idle: neverLocks('switched-off', 'value' in autolock ? autolock.value.origin : undefined).idle,
    grace: graceAnswer,
  };
  if ('value' in autolock && !isOn(autolock.value.text)) return never;
  if ('value' in minutes && minutes.value <= 0) return never;
  if ('reason' in autolock) return { idle: cannotTell(autolock.reason).idle, grace: graceAnswer };
  if ('reason' in minutes) return { idle: cannotTell(minutes.reason).idle, grace: graceAnswer };
  if ('reason' in grace) return cannotTell(grace.reason);
  const origin = 'value' in timeout ? timeout.value.origin : undefined;
  return locksAfter(minutes.value * 60, grace.value, 'saver', { idle: origin });
}

/** Only these words are false; any other text is true, and no text is the default, which is true for all of them. */
function isOn(text: string | undefined): boolean {
  return text === undefined || !/^(false|off|no|0)$/i.test(text);
}

async function number(setting: Read, byDefault: number, key: string): Promise<number> {
  if ('reason' in setting) throw new SourceError(setting.reason, `kscreenlockerrc ${key}`);
  const { text } = setting.value;
  if (text === undefined) return byDefault;
  if (!/^-?\d{1,9}(\.\d{1,6})?$/.test(text)) throw unparseable(`kscreenlockerrc ${key}`);
  return Number(text);
}

function readDaemonKey(person: InSession, key: string): Promise<Setting> {
  return firstOf(
    () => readWithTool(person, 'kreadconfig6', key),
    () => readWithTool(person, 'kreadconfig5', key),
    () => readFromFiles(person, key),
  );
}

/** `kreadconfig6 --file kscreenlockerrc --group Daemon --key Timeout`: an empty line with exit code 0 = the key is absent. */
async function readWithTool(person: InSession, tool: string, key: string): Promise<Setting> {
  const { stdout } = await answered(person, [
    tool,
    '--file',
    'kscreenlockerrc',
    '--group',
    'Daemon',
    '--key',
    key,
  ]);
  if (stdout === '') throw unparseable(tool);
  const text = stdout.trim();
  return { text: text === '' ? undefined : text };
}

/** The files themselves, only where neither tool is installed: an administrator's `[$i]` beats the person's own choice. */
async function readFromFiles(person: InSession, key: string): Promise<Setting> {
  for (const tool of ['kreadconfig6', 'kreadconfig5']) {
    const asked = await attempt(readWithTool(person, tool, key));
    if ('reason' in asked && asked.reason !== 'missing') {
      throw new SourceError(asked.reason, tool);
    }
  }
  const [own, system] = await Promise.all([
    daemonGroup(person, `${person.home}/.config/kscreenlockerrc`),
    daemonGroup(person, '/etc/xdg/kscreenlockerrc'),
  ]);
  const held = system.get(key);
  if (held?.locked) return { text: held.value, origin: 'policy' };
  const chosen = own.get(key);
  if (chosen !== undefined) return { text: chosen.value, origin: 'user' };
  return { text: held?.value };
}

async function daemonGroup(person: InSession, path: string) {
  try {
    return parseIni(await person.file(path)).get('Daemon') ?? new Map<string, never>();
  } catch (error) {
    if (error instanceof SourceError && error.code === 'ENOENT') return new Map<string, never>();
    throw error;
  }
}
