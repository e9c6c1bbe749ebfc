import { severities } from '../../../shared/check.ts';
import { addresses } from '../addresses.ts';
import type { AlertsView } from '../alert-views.ts';
import { severityWords } from '../words.ts';
import { Icon } from './icon.tsx';

type FormView = Pick<
  AlertsView,
  'viewer' | 'organization' | 'mail' | 'subscription' | 'settings' | 'timeZones' | 'problem'
>;

/** What this person is sent. */
export function SubscriptionForm({ view }: { view: FormView }) {
  const { viewer, organization, mail, subscription } = view;
  const options = [
    ['none', 'No digest'],
    ['daily', 'Every day something happened'],
    ['weekly', 'Every Monday'],
  ] as const;
  return (
    <section class="card" aria-labelledby="e-mails">
      <header>
        <h2 id="e-mails">Your e-mails</h2>
      </header>
      <form class="body" method="post" action={addresses.alertSubscription(organization.id)}>
        <input type="hidden" name="csrf" value={viewer.csrf} />
        {!mail && (
          <p class="muted">
            No mail server is set, so nothing is sent. Where the collector runs, set <code>SMTP_URL</code>.
          </p>
        )}
        <label class="alert-choice">
          <input type="checkbox" name="immediate" value="yes" checked={subscription.immediate} />
          <span>Every alert at once</span>
        </label>
        <fieldset class="alert-choices">
          <legend>Digest</legend>
          {options.map(([value, words]) => (
            <label key={value} class="alert-choice">
              <input type="radio" name="digest" value={value} checked={subscription.digest === value} />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
        <p class="muted small">To your own address. E-mails hold pseudonyms and links, nobody’s name.</p>
        <div class="actions">
          <button type="submit" class="button quiet">
            Save
          </button>
        </div>
      </form>
    </section>
  );
}

/** What raises an alert in this organization, and when its digests go out. */
export function AlertSettingsForm({ view }: { view: FormView }) {
  const { viewer, organization, settings, timeZones, problem } = view;
  return (
    <section class="card" aria-labelledby="settings">
      <header>
        <h2 id="settings">For everybody here</h2>
      </header>
      <form class="body" method="post" action={addresses.alertSettings(organization.id)}>
        <input type="hidden" name="csrf" value={viewer.csrf} />
        {problem?.form === 'settings' && (
          <p class="notice" role="alert">
            <Icon name="failing" />
            <span>{problem.words}</span>
          </p>
        )}
        <div class="field">
          <label for="severity">Alert when a point fails that is at least</label>
          <select id="severity" name="severity">
            {severities.map((severity) => (
              <option key={severity} value={severity} selected={settings.minSeverity === severity}>
                {severityWords[severity]}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="zone">Time zone</label>
          <select id="zone" name="zone">
            {timeZones.map((zone) => (
              <option key={zone} value={zone} selected={settings.timeZone === zone}>
                {zone}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="hour">Digests go out at</label>
          <select id="hour" name="hour">
            {Array.from({ length: 24 }, (_, hour) => (
              <option key={hour} value={hour} selected={settings.digestHour === hour}>
                {String(hour).padStart(2, '0')}:00
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          <button type="submit" class="button quiet">
            Save
          </button>
        </div>
      </form>
    </section>
  );
}
