import type { Origin } from '../../../../shared/answer.ts';
import type { Sources } from '../../../probe.ts';
import { attempt, firstReason, said } from '../../../readings/linux/attempt.ts';
import type { DesktopName } from '../../../readings/linux/desktop.ts';
import { isHeldByPolicy, readCount, readFlag } from '../../../readings/linux/gsettings.ts';
import { type InSession, isGdm, readNamedDisplayManager } from '../../../readings/linux/sessions.ts';
import { cannotTell, type Lock, locksAfter, neverLocks } from './lock.ts';

const session = 'org.gnome.desktop.session';
const screensaver = 'org.gnome.desktop.screensaver';

/**
 * GNOME 40 to 49: locks `idle-delay` + `lock-delay` seconds after the last input when `lock-enabled` is true, lockdown does not
 * forbid it and GDM is the display manager: gnome-shell asks GDM whether it can lock (loginManager.js, canLock) and has no screen
 * shield otherwise. `idle-activation-enabled` is not read by gnome-shell. Unity and Budgie lock with other display managers too. Budgie 10.10 and later, which
 * is Wayland only, reads none of these keys.
 */
export async function gnomeLock(sources: Sources, person: InSession, name: DesktopName): Promise<Lock> {
  const isBudgie = name.words.some((word) => word.startsWith('budgie'));
  if (isBudgie && person.type === 'wayland') return cannotTell('unsupported');
  const [enabled, forbidden, idleDelay, lockDelay, displayManager] = await Promise.all([
    attempt(readFlag(person, screensaver, 'lock-enabled')),
    attempt(readFlag(person, 'org.gnome.desktop.lockdown', 'disable-lock-screen')),
    attempt(readCount(person, session, 'idle-delay')),
    attempt(readCount(person, screensaver, 'lock-delay')),
    attempt(readNamedDisplayManager(sources)),
  ]);
  const [idleOrigin, enabledOrigin, delayOrigin] = await Promise.all([
    heldByPolicy(person, session, 'idle-delay'),
    heldByPolicy(person, screensaver, 'lock-enabled'),
    heldByPolicy(person, screensaver, 'lock-delay'),
  ]);
  const needsGdm = !isBudgie && !name.words.includes('unity');
  if (said(forbidden, true)) return neverLocks('forbidden');
  if (said(enabled, false)) return neverLocks('switched-off', enabledOrigin);
  if (needsGdm && 'value' in displayManager && !isGdm(displayManager.value)) {
    return neverLocks('display-manager');
  }
  const reason = firstReason(enabled, forbidden, ...(needsGdm ? [displayManager] : []));
  if (reason !== undefined) return cannotTell(reason);
  if (!('value' in lockDelay)) {
    const lock = cannotTell(lockDelay.reason);
    return said(idleDelay, 0) ? { ...lock, idle: locksAfter(0, 0, 'saver').idle } : lock;
  }
  if (!('value' in idleDelay)) {
    return { ...locksAfter(0, lockDelay.value, 'saver'), idle: cannotTell(idleDelay.reason).idle };
  }
  return locksAfter(idleDelay.value, lockDelay.value, 'saver', {
    idle: idleOrigin,
    grace: delayOrigin,
  });
}

async function heldByPolicy(person: InSession, schema: string, key: string): Promise<Origin | undefined> {
  return said(await attempt(isHeldByPolicy(person, schema, key)), true) ? 'policy' : undefined;
}
