import { addresses } from './addresses.ts';
import { Crumbs, Layout } from './components/layout.tsx';
import { NumberedPages } from './components/pages.tsx';
import { Toned } from './components/status.tsx';
import { Moment } from './components/time.tsx';
import type { OrganizationLink, Viewer } from './model.ts';

export interface DeliveryRow {
  readonly id: string;
  readonly createdAt: string;
  /** The name of an account or of a webhook; the pseudonym of somebody who is asked. */
  readonly to: string;
  readonly channel: 'email' | 'webhook' | 'person';
  readonly content: 'alert' | 'digest' | 'test' | 'statement' | 'reminder';
  readonly outcome: 'waiting' | 'sent' | 'failed' | 'dropped';
  readonly attempts: number;
  /** When it was done, or is tried next. */
  readonly at: string;
  /** Why it did not go, in words. */
  readonly problem: string;
}

export interface DeliveriesView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly deliveries: readonly DeliveryRow[];
  readonly page: number;
  readonly pages: number;
}

const outcomes = {
  waiting: ['attention', 'On its way'],
  sent: ['compliant', 'Sent'],
  failed: ['failing', 'Failed'],
  dropped: ['none', 'Not sent'],
} as const;
const contents = {
  alert: 'Alert',
  digest: 'Digest',
  test: 'Test',
  statement: 'Question',
  reminder: 'Reminder',
} as const;

/** Everything that was to be sent, and what became of it. */
export function DeliveriesPage({ viewer, organization, deliveries, page, pages }: DeliveriesView) {
  return (
    <Layout
      title={`Delivery log, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'alerts' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Alerts', address: addresses.alerts(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Delivery log</h1>
          <p class="facts">
            <span>What cannot be delivered is tried again for a day.</span>
          </p>
        </div>
      </div>
      <section class="card" aria-labelledby="log">
        <header>
          <h2 id="log">Deliveries</h2>
          <span class="muted small">newest first</span>
        </header>
        {deliveries.length === 0 ? (
          <p class="calm">
            Nothing was sent yet. On the page Alerts, ask for e-mails or add a webhook and send a test.
          </p>
        ) : (
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">To</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="number">
                  Attempts
                </th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => {
                const [tone, words] = outcomes[delivery.outcome];
                return (
                  <tr key={delivery.id}>
                    <td class="when whole">
                      <Moment at={delivery.createdAt} />
                    </td>
                    <td>
                      {contents[delivery.content]} by {delivery.channel === 'webhook' ? 'webhook' : 'e-mail'}
                    </td>
                    <td class="right">{delivery.to}</td>
                    <td class="whole">
                      <Toned tone={tone}>{words}</Toned>
                      {delivery.problem !== '' && <span class="under sentence">{delivery.problem}</span>}
                      {delivery.outcome === 'waiting' && (
                        <span class="under">
                          tried next <Moment at={delivery.at} />
                        </span>
                      )}
                    </td>
                    <td class="number" data-label="Attempts">
                      {delivery.attempts}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        <NumberedPages
          of="the delivery log"
          page={page}
          pages={pages}
          address={(page) => addresses.deliveries(organization.id, page)}
        />
      </section>
    </Layout>
  );
}
