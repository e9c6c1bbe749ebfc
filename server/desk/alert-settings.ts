import { isTimeZone } from '../alerts/local-time.ts';
import type { AlertSettings } from '../storage/alert-settings.ts';
import type { Actor } from '../storage/audit.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

/** Says what raises an alert, and when digests go out. Throws Refusal. */
export async function setAlerts(
  { alertSettings }: Pick<Stores, 'alertSettings'>,
  organization: number,
  settings: AlertSettings,
  actor: Actor,
  at: Date,
): Promise<void> {
  if (!isTimeZone(settings.timeZone)) {
    const words = 'That is no time zone; for example Europe/Berlin.';
    throw new Refusal(words, { timeZone: words });
  }
  await alertSettings.write(organization, settings, actor, at);
}
