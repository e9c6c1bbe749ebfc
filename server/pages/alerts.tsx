import { addresses } from './addresses.ts';
import type { AlertRow, AlertsView } from './alert-views.ts';
import { AlertSettingsForm, SubscriptionForm } from './components/alert-forms.tsx';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { NumberedPages } from './components/pages.tsx';
import { Moment } from './components/time.tsx';
import { Webhooks } from './components/webhooks.tsx';

/** What happened that somebody wants to know of, and who is told how. */
export function AlertsPage(view: AlertsView) {
  const { viewer, organization, alerts } = view;
  const mayManage = viewer.may.includes('alerts.manage');
  return (
    <Layout
      title={`Alerts, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'alerts' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Alerts</h1>
          <p class="facts">
            <span>What happens at once for many laptops is told once.</span>
          </p>
        </div>
        {mayManage && (
          <a class="button quiet" href={addresses.deliveries(organization.id)}>
            Delivery log
          </a>
        )}
      </div>
      <div class="columns wide-left">
        <section class="card" aria-labelledby="recent">
          <header>
            <h2 id="recent">What happened</h2>
            {alerts.length > 0 && <span class="muted small">newest first</span>}
          </header>
          {alerts.length === 0 ? (
            <p class="calm">
              <Icon name="compliant" />
              Nothing yet. What starts to fail, falls silent or runs out from now on is listed here.
            </p>
          ) : (
            <ul class="alerts">
              {alerts.map((alert) => (
                <Alert key={alert.id} alert={alert} />
              ))}
            </ul>
          )}
          <NumberedPages
            of="alerts"
            page={view.page}
            pages={view.pages}
            address={(page) => addresses.alerts(organization.id, page)}
          />
        </section>
        <div class="stack">
          <SubscriptionForm view={view} />
          {mayManage && <AlertSettingsForm view={view} />}
        </div>
      </div>
      {mayManage && <Webhooks view={view} />}
    </Layout>
  );
}

function Alert({ alert }: { alert: AlertRow }) {
  const [first, ...others] = alert.lines;
  return (
    <li>
      <p class="alert-title">
        {others.length === 0 && first !== undefined ? <a href={first.path}>{first.text}</a> : alert.title}
      </p>
      <p class="muted small">
        {alert.kind} · <Moment at={alert.at} />
        {alert.gathering && ' · more of the same may still join it'}
      </p>
      {others.length > 0 && (
        <details>
          <summary>Which</summary>
          <ul>
            {alert.lines.map(({ text, path }) => (
              <li key={text}>
                <a href={path}>{text}</a>
              </li>
            ))}
            {alert.more > 0 && <li class="muted">and {alert.more} more</li>}
          </ul>
        </details>
      )}
    </li>
  );
}
