import { addresses } from '../addresses.ts';
import type { AlertsView, WebhookView } from '../alert-views.ts';
import { Icon } from './icon.tsx';

const formatWords = { plain: 'JSON', slack: 'Slack', teams: 'Microsoft Teams' } as const;

type Step = 'test' | 'pause' | 'resume' | 'remove';

function StepButton({
  view,
  hook,
  step,
  words,
}: {
  view: Pick<AlertsView, 'viewer' | 'organization'>;
  hook: WebhookView;
  step: Step;
  words: string;
}) {
  return (
    <form method="post" action={addresses.webhook(view.organization.id, hook.id, step)}>
      <input type="hidden" name="csrf" value={view.viewer.csrf} />
      <button type="submit" class="button plain">
        {words}
        <span class="hidden-visually"> {hook.name}</span>
      </button>
    </form>
  );
}

/** Where alerts go beside e-mail: programs and chats. */
export function Webhooks({
  view,
}: {
  view: Pick<AlertsView, 'viewer' | 'organization' | 'webhooks' | 'problem'>;
}) {
  const { viewer, organization, webhooks, problem } = view;
  return (
    <section class="card" aria-labelledby="webhooks">
      <header>
        <h2 id="webhooks">Webhooks</h2>
        <span class="muted small">every alert at once, signed</span>
      </header>
      {webhooks.length > 0 && (
        <table class="stacks webhooks">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Where to</th>
              <th scope="col">Key to verify the signature</th>
              <th scope="col">
                <span class="hidden-visually">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((hook) => (
              <tr key={hook.id}>
                <th scope="row" class="whole">
                  {hook.name}
                  {hook.paused && <span class="tag">Paused</span>}
                </th>
                <td class="whole">
                  {hook.host}
                  <span class="under">{formatWords[hook.format]}</span>
                </td>
                <td class="whole">
                  <details>
                    <summary>Show the key of {hook.name}</summary>
                    <code>{hook.key}</code>
                  </details>
                </td>
                <td class="whole">
                  <div class="actions">
                    <StepButton view={view} hook={hook} step="test" words="Send a test" />
                    {hook.paused ? (
                      <StepButton view={view} hook={hook} step="resume" words="Resume" />
                    ) : (
                      <StepButton view={view} hook={hook} step="pause" words="Pause" />
                    )}
                    <StepButton view={view} hook={hook} step="remove" words="Remove" />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form class="body webhook-form" method="post" action={addresses.webhooks(organization.id)}>
        <input type="hidden" name="csrf" value={viewer.csrf} />
        {problem?.form === 'webhook' && (
          <p class="notice" role="alert">
            <Icon name="failing" />
            <span>{problem.words}</span>
          </p>
        )}
        <div class="field">
          <label for="hook-name">Name</label>
          <input id="hook-name" name="name" type="text" maxLength={60} required autocomplete="off" />
        </div>
        <div class="field">
          <label for="hook-url">Address</label>
          <input
            id="hook-url"
            name="url"
            type="url"
            maxLength={1000}
            required
            autocomplete="off"
            placeholder="https://"
          />
        </div>
        <div class="field">
          <label for="hook-format">What it understands</label>
          <select id="hook-format" name="format">
            {Object.entries(formatWords).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          <button type="submit" class="button quiet">
            Add a webhook
          </button>
        </div>
      </form>
    </section>
  );
}
